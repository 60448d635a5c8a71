package reminder

import (
	"context"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// State is how a plan stands.
type State string

// The states.
const (
	Active   State = "active"
	Paused   State = "paused"   // by the merchant
	Complete State = "complete" // the recipient paid
	Stopped  State = "stopped"  // for another reason
)

// Why plans stop, as sentences for the merchant.
const (
	AllSent    = "All reminders were sent."
	SwitchOff  = "Reminders were switched off."
	LinkClosed = "The link takes no payments."
	NoWay      = "The customer can't be reached any more."
	Gone       = "The customer was deleted."
)

// Plan is the reminders of one recipient.
type Plan struct {
	RecipientID delivery.RecipientID
	CustomerID  customer.ID // "" once the customer was deleted
	Customer    string      // name
	Channels    []message.Channel
	State       State
	Reason      string
	AnchorAt    time.Time // zero until something was sent
	Sent        int64
	NextAt      time.Time // zero: none
	Occurrence  int64
	PaidBy      string    // of a complete plan, as the payer typed it; only where a link has one plan
	PaidAt      time.Time // likewise
}

// planRow is a plan as it is stored, with the link's settings.
type planRow struct {
	RecipientID  delivery.RecipientID
	BusinessID   business.ID
	LinkID       link.ID
	Mode         business.Mode
	Channels     string
	State        State
	Reason       string
	AnchorAt     db.Time
	Occurrence   int64
	Sent         int64
	DueAt        db.Time
	CustomerID   *customer.ID
	CustomerName string
}

const planColumns = `p.recipient_id, p.business_id, p.link_id, p.mode, p.channels, p.state, p.reason, p.anchor_at, p.occurrence, p.sent, p.due_at,
	r.customer_id, COALESCE(c.name, '') AS customer_name`

const planTables = ` FROM reminder_plans p JOIN recipients r ON r.id = p.recipient_id LEFT JOIN customers c ON c.id = r.customer_id`

func (r planRow) plan() Plan {
	p := Plan{
		RecipientID: r.RecipientID, Customer: r.CustomerName, Channels: parseChannels(r.Channels), State: r.State, Reason: r.Reason,
		AnchorAt: r.AnchorAt.Time, Sent: r.Sent, NextAt: r.DueAt.Time, Occurrence: r.Occurrence,
	}
	if r.CustomerID != nil {
		p.CustomerID = *r.CustomerID
	}
	return p
}

func parseChannels(text string) (all []message.Channel) {
	for name := range strings.SplitSeq(text, ",") {
		if name != "" {
			all = append(all, message.Channel(name))
		}
	}
	return all
}

func joinChannels(all []message.Channel) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = string(c)
	}
	return strings.Join(names, ",")
}

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // sends what falls due
	Businesses *business.Businesses
	Links      *link.Links
	Customers  *customer.Customers
	Deliveries *delivery.Deliveries
	Messages   *message.Messages
}

// Reminders is the store of settings and plans. It is safe for concurrent use.
type Reminders struct {
	Config
	plans job.Work[duePlan]
}

// New returns the store. It hears of sends, opt-outs, merges and time zones, and reminders go out once
// the queue is started.
func New(c Config) *Reminders {
	s := &Reminders{Config: c}
	s.addWork()
	c.Businesses.OnZone(s.onZone)
	c.Deliveries.OnMade(s.onSend)
	c.Deliveries.OnStatus(s.onStatus)
	c.Deliveries.OnJoin(s.onJoin)
	c.Deliveries.OnOptOut(s.onOptOut)
	return s
}

// schedule is a plan's grid.
func (r planRow) schedule(s Settings, zone *time.Location) Schedule {
	return Schedule{Settings: s, Anchor: r.AnchorAt.Time, Zone: zone}
}

// lockPlan reads a plan and locks it until the transaction ends.
func lockPlan(ctx context.Context, tx *db.Tx, businessID business.ID, id delivery.RecipientID) (r planRow, err error) {
	if _, err := tx.Exec(ctx, `UPDATE reminder_plans SET updated_at = updated_at WHERE business_id = $1 AND recipient_id = $2`, businessID, id); err != nil {
		return r, err
	}
	err = tx.Get(ctx, &r, `SELECT `+planColumns+planTables+` WHERE p.business_id = $1 AND p.recipient_id = $2`, businessID, id)
	return r, err
}

// store writes what may change of a plan.
func (r planRow) store(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE reminder_plans SET state = $3, reason = $4, anchor_at = $5, occurrence = $6, sent = $7, due_at = $8, channels = $9, updated_at = $10
		WHERE business_id = $1 AND recipient_id = $2`,
		r.BusinessID, r.RecipientID, r.State, r.Reason, r.AnchorAt, r.Occurrence, r.Sent, r.DueAt, r.Channels, db.At(tx.Now()))
	tx.Notify("activity", string(r.LinkID))
	return err
}

// stop ends a plan.
func (r *planRow) stop(state State, reason string) {
	r.State, r.Reason, r.DueAt = state, reason, db.Time{}
}
