package reminder

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

const (
	// MaxAsked bounds how many people are asked at once.
	MaxAsked = 500
	// askedInOne is how many sends one transaction writes: others wait for it.
	askedInOne = 25
)

// Unasked is why somebody is not asked to pay.
type Unasked string

// The reasons; "" is none.
const (
	ForEverybody Unasked = "for_everybody"  // the link is for no single customer
	SentToNobody Unasked = "sent_to_nobody" // nobody can be reminded yet
	TakesNone    Unasked = "takes_none"     // the link takes no payments
	HasPaid      Unasked = "has_paid"
	IsPaying     Unasked = "is_paying" // just now
)

// Asking is somebody who may be asked to pay one of several links.
type Asking struct {
	Link     link.Link
	Customer customer.Customer    // without an id where there is nobody
	To       delivery.RecipientID // "" where the link was not sent to them yet
	Reach    delivery.Reach
	Why      Unasked
}

// Ways are those of the channels that reach them; none for who is not asked.
func (a Asking) Ways(channels []message.Channel) (open []message.Channel) {
	for _, c := range channels {
		if a.Why == "" && a.Reach.Way(c).Possible() {
			open = append(open, c)
		}
	}
	return open
}

// Hand says how people are asked by hand.
type Hand struct {
	Channels []message.Channel // nil: as the plan does
	Message  string            // the merchant's own words, "" for ours
	Key      string            // each is asked once for it
}

func (h Hand) key(id link.ID, who customer.ID) string {
	return h.Key + "/" + string(id) + "/" + string(who)
}

var errNoWay = fault.New(fault.Conflict, NoWay)

// Asked finds whom to ask by which of the links: to send, the customer that each is for;
// to remind, everybody to whom it was sent. Each says why they are not asked, if they are
// not. Errors: NotFound, TooLarge for more than MaxAsked people or too many links.
func (s *Reminders) Asked(ctx context.Context, b business.Business, kind delivery.Kind, ids []link.ID) ([]Asking, error) {
	if len(ids) > link.MaxPage {
		return nil, fault.New(fault.TooLarge, "Choose at most 100 links at once.")
	}
	var all []Asking
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		l, err := s.Links.Get(ctx, b, id)
		if err != nil {
			return nil, err
		}
		all = append(all, Asking{Link: l})
	}
	if len(all) == 0 {
		return nil, nil
	}
	sent, err := s.sentTo(ctx, b, all)
	if err != nil {
		return nil, err
	}
	if kind == delivery.KindReminder {
		all = remindable(all, sent)
	} else if all, err = s.sendable(ctx, b, all, sent); err != nil {
		return nil, err
	}
	if len(all) > MaxAsked {
		return nil, fault.New(fault.TooLarge, "At most 500 people can be asked at once. Choose fewer links.")
	}
	return all, s.reach(ctx, b, all)
}

// sentRow is somebody to whom one of the links was sent.
type sentRow struct {
	ID           delivery.RecipientID
	LinkID       link.ID
	CustomerID   customer.ID
	Paid, Paying bool
}

func (r sentRow) why() Unasked {
	switch {
	case r.Paid:
		return HasPaid
	case r.Paying:
		return IsPaying
	}
	return ""
}

// sentTo reads to whom links were sent, and who of them has paid.
func (s *Reminders) sentTo(ctx context.Context, b business.Business, all []Asking) (rows []sentRow, err error) {
	arguments := []any{b.ID, b.Mode, MaxAsked + 1}
	for _, a := range all {
		arguments = append(arguments, a.Link.ID)
	}
	err = s.DB.Select(ctx, &rows, `SELECT r.id, r.link_id, r.customer_id, `+hasPaid+` AS paid, `+isPaying+` AS paying FROM recipients r
		WHERE r.business_id = $1 AND r.mode = $2 AND r.customer_id IS NOT NULL AND r.link_id IN (`+db.In(len(all), 4)+`) ORDER BY r.link_id, r.id LIMIT $3`, arguments...)
	return rows, err
}

// remindable are all to whom the links were sent.
func remindable(links []Asking, sent []sentRow) (all []Asking) {
	for _, a := range links {
		n := len(all)
		for _, r := range sent {
			if r.LinkID == a.Link.ID {
				all = append(all, Asking{Link: a.Link, Customer: customer.Customer{ID: r.CustomerID}, To: r.ID, Why: r.why()})
			}
		}
		if len(all) == n {
			a.Why = SentToNobody
			all = append(all, a)
		}
	}
	return all
}

// sendable are the customers that the links are for.
func (s *Reminders) sendable(ctx context.Context, b business.Business, links []Asking, sent []sentRow) ([]Asking, error) {
	paid, err := s.paidByOwn(ctx, b, links)
	if err != nil {
		return nil, err
	}
	for i := range links {
		a := &links[i]
		a.Customer.ID = a.Link.CustomerID
		if a.Customer.ID == "" {
			a.Why = ForEverybody
			continue
		}
		if slices.Contains(paid, a.Link.ID) {
			a.Why = HasPaid
		}
		for _, r := range sent {
			if r.LinkID == a.Link.ID && r.CustomerID == a.Customer.ID {
				a.To, a.Why = r.ID, cmp.Or(a.Why, r.why())
			}
		}
	}
	return links, nil
}

