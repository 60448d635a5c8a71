package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// Scheduled is the state of a delivery whose time has not come.
const Scheduled message.State = "scheduled"

// maxAhead is how long before it is due a send may be scheduled.
const maxAhead = 366 * 24 * time.Hour

// ScheduledID names a send whose time has not come: "sch_…".
type ScheduledID string

// Later is a link that will be sent to a customer.
type Later struct {
	ID         ScheduledID
	LinkID     link.ID
	CustomerID customer.ID
	At         time.Time
	Deliveries []LaterDelivery // by channel: email first
}

// LaterDelivery is one message of it.
type LaterDelivery struct {
	ID      string
	Channel message.Channel
}

// laterRow is a line of scheduled_sends.
type laterRow struct {
	ID         ScheduledID
	BusinessID business.ID
	LinkID     link.ID
	Mode       business.Mode
	CustomerID customer.ID
	Message    string
	SendAt     db.Time
}

const laterColumns = `id, business_id, link_id, mode, customer_id, message, send_at`

// openLater names a send that is due.
type openLater struct {
	BusinessID business.ID
	ID         ScheduledID
}

func (o openLater) key() []any    { return []any{o.ID} }
func (o openLater) group() string { return string(o.BusinessID) }

// addLater tells the queue how scheduled sends go out.
func (s *Deliveries) addLater() {
	s.later = job.Add(s.Queue, job.Kind[openLater]{
		Name: "scheduled sends", AtOnce: 4, AtOnceEach: 2, KeyOf: openLater.key, GroupOf: openLater.group,
		Rows: job.Rows{Table: "scheduled_sends", Key: []string{"id"}, Group: "business_id", Returning: "business_id, id"},
		Do:   func(ctx context.Context, o openLater) error { return s.sendLater(ctx, o) },
	})
}

// CheckAt refuses a time that has passed, or is more than a year ahead.
func (r Request) CheckAt(now time.Time) error {
	var wrong fault.Fields
	switch {
	case r.At == nil:
	case !r.At.After(now):
		wrong.Add("send_at", "send_at.past", "Choose a time that is still to come, or send now.")
	case r.At.Sub(now) > maxAhead:
		wrong.Add("send_at", "send_at.far", "Choose a time within a year.")
	}
	return wrong.Err()
}

