package recovery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/product"
)

// Obstacle is why somebody is not asked again, for programs; "" is none.
type Obstacle string

// The obstacles.
const (
	None        Obstacle = ""
	NotEnded    Obstacle = "not_ended"    // it can still be paid, or it was
	NoEmail     Obstacle = "no_email"     // nobody to write to
	TriedAgain  Obstacle = "tried_again"  // they began anew, which is another attempt
	PaidSince   Obstacle = "paid"         // they have paid for the same since
	Reminded    Obstacle = "reminded"     // reminders of the same link are on for them
	OptedOut    Obstacle = "opted_out"    // they want no mail of this business
	Bounced     Obstacle = "bounced"      // mail to the address came back
	Closed      Obstacle = "closed"       // nothing can be paid there now
	Asked       Obstacle = "asked"        // they were asked already
	ByTransfer  Obstacle = "transfer"     // their money may be on its way from a bank
	OtherMode   Obstacle = "other_mode"   // it was play money and the business is live, or the reverse
	NoGateway   Obstacle = "no_gateway"   // no mail server is set
	MailsUsedUp Obstacle = "mails_of_day" // the address got as many mails today as one that nobody confirmed gets
)

// Sentence says what is the matter to the merchant, in English.
func (o Obstacle) Sentence() string { return sentences[o] }

var sentences = map[Obstacle]string{
	NotEnded:    "This payment has not ended without money, so there is nothing to ask again.",
	NoEmail:     "There is no email address to write to.",
	TriedAgain:  "They have tried again since. Look at their newest attempt.",
	PaidSince:   "They have paid since.",
	Reminded:    "They get reminders of this link already.",
	OptedOut:    "They asked for no more email from you.",
	Bounced:     "Mail to this address came back.",
	Closed:      "Nothing can be paid there at the moment.",
	Asked:       "They were asked already.",
	ByTransfer:  "It was a bank transfer, which may be on its way. They were told what to do.",
	OtherMode:   "It was made in another mode than the one you are in.",
	NoGateway:   "No mail server is set. Set one in Settings, Email, then ask again.",
	MailsUsedUp: "This address got three emails from you today, the most for one that nobody has confirmed. Ask tomorrow.",
}

func (o Obstacle) fault() error { return fault.New(fault.Conflict, o.Sentence()) }

// transfers is the provider of what is paid from a bank, as attempts have it.
const transfers = "bank_transfer"

// facts are what the rules ask of the database about an attempt.
type facts struct {
	ID                         attempt.ID
	TriedAgain, Paid, Reminded bool
	Suppressed                 string
	AskedOther                 bool // about another attempt of theirs
}

// remindedSQL is true of an attempt a whose payer has reminders of the same link that are
// not over, paused ones too: by the address, as the customer, or by the message that led here.
const remindedSQL = `EXISTS (SELECT 1 FROM reminder_plans p JOIN recipients r ON r.id = p.recipient_id
	WHERE p.business_id = a.business_id AND p.link_id = a.link_id AND p.mode = a.mode AND p.state IN ('active', 'paused')
		AND (r.customer_id IN (` + history.CustomersSQL + `)
			OR a.recipient_token <> '' AND EXISTS (SELECT 1 FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE d.token = a.recipient_token AND s.recipient_id = r.id)))`

// askedSQL is true of an attempt a whose payer was asked about another one of the same not
// long ago: $2 is since when.
const askedSQL = `EXISTS (SELECT 1 FROM attempts n JOIN recoveries r ON r.attempt_id = n.id WHERE n.business_id = a.business_id AND n.mode = a.mode
	AND n.payer_email_folded = a.payer_email_folded AND n.id <> a.id AND r.sent_at >= $2
	AND n.link_id IS NOT DISTINCT FROM a.link_id AND (a.link_id IS NOT NULL OR n.product_id IS NOT DISTINCT FROM a.product_id))`

