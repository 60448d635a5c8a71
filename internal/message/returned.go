package message

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/mailaddr"
)

// What comes back of a mail goes to its envelope sender. Where a business says so each
// mail has its own (VERP): bounces+01j9zq…-mac@example.com, the mail's id with a
// signature, so that nobody can make one up. The part before the @ may have 64
// characters (RFC 5321, 4.5.3.1.1).
const (
	idLength      = 26
	macLength     = 16
	maxReturnName = 64 - len("+") - idLength - len("-") - macLength
)

var returnCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// checkReturn says what is wrong with an address that signed ones are made of.
func checkReturn(address string, wrong *fault.Fields) {
	name, _, _ := strings.Cut(address, "@")
	if address != "" && (len(name) > maxReturnName || strings.ContainsAny(name, "+-")) {
		wrong.Add("return_address", "", "Use an address whose part before the @ has at most 20 characters and neither + nor -, like bounces@example.com.")
	}
}

// returnTo is the sender of a mail's envelope; "" for the usual one.
func (m *Messages) returnTo(base string, id ID) string {
	name, domain, found := strings.Cut(base, "@")
	if !found {
		return ""
	}
	key := mailKey(id)
	return name + "+" + key + "-" + m.returnMAC(key) + "@" + domain
}

// mailKey is a mail's id within an address, which servers may write in either case.
func mailKey(id ID) string { return strings.ToLower(strings.TrimPrefix(string(id), "mal_")) }

func (m *Messages) returnMAC(key string) string {
	mac := hmac.New(sha256.New, m.ReturnKey)
	mac.Write([]byte(key))
	return returnCode.EncodeToString(mac.Sum(nil))[:macLength]
}

// ReturnedTo is the mail that an address was made for by us; false for any other.
func (m *Messages) ReturnedTo(address string) (ID, bool) {
	name, _, _ := strings.Cut(strings.ToLower(address), "@")
	at := strings.LastIndexByte(name, '+')
	key, mac, found := strings.Cut(name[at+1:], "-")
	if !found || len(key) != idLength || !hmac.Equal([]byte(mac), []byte(m.returnMAC(key))) {
		return "", false
	}
	return ID("mal_" + strings.ToUpper(key)), true
}

// NamedBy is the mail that a Message-ID, or the id that a mail service was given, names;
// false where it has the form of none.
func NamedBy(text string) (ID, bool) {
	name, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(text), "<>"), "@")
	return ID(name), id.Valid("mal", name)
}

// Left is a mail that a server has taken.
type SentMail struct {
	ID        ID
	Key       string
	Recipient string
}

// FindSent finds a mail of the business's that was written since; false where there is none.
func (m *Messages) FindSent(ctx context.Context, from db.Reader, businessID business.ID, id ID, since time.Time) (l SentMail, found bool, err error) {
	err = from.Get(ctx, &l, `SELECT id, key, recipient FROM mails WHERE business_id = $1 AND id = $2 AND created_at >= $3 AND recipient <> ''`,
		businessID, id, db.At(since))
	if errors.Is(err, db.ErrNoRows) {
		return SentMail{}, false, nil
	}
	return l, err == nil, err
}

// RecordDelivered writes down that a mail arrived at its reader's server.
func (m *Messages) RecordDelivered(ctx context.Context, tx *db.Tx, businessID business.ID, l SentMail) error {
	return m.changed(ctx, tx, Change{BusinessID: businessID, Channel: ByEmail, Key: l.Key, State: Delivered, GatewayID: string(l.ID)})
}

// RecordBounce writes down that a mail which a server had taken did not arrive. It may come
// before we have recorded that the server took it.
func (m *Messages) RecordBounce(ctx context.Context, tx *db.Tx, businessID business.ID, l SentMail, reason string, badAddress bool) error {
	if _, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', reason = $3, facts = '', due_at = NULL, updated_at = $4
		WHERE business_id = $1 AND id = $2 AND state IN ('sending', 'sent')`, businessID, l.ID, reason, db.At(tx.Now())); err != nil {
		return err
	}
	return m.changed(ctx, tx, Change{BusinessID: businessID, Channel: ByEmail, Key: l.Key, State: Failed, Reason: reason, GatewayID: string(l.ID), BadAddress: badAddress})
}

// writtenOffAs is the column of a claim that says so of a recipient who is written as
// addresses are compared, which nearly all are.
const writtenOffAs = `(SELECT s.cause || ' ' || s.reason FROM suppressions s
	WHERE s.business_id = mails.business_id AND s.channel = 'email' AND s.address = mails.recipient AND s.cause <> 'opt_out') AS written_off`

// writtenOff says why nothing is sent to an address any more: a server said that it
// doesn't exist, or its reader complained. Who only opted out still gets receipts.
func (m *Messages) writtenOff(ctx context.Context, c claim) error {
	to, err := mailaddr.Parse(c.Recipient)
	if c.BusinessID == "" || err != nil {
		return nil // about somebody's account; or the server says what is wrong
	}
	var cause, why string
	switch {
	case c.WrittenOff != nil:
		cause, why, _ = strings.Cut(*c.WrittenOff, " ")
	case c.Recipient == to.Folded:
		return nil
	default:
		var off struct{ Cause, Reason string }
		err := m.DB.Get(ctx, &off, `SELECT cause, reason FROM suppressions
			WHERE business_id = $1 AND channel = 'email' AND address = $2 AND cause <> 'opt_out'`, c.BusinessID, to.Folded)
		if errors.Is(err, db.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		cause, why = off.Cause, off.Reason
	}
	if cause == "complaint" {
		return fault.New(fault.Conflict, "The reader marked your email as unwanted, so nothing more is sent there.")
	}
	sentence := "Mail to this address came back, so nothing more is sent there."
	if why != "" {
		sentence += " " + why
	}
	return fault.New(fault.Conflict, sentence)
}