// schedule writes down a link that is sent to all of them at the time of the request,
// and returns how many it is for whom this was not written down before.
func (s *Deliveries) schedule(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, r Request, who []customer.ID) ([]Later, error) {
	channels := slices.Compact(slices.Sorted(slices.Values(r.Channels)))
	var all []Later
	for _, id := range who {
		made, err := tx.NewID("sch")
		if err != nil {
			return nil, err
		}
		n, err := tx.Exec(ctx, `INSERT INTO scheduled_sends (id, business_id, link_id, mode, customer_id, message, key, send_at, due_at, created_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, $9 WHERE $7 = '' OR NOT EXISTS (SELECT 1 FROM sends WHERE business_id = $2 AND key = $7)
			ON CONFLICT DO NOTHING`, made, b.ID, l.ID, b.Mode, id, r.Message, r.order(id).Key, db.At(*r.At), db.At(tx.Now()))
		if err != nil {
			return nil, err
		}
		if n == 0 { // the same form, sent twice
			continue
		}
		one := Later{ID: ScheduledID(made), LinkID: l.ID, CustomerID: id, At: *r.At}
		for _, channel := range channels {
			made, err := tx.NewID("dlv")
			if err != nil {
				return nil, err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO scheduled_deliveries (id, business_id, scheduled_id, channel) VALUES ($1, $2, $3, $4)`, made, b.ID, one.ID, channel); err != nil {
				return nil, err
			}
			one.Deliveries = append(one.Deliveries, LaterDelivery{made, channel})
		}
		all = append(all, one)
	}
	s.later.DueAt(tx, *r.At)
	tx.Notify("activity", string(l.ID))
	return all, nil
}

// sendLater makes a send of one whose time has come. Link, customer and ways are read
// now; a link that can't be paid by now is not sent, and the delivery says why.
func (s *Deliveries) sendLater(ctx context.Context, o openLater) error {
	b, err := s.Businesses.ByID(ctx, o.BusinessID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		var r laterRow
		err := tx.Get(ctx, &r, `UPDATE scheduled_sends SET send_at = send_at WHERE business_id = $1 AND id = $2 AND send_at <= $3 RETURNING `+laterColumns, o.BusinessID, o.ID, db.At(tx.Now()))
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		b.Mode = r.Mode
		l, err := s.Links.GetTx(ctx, tx, b, r.LinkID)
		if err != nil {
			return err
		}
		deliveries, err := laterDeliveries(ctx, tx, b.ID, []ScheduledID{r.ID})
		if err != nil {
			return err
		}
		order := Order{CustomerID: r.CustomerID, Message: r.Message, Kind: KindSend, Refused: Closed(l, tx.Now()), ids: map[message.Channel]string{}}
		for _, d := range deliveries[r.ID] {
			order.Channels = append(order.Channels, d.Channel)
			order.ids[d.Channel] = d.ID
		}
		if err := tx.Get(ctx, &order.Key, `SELECT key FROM scheduled_sends WHERE business_id = $1 AND id = $2`, b.ID, r.ID); err != nil {
			return err
		}
		if err := dropLater(ctx, tx, b.ID, []ScheduledID{r.ID}); err != nil {
			return err
		}
		_, _, err = s.SendTx(ctx, tx, b, l, order)
		return err
	})
}

// SendLaterDue sends everything whose time has come: for whoever must know that all is
// sent, such as the test clock.
func (s *Deliveries) SendLaterDue(ctx context.Context) error {
	_, err := s.later.Drain(ctx)
	return err
}

// TakeBack keeps a scheduled delivery from being sent. Errors: NotFound, Conflict when
// it was sent already.
func (s *Deliveries) TakeBack(ctx context.Context, b business.Business, id string) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		var of ScheduledID
		err := tx.Get(ctx, &of, `SELECT scheduled_id FROM scheduled_deliveries WHERE business_id = $1 AND id = $2`, b.ID, id)
		if errors.Is(err, db.ErrNoRows) {
			return s.whyNotScheduled(ctx, tx, b.ID, id)
		}
		if err != nil {
			return err
		}
		// The row of the send locks out whoever sends it now.
		var linkID link.ID
		err = tx.Get(ctx, &linkID, `UPDATE scheduled_sends SET send_at = send_at WHERE business_id = $1 AND id = $2 RETURNING link_id`, b.ID, of)
		if errors.Is(err, db.ErrNoRows) {
			return errSent
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM scheduled_deliveries WHERE business_id = $1 AND id = $2`, b.ID, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM scheduled_sends WHERE business_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM scheduled_deliveries WHERE scheduled_id = $2)`, b.ID, of)
		tx.Notify("activity", string(linkID))
		return err
	})
}

var errSent = fault.New(fault.Conflict, "This was sent already, so it can’t be taken back.")

func (s *Deliveries) whyNotScheduled(ctx context.Context, tx *db.Tx, businessID business.ID, id string) error {
	var sent bool
	if err := tx.Get(ctx, &sent, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE business_id = $1 AND id = $2)`, businessID, id); err != nil {
		return err
	}
	if sent {
		return errSent
	}
	return fault.New(fault.NotFound, "There is no such delivery.")
}

// HasDelivery reports whether the business has a delivery of that id, sent or scheduled,
// as a NotFound fault where it has none.
func (s *Deliveries) HasDelivery(ctx context.Context, businessID business.ID, id string) error {
	var has bool
	err := s.DB.Get(ctx, &has, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE business_id = $1 AND id = $2)
		OR EXISTS (SELECT 1 FROM scheduled_deliveries WHERE business_id = $1 AND id = $2)`, businessID, id)
	if err == nil && !has {
		return fault.New(fault.NotFound, "There is no such delivery.")
	}
	return err
}

// Delivery is one message: of a send, or of one whose time has not come; the other is
// nil. NotFound without any.
func (s *Deliveries) Delivery(ctx context.Context, from db.Reader, businessID business.ID, id string) (*Send, *Later, error) {
	var r laterRow
	err := from.Get(ctx, &r, `SELECT `+laterColumns+` FROM scheduled_sends WHERE business_id = $1 AND id = (SELECT scheduled_id FROM scheduled_deliveries WHERE business_id = $1 AND id = $2)`, businessID, id)
	if err == nil {
		all, err := laterDeliveries(ctx, from, businessID, []ScheduledID{r.ID})
		one := slices.DeleteFunc(all[r.ID], func(d LaterDelivery) bool { return d.ID != id })
		return nil, &Later{ID: r.ID, LinkID: r.LinkID, CustomerID: r.CustomerID, At: r.SendAt.Time, Deliveries: one}, err
	}
	if !errors.Is(err, db.ErrNoRows) {
		return nil, nil, err
	}
	var of SendID
	err = from.Get(ctx, &of, `SELECT send_id FROM deliveries WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil, fault.New(fault.NotFound, "There is no such delivery.")
	}
	if err != nil {
		return nil, nil, err
	}
	found, err := s.ByIDs(ctx, from, businessID, []SendID{of})
	sent := found[of]
	sent.Deliveries = slices.DeleteFunc(sent.Deliveries, func(d Delivery) bool { return d.ID != id })
	return &sent, nil, err
}

// maxLater bounds how many scheduled sends of links are listed.
const maxLater = 100

