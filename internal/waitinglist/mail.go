package waitinglist

import (
	"context"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// mail tells an entry how it stands: on the list, a slot is offered, or nobody need wait
// any more. False: their address had its mails of the day.
func (s *List) mail(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, e Entry) (told bool, err error) {
	key := mailKey(e, tx.Now().UTC().Format(time.RFC3339))
	if err := s.write(ctx, tx, b, l, e, key); err != nil {
		return false, err
	}
	return written(ctx, tx, b.ID, key)
}

func written(ctx context.Context, tx *db.Tx, id business.ID, key string) (is bool, err error) {
	err = tx.Get(ctx, &is, `SELECT EXISTS (SELECT 1 FROM mails WHERE business_id = $1 AND key = $2)`, id, key)
	return is, err
}

// remind is mail for who joins a list once more: once a day (UTC) for each state, so that
// nobody fills a mailbox, or uses up the mails that may go to it, by typing its address.
func (s *List) remind(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, e Entry) error {
	key := mailKey(e, "again/"+tx.Now().UTC().Format(time.DateOnly))
	if told, err := written(ctx, tx, b.ID, key); err != nil || told {
		return err
	}
	return s.write(ctx, tx, b, l, e, key)
}

func mailKey(e Entry, when string) string {
	return "waiting/" + string(e.ID) + "/" + string(e.State) + "/" + when
}

func (s *List) write(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, e Entry, key string) error {
	at := func(p address.Path) string { return s.Addresses.OfLink(string(b.ID), l.Domain, p) }
	facts := message.Waiting{
		LinkName: l.Name, Quantity: e.Quantity, Hours: l.OfferHours, Test: e.Mode == business.Test,
		PageURL: at(address.Link(b.Handle, l.Path)), LeaveURL: at(address.Waiting(e.Token)),
	}
	switch e.State {
	case Waiting:
		facts.Stage = message.KindWaitingJoined
	case Offered:
		facts.Stage, facts.Until = message.KindWaitingOffered, e.OfferedUntil
		facts.PageURL = at(address.Link(b.Handle, l.Path).With(OfferParameter, e.Token))
	default:
		facts.Stage = message.KindWaitingOpen
	}
	return s.Messages.Queue(ctx, tx, message.Mail{
		BusinessID: b.ID, To: e.Email, Language: e.Language, Typed: true, Key: key, Data: facts,
	})
}

// OfferParameter is the name of the token of an offer in the address of its page.
const OfferParameter = "offer"