// paidByOwn are the links that the customer whom they are for has paid.
func (s *Reminders) paidByOwn(ctx context.Context, b business.Business, all []Asking) (ids []link.ID, err error) {
	arguments := []any{b.ID, b.Mode}
	for _, a := range all {
		arguments = append(arguments, a.Link.ID)
	}
	err = s.DB.Select(ctx, &ids, `SELECT DISTINCT l.id FROM links l JOIN payments p ON p.link_id = l.id AND p.customer_id = l.customer_id
		WHERE l.business_id = $1 AND p.mode = $2 AND p.receipt IS NOT NULL AND l.id IN (`+db.In(len(all), 3)+`)`, arguments...)
	return ids, err
}

// reach reads who they are and how they can be reached.
func (s *Reminders) reach(ctx context.Context, b business.Business, all []Asking) error {
	var ids []customer.ID
	for _, a := range all {
		if a.Customer.ID != "" {
			ids = append(ids, a.Customer.ID)
		}
	}
	known, err := s.Customers.ByIDs(ctx, b.ID, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return err
	}
	people := make([]customer.Customer, len(all))
	for i := range all {
		a := &all[i]
		a.Customer = known[a.Customer.ID]
		people[i] = a.Customer
		if a.Why == "" && delivery.Closed(a.Link, s.DB.Clock().Now()) != "" {
			a.Why = TakesNone
		}
	}
	reaches, err := s.Deliveries.ReachAll(ctx, s.DB, b, people)
	for i := range reaches {
		all[i].Reach = reaches[i]
	}
	return err
}

// Ask asks everybody whom Asked finds and a channel reaches, once for each key: sent twice,
// or sent again after the process died, nobody is asked twice. It reports how many are
// asked by it. Errors: those of Asked, Invalid with the fields "channels" and "message".
func (s *Reminders) Ask(ctx context.Context, b business.Business, kind delivery.Kind, ids []link.ID, h Hand) (asked int, err error) {
	var wrong fault.Fields
	if len(h.Channels) == 0 {
		wrong.Add("channels", "channels.none", "Choose email, SMS or both.")
		return 0, wrong.Err()
	}
	if _, err := delivery.ParseWords(h.Message); err != nil {
		return 0, err
	}
	all, err := s.Asked(ctx, b, kind, ids)
	if err != nil {
		return 0, err
	}
	all = slices.DeleteFunc(all, func(a Asking) bool { return len(a.Ways(h.Channels)) == 0 })
	// Plans are locked in one order, so that two requests never wait in a circle.
	slices.SortFunc(all, func(a, b Asking) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.Link.ID, b.Link.ID))
	})
	for part := range slices.Chunk(all, askedInOne) {
		n := 0
		err := s.DB.InTx(ctx, func(tx *db.Tx) error {
			n = 0
			for _, a := range part {
				did, err := s.ask(ctx, tx, b, kind, a, h)
				if err != nil {
					return err
				}
				if did {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return asked, err
		}
		asked += n
	}
	return asked, nil
}

// ask asks one, unless they paid meanwhile or were asked by the same key.
func (s *Reminders) ask(ctx context.Context, tx *db.Tx, b business.Business, kind delivery.Kind, a Asking, h Hand) (did bool, err error) {
	l, err := s.Links.GetTx(ctx, tx, b, a.Link.ID)
	if fault.Is(err, fault.NotFound) || err == nil && delivery.Closed(l, tx.Now()) != "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if a.To != "" {
		r, err := lockPlan(ctx, tx, b.ID, a.To)
		planned := err == nil
		if errors.Is(err, db.ErrNoRows) {
			r = planRow{RecipientID: a.To, BusinessID: b.ID}
		} else if err != nil {
			return false, err
		}
		if busy, err := s.settled(ctx, tx, r); err != nil || busy {
			return false, err
		}
		if planned && kind == delivery.KindReminder && r.State == Active && !r.AnchorAt.IsZero() {
			return s.askByPlan(ctx, tx, b, r, h)
		}
	}
	o := delivery.Order{CustomerID: a.Customer.ID, Channels: a.Ways(h.Channels), Message: h.Message, Kind: kind, Key: h.key(l.ID, a.Customer.ID)}
	if kind == delivery.KindReminder {
		if err := tx.Get(ctx, &o.Reminder.Number, `SELECT COUNT(*) + 1 FROM sends WHERE business_id = $1 AND recipient_id = $2 AND kind = 'reminder' AND skipped = ''`, b.ID, a.To); err != nil {
			return false, err
		}
		o.Reminder.Max = o.Reminder.Number + 1 // by hand none is the last
	}
	_, did, err = s.Deliveries.SendTx(ctx, tx, b, l, o)
	if fault.Is(err, fault.NotFound) { // deleted meanwhile
		return false, nil
	}
	return did, err
}

// settled reports whether a recipient has paid or is paying.
func (s *Reminders) settled(ctx context.Context, tx *db.Tx, r planRow) (is bool, err error) {
	if is, err = s.paid(ctx, tx, r); err != nil || is {
		return is, err
	}
	return s.paying(ctx, tx, r)
}

// askByPlan sends the next reminder of a plan early, which then goes on behind it.
func (s *Reminders) askByPlan(ctx context.Context, tx *db.Tx, b business.Business, r planRow, h Hand) (did bool, err error) {
	if r.CustomerID == nil {
		return false, nil
	}
	var before bool
	if err := tx.Get(ctx, &before, `SELECT EXISTS (SELECT 1 FROM sends WHERE business_id = $1 AND key = $2)`, b.ID, h.key(r.LinkID, *r.CustomerID)); err != nil || before {
		return false, err
	}
	sent := r.Sent
	if err := s.remind(ctx, tx, b, &r, &h); err != nil {
		if fault.Is(err, fault.Conflict) {
			err = nil // since it was looked at they began to pay, or can't be reached any more
		}
		return false, err
	}
	return r.Sent > sent, r.store(ctx, tx)
}
