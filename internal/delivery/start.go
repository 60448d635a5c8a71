package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// Request says to whom a link is to be sent: to customers, or to all with a tag.
type Request struct {
	Customers []customer.ID
	Tag       string // the name of a tag of customers
	Channels  []message.Channel
	Message   string // the merchant's own words, "" for ours
	// Key makes each customer's send the only one of the key: a form that is
	// sent twice sends once. "" never collides.
	Key string
	// At is when it is sent; nil is now.
	At *time.Time
}

// Started is what became of a request.
type Started struct {
	Sends []Send  // to the few who are done at once
	Batch *Batch  // of the many who have their turn later; else nil
	Later []Later // of what is sent at a time to come
}

const (
	// atOnce is how many sends one transaction writes: others wait for it.
	atOnce = 25
	// maxCustomers bounds how many customers are named one by one.
	maxCustomers = 1000
)

// Start sends a link. An SMS that is too long for one of a few customers is
// refused; of many, those for whom it is fail, and say so. Errors: NotFound for the link, Invalid with the fields
// "channels", "customer_id", "tag" and "message", Conflict for a link that is
// closed.
func (s *Deliveries) Start(ctx context.Context, b business.Business, id link.ID, r Request) (started Started, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		l, err := s.Links.GetTx(ctx, tx, b, id)
		if err != nil {
			return err
		}
		started, err = s.StartTx(ctx, tx, b, l, r)
		return err
	})
	return started, err
}

// StartTx is Start inside a transaction of the caller's.
func (s *Deliveries) StartTx(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, r Request) (Started, error) {
	if err := r.check(); err != nil {
		return Started{}, err
	}
	if err := r.CheckAt(tx.Now()); err != nil {
		return Started{}, err
	}
	if why := Closed(l, tx.Now()); why != "" {
		return Started{}, fault.New(fault.Conflict, why)
	}
	if err := s.checkLength(b, l, r); err != nil {
		return Started{}, err
	}
	who, err := findMembers(ctx, tx, b.ID, r)
	if err != nil {
		return Started{}, err
	}
	if r.At != nil {
		later, err := s.schedule(ctx, tx, b, l, r, who)
		return Started{Later: later}, err
	}
	if len(who) > atOnce {
		batch, err := s.startBatch(ctx, tx, b, l.ID, r, who)
		return Started{Batch: &batch}, err
	}
	var started Started
	for _, id := range who {
		sent, made, err := s.SendTx(ctx, tx, b, l, r.order(id))
		if err == nil {
			err = longFault(sent.TooLong)
		}
		if err != nil {
			return Started{}, err
		}
		if made {
			started.Sends = append(started.Sends, sent)
		}
	}
	return started, nil
}

func (r Request) order(id customer.ID) Order {
	o := Order{CustomerID: id, Channels: r.Channels, Message: r.Message, Kind: KindSend}
	if r.Key != "" {
		o.Key = r.Key + "/" + string(id)
	}
	return o
}

// check finds what is wrong with a request by itself.
func (r Request) check() error {
	var wrong fault.Fields
	if len(r.Channels) == 0 {
		wrong.Add("channels", "channels.none", "Choose email, SMS or both.")
	}
	for _, c := range r.Channels {
		if c != message.ByEmail && c != message.BySMS && !wrong.Has("channels") {
			wrong.Add("channels", "channels.unknown", "Choose email or sms.")
		}
	}
	switch {
	case len(r.Customers) == 0 && r.Tag == "":
		wrong.Add("customer_id", "customer.none", "Choose a customer to send to.")
	case len(r.Customers) > maxCustomers:
		wrong.Add("customer_ids", "customer.many", fmt.Sprintf("Name at most %d customers, or give them a tag and send to that.", maxCustomers))
	}
	if _, err := ParseWords(r.Message); err != nil {
		wrong = append(wrong, fault.Of(err).Fields...)
	}
	return wrong.Err()
}

// Closed says why a link can't be paid, so that nobody is sent there; "" when
// it can.
func Closed(l link.Link, now time.Time) string {
	switch l.State(now) {
	case link.Inactive:
		if l.Active && l.OffSale() {
			return i18n.Mark("The product of this link is not for sale, so nobody could pay it. Switch the product on, then send it.")
		}
		return i18n.Mark("This link is off, so nobody could pay it. Switch it on, then send it.")
	case link.LimitReached:
		return i18n.Mark("This link has all its payments, so nobody could pay it. Raise its limit, then send it.")
	case link.Ended:
		return i18n.Mark("This link has closed, so nobody could pay it. Move its end, then send it.")
	}
	return ""
}

// findMembers are the customers of a request, each once, in the order of their ids.
func findMembers(ctx context.Context, tx *db.Tx, businessID business.ID, r Request) ([]customer.ID, error) {
	who, err := taggedCustomers(ctx, tx, businessID, r.Tag)
	if err != nil {
		return nil, err
	}
	if len(r.Customers) > 0 {
		arguments := []any{businessID}
		named := slices.Compact(slices.Sorted(slices.Values(r.Customers)))
		for _, id := range named {
			arguments = append(arguments, id)
		}
		var there []customer.ID
		if err := tx.Select(ctx, &there, `SELECT id FROM customers WHERE business_id = $1 AND id IN (`+db.In(len(named), 2)+`)`, arguments...); err != nil {
			return nil, err
		}
		if len(there) < len(named) {
			var wrong fault.Fields
			wrong.Add("customer_id", "customer.unknown", "There is no such customer. Choose one from your list.")
			return nil, wrong.Err()
		}
		who = append(who, there...)
	}
	return slices.Compact(slices.Sorted(slices.Values(who))), nil
}

// taggedCustomers are all with the tag, none without one.
func taggedCustomers(ctx context.Context, tx *db.Tx, businessID business.ID, name string) (who []customer.ID, err error) {
	if name == "" {
		return nil, nil
	}
	var wrong fault.Fields
	var id tag.ID
	err = tx.Get(ctx, &id, `SELECT id FROM tags WHERE business_id = $1 AND kind = $2 AND name_folded = $3`, businessID, tag.OfCustomers, text.Fold(name))
	if errors.Is(err, db.ErrNoRows) {
		wrong.Add("tag", "tag.unknown", "There is no tag of customers with this name.")
		return nil, wrong.Err()
	}
	if err != nil {
		return nil, err
	}
	err = tx.Select(ctx, &who, `SELECT customer_id FROM customer_tags WHERE business_id = $1 AND tag_id = $2`, businessID, id)
	if err == nil && len(who) == 0 {
		wrong.Add("tag", "tag.empty", "No customer has this tag. Give it to somebody first.")
		err = wrong.Err()
	}
	return who, err
}