// Upcoming are the scheduled sends of links, the next first, a hundred at most.
func (s *Deliveries) Upcoming(ctx context.Context, from db.Reader, businessID business.ID, mode business.Mode, links []link.ID) (map[link.ID][]Later, error) {
	if len(links) == 0 {
		return nil, nil
	}
	arguments := []any{businessID, mode, maxLater}
	for _, id := range links {
		arguments = append(arguments, id)
	}
	var rows []laterRow
	err := from.Select(ctx, &rows, `SELECT `+laterColumns+` FROM scheduled_sends WHERE business_id = $1 AND mode = $2 AND link_id IN (`+db.In(len(links), 4)+`)
		ORDER BY send_at, id LIMIT $3`, arguments...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]ScheduledID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	deliveries, err := laterDeliveries(ctx, from, businessID, ids)
	if err != nil {
		return nil, err
	}
	all := map[link.ID][]Later{}
	for _, r := range rows {
		all[r.LinkID] = append(all[r.LinkID], Later{ID: r.ID, LinkID: r.LinkID, CustomerID: r.CustomerID, At: r.SendAt.Time, Deliveries: deliveries[r.ID]})
	}
	return all, nil
}

// laterDeliveries are the messages of scheduled sends, by channel.
func laterDeliveries(ctx context.Context, from db.Reader, businessID business.ID, ids []ScheduledID) (map[ScheduledID][]LaterDelivery, error) {
	arguments := []any{businessID}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []struct {
		ScheduledID ScheduledID
		ID          string
		Channel     message.Channel
	}
	err := from.Select(ctx, &rows, `SELECT scheduled_id, id, channel FROM scheduled_deliveries WHERE business_id = $1 AND scheduled_id IN (`+db.In(len(ids), 2)+`) ORDER BY channel`, arguments...)
	all := map[ScheduledID][]LaterDelivery{}
	for _, r := range rows {
		all[r.ScheduledID] = append(all[r.ScheduledID], LaterDelivery{r.ID, r.Channel})
	}
	return all, err
}

// dropLater deletes scheduled sends and their messages.
func dropLater(ctx context.Context, tx *db.Tx, businessID business.ID, ids []ScheduledID) error {
	for part := range slices.Chunk(ids, 200) {
		arguments := []any{businessID}
		for _, id := range part {
			arguments = append(arguments, id)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM scheduled_deliveries WHERE business_id = $1 AND scheduled_id IN (`+db.In(len(part), 2)+`)`, arguments...); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM scheduled_sends WHERE business_id = $1 AND id IN (`+db.In(len(part), 2)+`)`, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// dropLaterOf deletes the scheduled sends of a deleted link, or to a deleted customer.
func dropLaterOf(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, who customer.ID) error {
	var ids []ScheduledID
	if err := tx.Select(ctx, &ids, `SELECT id FROM scheduled_sends WHERE business_id = $1 AND (link_id = $2 OR customer_id = $3) ORDER BY id`, businessID, linkID, who); err != nil {
		return err
	}
	return dropLater(ctx, tx, businessID, ids)
}

// moveLater gives one customer's scheduled sends to another, in the transaction that merges
// the two. What both were to get of a link at one time, with the same words, goes once, by the
// ways of either.
func moveLater(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	// None of them is sent meanwhile.
	if _, err := tx.Exec(ctx, `UPDATE scheduled_sends SET send_at = send_at WHERE business_id = $1 AND customer_id IN ($2, $3)`, businessID, keep, gone); err != nil {
		return err
	}
	var twice []struct{ Keep, Gone ScheduledID }
	err := tx.Select(ctx, &twice, `SELECT MIN(k.id) AS keep, g.id AS gone FROM scheduled_sends g JOIN scheduled_sends k
			ON k.business_id = g.business_id AND k.link_id = g.link_id AND k.mode = g.mode AND k.send_at = g.send_at AND k.message = g.message AND k.customer_id = $2
		WHERE g.business_id = $1 AND g.customer_id = $3 AND $2 <> $3 GROUP BY g.id ORDER BY g.id`, businessID, keep, gone)
	if err != nil {
		return err
	}
	for _, pair := range twice {
		if _, err := tx.Exec(ctx, `UPDATE scheduled_deliveries SET scheduled_id = $2 WHERE business_id = $1 AND scheduled_id = $3
			AND channel NOT IN (SELECT h.channel FROM scheduled_deliveries h WHERE h.scheduled_id = $2)`, businessID, pair.Keep, pair.Gone); err != nil {
			return err
		}
		if err := dropLater(ctx, tx, businessID, []ScheduledID{pair.Gone}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE scheduled_sends SET customer_id = $2 WHERE business_id = $1 AND customer_id = $3`, businessID, keep, gone)
	return err
}
