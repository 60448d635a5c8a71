package reminder

import (
	"context"
	"errors"
	"strconv"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// patience is how long a reminder waits for somebody who is paying, and for
// whatever goes wrong here.
const patience = 15 * time.Minute

// duePlan is a plan that fell due and that this process has claimed.
type duePlan struct {
	BusinessID  business.ID
	RecipientID delivery.RecipientID
	DueAt       db.Time // the end of the lease
}

func (d duePlan) key() []any    { return []any{d.RecipientID} }
func (d duePlan) group() string { return string(d.BusinessID) }

// addWork tells the queue how reminders are sent.
func (s *Reminders) addWork() {
	s.plans = job.Add(s.Queue, job.Kind[duePlan]{
		Name: "reminders", AtOnce: 8, AtOnceEach: 4, KeyOf: duePlan.key, GroupOf: duePlan.group, Do: s.fallDue,
		Rows:  job.Rows{Table: "reminder_plans", Key: []string{"recipient_id"}, Group: "business_id", Returning: "business_id, recipient_id, due_at"},
		Pause: func(duePlan) time.Duration { return patience },
	})
}

// SendDue sends the reminders that fell due, and returns when none is left. Each
// is written by the transaction that moves its plan on, so of several processes
// one sends, and a process that dies has sent or has not. What was missed, as
// while the server was off, is made up for by one reminder.
func (s *Reminders) SendDue(ctx context.Context) (n int, err error) { return s.plans.Drain(ctx) }

// fallDue sends one reminder, or finds that there is nothing to send: who changed the
// plan since it was claimed has said when it is due now.
func (s *Reminders) fallDue(ctx context.Context, d duePlan) error {
	b, err := s.Businesses.ByID(ctx, d.BusinessID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		r, err := lockPlan(ctx, tx, d.BusinessID, d.RecipientID)
		if err != nil || r.State != Active || !r.DueAt.Equal(d.DueAt.Time) {
			return ignoreNone(err)
		}
		if err := s.remind(ctx, tx, b, &r, nil); err != nil {
			return err
		}
		return r.store(ctx, tx)
	})
}

// errPaying says that the recipient is paying just now.
var errPaying = fault.New(fault.Conflict, "The customer is paying right now, so no reminder goes out. Look again in some minutes.")

// remind sends the reminder of a locked plan and moves the plan on. By hand it is sent
// although nothing is due, in place of the next one; why it can't be is an error then.
func (s *Reminders) remind(ctx context.Context, tx *db.Tx, b business.Business, r *planRow, by *Hand) error {
	settings, err := s.Settings(ctx, tx, b.ID, r.LinkID)
	if err != nil {
		return err
	}
	l, ended, err := s.why(ctx, tx, b, *r, settings)
	if err != nil {
		return err
	}
	if ended.State != "" {
		r.stop(ended.State, ended.Reason)
		return nil
	}
	grid := r.schedule(*settings, b.Location())
	latest := grid.Latest(r.Occurrence, tx.Now())
	if by == nil && latest == r.Occurrence { // nothing is due here: the time zone was another one
		r.next(*settings, b.Location(), tx.Now())
		return nil
	}
	busy, err := s.paying(ctx, tx, *r)
	switch {
	case err != nil:
		return err
	case busy && by != nil:
		return errPaying
	case busy: // the grid stays where it is
		r.DueAt = db.At(tx.Now().Add(patience))
		return nil
	}
	channels := parseChannels(r.Channels)
	if by != nil && by.Channels != nil {
		channels = by.Channels
	}
	ways, err := s.ways(ctx, tx, b, *r, channels)
	if err != nil {
		return err
	}
	if len(ways) == 0 && by != nil && by.Channels != nil {
		return errNoWay // others may be open to the plan
	}
	if len(ways) == 0 {
		r.stop(Stopped, NoWay)
		return nil
	}
	if err := s.leaveOut(ctx, tx, *r, grid, latest, tx.Now(), MadeUpFor); err != nil {
		return err
	}
	r.Occurrence = latest
	if by != nil {
		r.Occurrence, _ = grid.Next(r.Occurrence, tx.Now())
	}
	most := settings.Max
	if len(settings.Offsets) > 0 {
		most = r.Sent + 1 + grid.remaining(r.Occurrence, tx.Now())
	}
	if err := s.send(ctx, tx, b, l, r, ways, most, by); err != nil {
		return err
	}
	if r.Sent >= settings.Max && len(settings.Offsets) == 0 {
		r.stop(Stopped, AllSent)
		return nil
	}
	r.next(*settings, b.Location(), tx.Now())
	if r.DueAt.IsZero() { // the last of the days has passed
		r.stop(Stopped, AllSent)
	}
	return nil
}

// send writes a reminder; its number is its key, so that there is one of each. One by hand
// has the key of the hand's.
func (s *Reminders) send(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, r *planRow, ways []message.Channel, most int64, by *Hand) error {
	r.Sent++
	o := delivery.Order{
		CustomerID: *r.CustomerID, Channels: ways, Kind: delivery.KindReminder, Reminder: delivery.Reminder{Number: r.Sent, Max: most},
		Key: "reminder/" + string(r.RecipientID) + "/" + strconv.FormatInt(r.Sent, 10),
	}
	if by != nil && by.Key != "" {
		o.Message, o.Key = by.Message, by.key(r.LinkID, *r.CustomerID)
	}
	_, _, err := s.Deliveries.SendTx(ctx, tx, b, l, o)
	return err
}

// end is why a plan is over; none when it is not.
type end struct {
	State  State
	Reason string
}

// why tells why a plan is over, as it stands under the lock.
func (s *Reminders) why(ctx context.Context, tx *db.Tx, b business.Business, r planRow, settings *Settings) (l link.Link, e end, err error) {
	paid, err := s.paid(ctx, tx, r)
	switch {
	case err != nil:
		return l, e, err
	case paid:
		return l, end{Complete, ""}, nil
	case settings == nil:
		return l, end{Stopped, SwitchOff}, nil
	case r.CustomerID == nil:
		return l, end{Stopped, Gone}, nil
	case r.Sent >= settings.Max && len(settings.Offsets) == 0:
		return l, end{Stopped, AllSent}, nil
	}
	l, err = s.Links.GetTx(ctx, tx, b, r.LinkID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && (r.Mode != b.Mode || closed(l, tx.Now())):
		return l, end{Stopped, LinkClosed}, nil
	}
	return l, e, err
}

// ways are those of the channels that still reach the customer.
func (s *Reminders) ways(ctx context.Context, tx *db.Tx, b business.Business, r planRow, channels []message.Channel) (open []message.Channel, err error) {
	c, err := s.Customers.GetTx(ctx, tx, b.ID, *r.CustomerID)
	if err != nil {
		return nil, err
	}
	reach, err := s.Deliveries.Reach(ctx, tx, b, c)
	for _, channel := range channels {
		if reach.Way(channel).Possible() {
			open = append(open, channel)
		}
	}
	return open, err
}

func ignoreNone(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	return err
}