// facts reads them, by attempt.
func (s *Recoveries) facts(ctx context.Context, from db.Reader, businessID business.ID, ids []attempt.ID) (map[attempt.ID]facts, error) {
	all := map[attempt.ID]facts{}
	if len(ids) == 0 {
		return all, nil
	}
	arguments := []any{businessID, db.At(s.DB.Clock().Now().Add(-lasts))}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []facts
	err := from.Select(ctx, &rows, `SELECT a.id, `+history.TriedAgainSQL+` AS tried_again, `+history.PaidSinceSQL+` AS paid, `+remindedSQL+` AS reminded, `+askedSQL+` AS asked_other,
			COALESCE((SELECT o.cause FROM suppressions o WHERE o.business_id = a.business_id AND o.channel = 'email' AND o.address = a.payer_email_folded), '') AS suppressed
		FROM attempts a WHERE a.business_id = $1 AND a.id IN (`+db.In(len(ids), 3)+`)`, arguments...)
	for _, f := range rows {
		all[f.ID] = f
	}
	return all, err
}

// obstacles find out why the payers of attempts are not asked again, in the order in which
// that matters; an attempt without one may be asked about. What was sent about the attempt
// itself is the caller's to look at.
func (s *Recoveries) obstacles(ctx context.Context, from db.Reader, b business.Business, attempts []attempt.Attempt) (map[attempt.ID]Obstacle, error) {
	ids := make([]attempt.ID, len(attempts))
	for i, a := range attempts {
		ids[i] = a.ID
	}
	known, err := s.facts(ctx, from, b.ID, ids)
	if err != nil {
		return nil, err
	}
	ready, err := s.Messages.MailReady(ctx, from, b.ID)
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	all := map[attempt.ID]Obstacle{}
	for _, a := range attempts {
		f := known[a.ID]
		is := decided(b, a, f)
		if is == None {
			can, asked := open[a.Target()]
			if !asked {
				if can, err = s.open(ctx, from, b, a); err != nil {
					return nil, err
				}
				open[a.Target()] = can
			}
			switch {
			case !can:
				is = Closed
			case !ready:
				is = NoGateway
			}
		}
		all[a.ID] = is
	}
	return all, nil
}

// decided is what the attempt and the facts decide.
func decided(b business.Business, a attempt.Attempt, f facts) Obstacle {
	switch {
	case a.State != attempt.Failed && a.State != attempt.Canceled && a.State != attempt.Expired && a.State != attempt.Released:
		return NotEnded
	case a.Payer.Email == "":
		return NoEmail
	case a.Mode != b.Mode:
		return OtherMode
	case f.Paid:
		return PaidSince
	case f.TriedAgain:
		return TriedAgain
	case a.Provider == transfers:
		return ByTransfer
	case f.Suppressed == "opt_out":
		return OptedOut
	case f.Suppressed != "":
		return Bounced
	case f.Reminded:
		return Reminded
	case f.AskedOther:
		return Asked
	}
	return None
}

// open reports whether what an attempt was for can be paid now.
func (s *Recoveries) open(ctx context.Context, from db.Reader, b business.Business, a attempt.Attempt) (bool, error) {
	id := a.ProductID
	if a.LinkID != "" {
		l, err := s.link(ctx, from, b, a.LinkID)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		if err != nil || l.State(s.DB.Clock().Now()) != link.Active {
			return false, err
		}
		if l.Type != link.Product {
			return true, nil
		}
		id = l.ProductID
	}
	if id == "" {
		return b.Page.Enabled, nil
	}
	p, err := s.product(ctx, from, b.ID, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && p.Active, err
}

func (s *Recoveries) link(ctx context.Context, from db.Reader, b business.Business, id link.ID) (link.Link, error) {
	if tx, is := from.(*db.Tx); is {
		return s.Links.GetTx(ctx, tx, b, id)
	}
	return s.Links.Get(ctx, b, id)
}

func (s *Recoveries) product(ctx context.Context, from db.Reader, businessID business.ID, id product.ID) (product.Product, error) {
	if tx, is := from.(*db.Tx); is {
		return s.Products.GetTx(ctx, tx, businessID, id)
	}
	return s.Products.Get(ctx, businessID, id)
}
