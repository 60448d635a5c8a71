package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
)

// Cause is why an address gets no messages.
type Cause string

// The causes.
const (
	CauseOptOut Cause = "opt_out" // its owner wants none
	CauseBounce Cause = "bounce"  // the mail server says that it doesn't exist
	// CauseComplaint is that its reader called a mail of the business's unwanted.
	CauseComplaint Cause = "complaint"
)

// Suppression is an address of a channel that a business doesn't write to,
// until the customer has another one.
type Suppression struct {
	Channel message.Channel
	Address string
	Cause   Cause
	Reason  string  // what the server said
	At      db.Time `db:"created_at"`
}

func (s Suppression) obstacle() Obstacle {
	switch s.Cause {
	case CauseOptOut:
		return OptedOut
	case CauseComplaint:
		return Complained
	}
	return Bounced
}

// Sentence says what is the matter and what to do, to the merchant.
func (s Suppression) Sentence(name string) string {
	switch {
	case s.Cause == CauseOptOut && s.Channel == message.BySMS:
		return name + " asked for no more SMS from you. Use another way to reach them."
	case s.Cause == CauseOptOut:
		return name + " asked for no more email from you. Use another way to reach them."
	}
	if s.Cause == CauseComplaint {
		return name + " marked your email as unwanted. Use another way to reach them."
	}
	sentence := "Mail to this address came back. Correct the address of " + name + ", then send again."
	if s.Reason != "" {
		sentence += " " + s.Reason + "."
	}
	return sentence
}

// folded is an address as it is compared.
func folded(c message.Channel, address string) string {
	if c == message.BySMS {
		return address
	}
	parsed, err := mailaddr.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Folded
}

// suppressed finds what is known against a customer's addresses.
func (s *Deliveries) suppressed(ctx context.Context, from db.Reader, businessID business.ID, c customer.Customer) (map[message.Channel]*Suppression, error) {
	var rows []Suppression
	err := from.Select(ctx, &rows, `SELECT channel, address, cause, reason, created_at FROM suppressions
		WHERE business_id = $1 AND (channel = 'email' AND address = $2 OR channel = 'sms' AND address = $3)`,
		businessID, folded(message.ByEmail, c.Email), c.Phone)
	found := map[message.Channel]*Suppression{}
	for i := range rows {
		found[rows[i].Channel] = &rows[i]
	}
	return found, err
}

// suppress writes an address off. Who opted out stays opted out, whatever a
// server says later, and who complained has complained.
func suppress(ctx context.Context, tx *db.Tx, businessID business.ID, s Suppression) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO suppressions (business_id, channel, address, cause, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (business_id, channel, address) DO UPDATE SET cause = excluded.cause, reason = excluded.reason, created_at = excluded.created_at
		WHERE suppressions.cause <> 'opt_out' AND excluded.cause <> 'bounce' AND suppressions.cause <> excluded.cause`,
		businessID, s.Channel, folded(s.Channel, s.Address), s.Cause, s.Reason, db.At(tx.Now()))
	return n > 0, err
}

// OptOut is an address whose owner wants no more messages from a business.
type OptOut struct {
	BusinessID business.ID
	Channel    message.Channel
	Address    string
	Recipients []RecipientID // the customers who have the address now, as recipients
}

// OptOut notes that the owner of an address wants no more messages. To do it
// twice changes nothing.
func (s *Deliveries) OptOut(ctx context.Context, tx *db.Tx, businessID business.ID, c message.Channel, address string) error {
	if address == "" {
		return nil
	}
	fresh, err := suppress(ctx, tx, businessID, Suppression{Channel: c, Address: address, Cause: CauseOptOut})
	if err != nil || !fresh {
		return err
	}
	o := OptOut{BusinessID: businessID, Channel: c, Address: folded(c, address)}
	column := map[message.Channel]string{message.ByEmail: `email_folded`, message.BySMS: `phone`}[c]
	err = tx.Select(ctx, &o.Recipients, `SELECT r.id FROM recipients r JOIN customers c ON c.id = r.customer_id
		WHERE r.business_id = $1 AND c.`+column+` = $2 ORDER BY r.id`, businessID, o.Address)
	if err != nil {
		return err
	}
	if err := s.withdrawFrom(ctx, tx, o); err != nil {
		return err
	}
	for _, do := range s.optedOut {
		if err := do(ctx, tx, o); err != nil {
			return err
		}
	}
	return nil
}

// OptIn takes an opting out back. A bounced address stays written off.
func (s *Deliveries) OptIn(ctx context.Context, tx *db.Tx, businessID business.ID, c message.Channel, address string) error {
	_, err := tx.Exec(ctx, `DELETE FROM suppressions WHERE business_id = $1 AND channel = $2 AND address = $3 AND cause = 'opt_out'`,
		businessID, c, folded(c, address))
	return err
}

// WriteOff lets an address get nothing more, because mail to it came back or its reader
// complained. To do it twice changes nothing.
func (s *Deliveries) WriteOff(ctx context.Context, tx *db.Tx, businessID business.ID, off Suppression) error {
	fresh, err := suppress(ctx, tx, businessID, off)
	if err != nil || !fresh {
		return err
	}
	for _, do := range s.writtenOff {
		if err := do(ctx, tx, businessID, off); err != nil {
			return err
		}
	}
	return nil
}

// Lift lets an address be written to again that was written off: its mailbox works
// again, or its reader asked for mail. Who opted out stays opted out. It reports whether
// there was anything to lift.
func (s *Deliveries) Lift(ctx context.Context, tx *db.Tx, businessID business.ID, c message.Channel, address string) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM suppressions WHERE business_id = $1 AND channel = $2 AND address = $3 AND cause <> 'opt_out'`,
		businessID, c, folded(c, address))
	return n > 0, err
}

// WrittenOff tells which of the folded addresses get no mail until somebody lifts it.
func (s *Deliveries) WrittenOff(ctx context.Context, from db.Reader, businessID business.ID, addresses []string) (map[string]bool, error) {
	off := map[string]bool{}
	if len(addresses) == 0 {
		return off, nil
	}
	arguments := []any{businessID}
	for _, a := range addresses {
		arguments = append(arguments, a)
	}
	var found []string
	err := from.Select(ctx, &found, `SELECT address FROM suppressions WHERE business_id = $1 AND channel = 'email' AND cause <> 'opt_out' AND address IN (`+db.In(len(addresses), 2)+`)`, arguments...)
	for _, a := range found {
		off[a] = true
	}
	return off, err
}
