package bounce

import (
	"context"
	"slices"

	"smartlinks/internal/bounce/report"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
)

// candidate is a mail that a report may be about. A signed one was named by an address
// that only we can make, the others by a Message-ID.
type candidate struct {
	id     message.ID
	signed bool
}

// candidates are the mails of ours that a report names.
func (b *Bounces) candidates(r report.Report) (all []candidate) {
	add := func(id message.ID, signed, ours bool) {
		if ours && !slices.ContainsFunc(all, func(c candidate) bool { return c.id == id }) {
			all = append(all, candidate{id, signed})
		}
	}
	for _, to := range r.To {
		id, ours := b.Messages.ReturnedTo(to)
		add(id, true, ours)
	}
	for _, name := range r.Mails {
		id, ours := message.NamedBy(name)
		add(id, false, ours)
	}
	return all
}

// take believes a report where it names a mail of the business's of the last 30 days: by
// its signed return address, or by its Message-ID together with its recipient. Anything
// else is nobody's, and changes nothing.
func (b *Bounces) take(ctx context.Context, businessID business.ID, r report.Report) (taken bool, err error) {
	for _, c := range b.candidates(r) {
		left, found, err := b.Messages.FindSent(ctx, b.DB, businessID, c.id, b.DB.Clock().Now().Add(-Believed))
		if err != nil {
			return taken, err
		}
		to, err := mailaddr.Parse(left.Recipient)
		if !found || err != nil || !c.signed && !names(r.Addresses, to) {
			continue
		}
		if err := b.DB.InTx(ctx, func(tx *db.Tx) error { return b.note(ctx, tx, businessID, left, to, r) }); err != nil {
			return taken, err
		}
		taken = true
	}
	return taken, nil
}

func names(all []string, to mailaddr.Address) bool {
	return slices.ContainsFunc(all, func(text string) bool {
		parsed, err := mailaddr.Parse(text)
		return err == nil && parsed.Folded == to.Folded
	})
}

// note writes down what a report says of a mail, once for each kind.
func (b *Bounces) note(ctx context.Context, tx *db.Tx, businessID business.ID, left message.SentMail, to mailaddr.Address, r report.Report) error {
	if r.Kind == report.Delivered {
		var gone bool
		err := tx.Get(ctx, &gone, `SELECT EXISTS (SELECT 1 FROM bounces WHERE business_id = $1 AND mail_id = $2 AND kind = 'hard')`, businessID, left.ID)
		if err != nil || gone {
			return err // events come in any order
		}
		return b.Messages.RecordDelivered(ctx, tx, businessID, left)
	}
	id, err := tx.NewID("bnc")
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO bounces (id, business_id, mail_id, address, kind, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (business_id, mail_id, kind) DO NOTHING`, id, businessID, left.ID, to.Folded, r.Kind, r.Reason, db.At(tx.Now()))
	if err != nil || n == 0 {
		return err
	}
	if err := b.writeOff(ctx, tx, businessID, to, r); err != nil {
		return err
	}
	if r.Kind != report.Complaint { // that one has arrived
		if err := b.Messages.RecordBounce(ctx, tx, businessID, left, r.Reason, r.Kind == report.Hard); err != nil {
			return err
		}
	}
	return nil
}

// writeOff lets the address get no more mails of the business's. What is soft doesn't.
func (b *Bounces) writeOff(ctx context.Context, tx *db.Tx, businessID business.ID, to mailaddr.Address, r report.Report) error {
	off := delivery.Suppression{Channel: message.ByEmail, Address: to.Typed, Cause: delivery.CauseBounce, Reason: r.Reason}
	switch r.Kind {
	case report.Complaint:
		off.Cause = delivery.CauseComplaint
	case report.Hard:
	default:
		return nil
	}
	return b.Deliveries.WriteOff(ctx, tx, businessID, off)
}
