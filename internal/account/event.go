package account

import (
	"context"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/i18n"
)

// Origin is where a request or a command comes from, for the audit log.
type Origin struct {
	Address     string // masked; "" for none
	CommandLine bool   // an operator's command, not a member
}

type originKey struct{}

// WithOrigin returns a context that tells where what is done with it comes from.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

func originOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// Event is something that happened to an account: a sign-in, or a change of how
// somebody signs in.
type Event struct {
	User    User
	Change  Change // what was changed, "" for nothing
	What    string // in words, without anybody's name: "Signed in with a passkey"
	Refused bool   // by whoever it was
	// Former is the address that the user had before, "" without a change.
	Former string
	At     time.Time
	Origin Origin
}

// Change is a change of how somebody signs in, of which a mail tells them.
type Change string

// The changes.
const (
	PasswordChanged Change = "password"
	AddressChanged  Change = "address"
	TwoStepOn       Change = "two_step_on"
	TwoStepOff      Change = "two_step_off"
	CodesReplaced   Change = "codes"
	PasskeyAdded    Change = "passkey_added"
	PasskeyRemoved  Change = "passkey_removed"
)

// changeWords say it in the audit log.
var changeWords = map[Change]string{
	PasswordChanged: i18n.Mark("Changed their password"), AddressChanged: i18n.Mark("Changed their e-mail address"), TwoStepOn: i18n.Mark("Turned the second step on"),
	TwoStepOff: i18n.Mark("Turned the second step off"), CodesReplaced: i18n.Mark("Made new recovery codes"), PasskeyAdded: i18n.Mark("Added a passkey"), PasskeyRemoved: i18n.Mark("Removed a passkey"),
}

// Tries that are refused, without the name of whose account it is.
const (
	triedPassword          = "Gave a wrong password"
	triedPasswordInSession = "Gave a wrong password in an open session"
	triedCode              = "Gave the password and a wrong code"
)

// refusedWords say it in the audit log.
var refusedWords = map[string]audit.Sentence{
	triedPassword: audit.WrongPassword, triedPasswordInSession: audit.WrongPasswordInSession, triedCode: audit.WrongCode,
}

// OnEvent hears of what happens to accounts, in the transaction that does it.
func (a *Accounts) OnEvent(f func(ctx context.Context, tx *db.Tx, e Event) error) {
	a.listeners = append(a.listeners, f)
}

// changed notes a change of how the user signs in.
func (a *Accounts) changed(ctx context.Context, tx *db.Tx, userID UserID, c Change) error {
	r, err := userByID(ctx, tx, userID)
	if err != nil {
		return err
	}
	return a.happened(ctx, tx, Event{User: r.user(), Change: c, What: changeWords[c]})
}

// happened notes an event in the audit log of every business that the user is a
// member of, and tells who listens.
func (a *Accounts) happened(ctx context.Context, tx *db.Tx, e Event) error {
	e.At, e.Origin = a.db.Clock().Wall(), originOf(ctx)
	entry := audit.Entry{Actor: string(e.User.ID), Name: e.User.Name, What: e.What, Object: string(e.User.ID), Address: e.Origin.Address}
	switch {
	case e.Origin.CommandLine:
		entry.Actor, entry.Name, entry.What = audit.CommandLine, audit.CommandLineName, e.What+": "+e.User.Name
	case e.Refused:
		entry.Actor, entry.Name, entry.What = "", audit.Somebody, refusedWords[e.What].Of(e.User.Name)
	}
	var of []business.ID
	if err := tx.Select(ctx, &of, `SELECT business_id FROM members WHERE user_id = $1 ORDER BY business_id`, e.User.ID); err != nil {
		return err
	}
	for _, id := range of {
		if err := a.log.Record(ctx, tx, id, entry); err != nil {
			return err
		}
	}
	for _, f := range a.listeners {
		if err := f(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// refusedRecorded is how many refused tries at an account are recorded in an hour: the
// audit log is to be read, and nobody shall fill it.
const refusedRecorded = 20

// refused notes that a try at the account with the address failed. For an address
// that nobody has it costs as much, so that time tells nothing.
func (a *Accounts) refused(ctx context.Context, folded, what string) error {
	ctx = audit.Aside(ctx) // what was asked for isn't done
	// Whatever limits are off, the log stays short.
	_, few, err := NewThrottle(a.db, true).Allow(ctx, accountBuckets(folded)+"noted", refusedRecorded, time.Hour)
	if err != nil || !few {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		var e Event
		r, err := userByEmail(ctx, tx, folded)
		if err == nil {
			e = Event{User: r.user(), What: what, Refused: true}
			return a.happened(ctx, tx, e)
		}
		_, err = tx.Exec(ctx, `UPDATE throttles SET open_at = open_at WHERE bucket = $1`, accountBuckets(folded)+"noted")
		return err
	})
}
