package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// SessionID names one sign-in: "ses_…". It opens nothing by itself; the
// browser's token does.
type SessionID string

// Session is a user signed in on one browser.
type Session struct {
	ID        SessionID
	Agent     string // browser and system, in words
	Address   string // masked
	CreatedAt time.Time
	SeenAt    time.Time // rounded to seenEvery
}

// Device is where somebody signs in: what a list of sessions shows of it.
type Device struct {
	Agent   string // browser and system, in words
	Address string // masked
	By      Factor
}

// Factor is by what somebody signed in.
type Factor string

// The factors.
const (
	ByPassword     Factor = "a password"
	ByCode         Factor = "a password and a code"
	ByRecoveryCode Factor = "a password and a recovery code"
	ByPasskey      Factor = "a passkey"
	ByJoining      Factor = "a new account"
)

// signedInWords say it in the audit log.
var signedInWords = map[Factor]string{
	ByPassword: i18n.Mark("Signed in with a password"), ByCode: i18n.Mark("Signed in with a password and a code"),
	ByRecoveryCode: i18n.Mark("Signed in with a password and a recovery code"),
	ByPasskey:      i18n.Mark("Signed in with a passkey"), ByJoining: i18n.Mark("Signed in with a new account"),
}

// seenEvery spares a write on most requests.
const seenEvery = 5 * time.Minute

// Open begins a session of a user who has proved to be one. The user is as
// they were when proving it: if what signs them in has changed since, the
// answer is an Unauthenticated fault.
func (a *Accounts) Open(ctx context.Context, u User, at Device) (id SessionID, err error) {
	now := db.At(a.db.Clock().Wall())
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		// The write locks the user: a change of the password comes before or after.
		n, err := tx.Exec(ctx, `UPDATE users SET signed_in_at = $3 WHERE id = $1 AND epoch = $2`, u.ID, u.Epoch, now)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Unauthenticated, "Your password or your second step was changed just now. Sign in again.")
		}
		fresh, err := tx.NewID("ses")
		if err != nil {
			return err
		}
		id = SessionID(fresh)
		_, err = tx.Exec(ctx, `INSERT INTO sign_ins (id, user_id, agent, address, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)`,
			id, u.ID, at.Agent, at.Address, now)
		if err != nil {
			return err
		}
		r, err := userByID(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		return a.happened(ctx, tx, Event{User: r.user(), What: signedInWords[at.By]})
	})
	return id, err
}

// SignedIn returns whose session this is, or an Unauthenticated fault once it
// has ended: by signing out, from another session, by a change of the password,
// or because its time is over.
func (a *Accounts) SignedIn(ctx context.Context, id SessionID) (UserID, error) {
	now := a.db.Clock().Wall()
	var r struct {
		UserID UserID  `db:"user_id"`
		SeenAt db.Time `db:"seen_at"`
	}
	err := a.db.Get(ctx, &r, `SELECT s.user_id, s.seen_at FROM sign_ins s WHERE `+lasting, lastingAt(id, now)...)
	if errors.Is(err, db.ErrNoRows) {
		return "", signInFirst()
	}
	if err != nil {
		return "", err
	}
	return r.UserID, a.seen(ctx, id, r.SeenAt, now)
}

// Present is somebody who is signed in, and where they may work.
type Present struct {
	User
	Memberships []Membership // by the names of the businesses
}

// In is the user as member of a business, or a NotFound fault where they are none.
func (p Present) In(businessID business.ID) (Member, error) {
	for _, m := range p.Memberships {
		if m.BusinessID == businessID {
			return Member{User: p.User, BusinessID: businessID, Role: m.Role}, nil
		}
	}
	return Member{}, noMember()
}

// Present is SignedIn, with what the user is and where they may work, asked at once: every
// page of the dashboard begins with it.
func (a *Accounts) Present(ctx context.Context, id SessionID) (Present, error) {
	now := a.db.Clock().Wall()
	var rows []struct {
		userRow
		SeenAt     db.Time     `db:"seen_at"`
		BusinessID business.ID `db:"business_id"` // "" in the only row of whoever is nowhere a member
		Handle     string      `db:"handle"`
		Business   string      `db:"business_name"`
		Role       Role        `db:"role"`
	}
	err := a.db.Select(ctx, &rows, `
		SELECT `+userColumns+`, s.seen_at, COALESCE(b.id, '') AS business_id, COALESCE(b.handle, '') AS handle, COALESCE(b.name, '') AS business_name, COALESCE(m.role, '') AS role
		FROM sign_ins s JOIN users u ON u.id = s.user_id
		LEFT JOIN members m ON m.user_id = u.id LEFT JOIN businesses b ON b.id = m.business_id
		WHERE `+lasting+`
		ORDER BY lower(b.name), b.id`, lastingAt(id, now)...)
	if err != nil {
		return Present{}, err
	}
	if len(rows) == 0 {
		return Present{}, signInFirst()
	}
	p := Present{User: rows[0].user()}
	for _, r := range rows {
		if r.BusinessID != "" {
			p.Memberships = append(p.Memberships, Membership{BusinessID: r.BusinessID, Handle: r.Handle, Name: r.Business, Role: r.Role})
		}
	}
	return p, a.seen(ctx, id, rows[0].SeenAt, now)
}

// lasting is true for the session $1 of sign_ins as s while it has not ended; lastingAt are
// the arguments.
const lasting = `s.id = $1 AND s.seen_at > $2 AND s.created_at > $3`

func lastingAt(id SessionID, now time.Time) []any {
	return []any{id, db.At(now.Add(-sessionIdle - seenEvery)), db.At(now.Add(-sessionLife))}
}

func signInFirst() error { return fault.New(fault.Unauthenticated, "Sign in first.") }

// seen notes that a session is in use, where that was last noted a while ago.
func (a *Accounts) seen(ctx context.Context, id SessionID, last db.Time, now time.Time) error {
	if now.Sub(last.Time) < seenEvery {
		return nil
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, db.At(now))
		return err
	})
}

// Sessions returns where a user is signed in, the last used first.
func (a *Accounts) Sessions(ctx context.Context, userID UserID) ([]Session, error) {
	now := a.db.Clock().Wall()
	var rows []struct {
		ID        SessionID `db:"id"`
		Agent     string    `db:"agent"`
		Address   string    `db:"address"`
		CreatedAt db.Time   `db:"created_at"`
		SeenAt    db.Time   `db:"seen_at"`
	}
	err := a.db.Select(ctx, &rows, `SELECT id, agent, address, created_at, seen_at FROM sign_ins
		WHERE user_id = $1 AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC, id DESC`,
		userID, db.At(now.Add(-sessionIdle-seenEvery)), db.At(now.Add(-sessionLife)))
	var list []Session
	for _, r := range rows {
		list = append(list, Session{ID: r.ID, Agent: r.Agent, Address: r.Address, CreatedAt: r.CreatedAt.Time, SeenAt: r.SeenAt.Time})
	}
	return list, err
}

// EndSession signs the user out of one session. One that has ended already, or
// is somebody else's, is left as it is.
func (a *Accounts) EndSession(ctx context.Context, userID UserID, id SessionID) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1 AND id = $2`, userID, id)
		return err
	})
}

// EndOtherSessions signs the user out everywhere but in the session keep, and
// returns of how many.
func (a *Accounts) EndOtherSessions(ctx context.Context, userID UserID, keep SessionID) (n int64, err error) {
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2`, userID, keep)
		return err
	})
	return n, err
}
