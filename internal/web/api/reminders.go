package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/reminder"
	"smartlinks/internal/visit"
)

// reminding are the operations on the reminders of a link.
func (a *rooms) reminding() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	for _, act := range []struct {
		name, summary, about string
		do                   func(ctx context.Context, b business.Business, id link.ID, only delivery.RecipientID) error
	}{
		{"pause", "Let reminders rest", "Nothing goes out until they are resumed.", a.Reminders.Pause},
		{"resume", "Go on with reminders", "What fell into the pause is not made up for.", a.Reminders.Resume},
		{"skip", "Leave the next reminder out", "", a.Reminders.Skip},
		{"send", "Send the next reminder now", "It takes the place of the next one.", a.Reminders.SendNow},
	} {
		register(a, operation{method: http.MethodPost, path: "/links/{id}/reminders/" + act.name, id: act.name + "-reminders", summary: act.summary, group: groupSending,
			about: act.about, scope: account.LinksWrite, object: there}, func(ctx context.Context, b business.Business, in *reminderAct) (*oneLink, error) {
			only := delivery.RecipientID("")
			if in.Body != nil {
				only = delivery.RecipientID(in.Body.RecipientID)
			}
			if err := act.do(ctx, b, link.ID(in.ID), only); err != nil {
				return nil, err
			}
			l, err := a.Links.Get(ctx, b, link.ID(in.ID))
			return a.one(ctx, b, l, err)
		})
	}
}

type reminderAct struct {
	ByID
	Body *struct {
		RecipientID string `json:"recipient_id,omitempty" doc:"Of one recipient; all of the link's when left out."`
	} `required:"false"`
}

// reminderBody is how a link reminds.
type reminderBody struct {
	Frequency    string     `json:"frequency" example:"every_2_days" doc:"daily, every_2_days, every_3_days, weekly or monthly"`
	Max          int64      `json:"max" doc:"1 to 50, to each recipient."`
	WeekdaysOnly bool       `json:"weekdays_only,omitempty" doc:"What falls on a weekend waits for Monday."`
	Quiet        *quietBody `json:"quiet,omitempty" doc:"Hours of the day, in the business's time zone, in which none goes out."`
}

type quietBody struct {
	From string `json:"from" example:"21:00"`
	To   string `json:"to" example:"08:00"`
}

func (in reminderBody) settings() (*reminder.Settings, error) {
	s := &reminder.Settings{Frequency: reminder.Frequency(in.Frequency), Max: in.Max, WeekdaysOnly: in.WeekdaysOnly}
	if in.Quiet == nil {
		return s, nil
	}
	from, fromOK := reminder.ParseMinutes(in.Quiet.From)
	to, toOK := reminder.ParseMinutes(in.Quiet.To)
	if !fromOK || !toOK {
		var wrong fault.Fields
		wrong.Add("reminders.quiet", "", "Write times of the day like 21:00.")
		return nil, wrong.Err()
	}
	s.Quiet = &reminder.Quiet{From: from, To: to}
	return s, nil
}

// setReminders changes how a link reminds, when the body says so.
func (a *rooms) setReminders(ctx context.Context, tx *db.Tx, b business.Business, id link.ID, in optional[reminderBody]) error {
	if !in.Sent {
		return nil
	}
	if in.Value == nil {
		return a.Reminders.SetTx(ctx, tx, b, id, nil)
	}
	s, err := in.Value.settings()
	if err != nil {
		return err
	}
	return a.Reminders.SetTx(ctx, tx, b, id, s)
}

// reminderView is how the reminders of a link stand.
type reminderView struct {
	Frequency    reminder.Frequency `json:"frequency" enum:"daily,every_2_days,every_3_days,weekly,monthly"`
	Max          int64              `json:"max"`
	WeekdaysOnly bool               `json:"weekdays_only"`
	Quiet        *quietBody         `json:"quiet"`
	Recipients   int64              `json:"recipients"`
	Sent         int64              `json:"sent" doc:"To all recipients together."`
	Remaining    int64              `json:"remaining"`
	NextAt       *time.Time         `json:"next_at"`
	Status       reminder.State     `json:"status" enum:"active,paused,complete,stopped"`
}

func (a *rooms) reminderView(ctx context.Context, from db.Reader, b business.Business, id link.ID) (*reminderView, error) {
	sum, err := a.Reminders.Of(ctx, from, b, id)
	if err != nil || sum == nil {
		return nil, err
	}
	v := &reminderView{
		Frequency: sum.Frequency, Max: sum.Max, WeekdaysOnly: sum.WeekdaysOnly, Recipients: sum.Count, Sent: sum.Sent, Remaining: sum.Remaining,
		NextAt: utc(sum.NextAt), Status: sum.Status,
	}
	if q := sum.Quiet; q != nil {
		v.Quiet = &quietBody{reminder.FormatMinutes(q.From), reminder.FormatMinutes(q.To)}
	}
	return v, nil
}

// mostUpcoming bounds the reminders that are told of before they go out.
const mostUpcoming = 50

// upcoming are the reminders that are still to go out, the last first as all
// activity is. They come before the first page of reminders.
func (a *rooms) upcoming(ctx context.Context, b business.Business, in *activityQuery) ([]activityRow, error) {
	if in.Kind != string(visit.KindReminder) || in.Cursor != "" {
		return nil, nil
	}
	sum, err := a.Reminders.Of(ctx, a.DB, b, link.ID(in.ID))
	if err != nil || sum == nil {
		return nil, err
	}
	var rows []activityRow
	for _, u := range sum.Upcoming(b.Location(), mostUpcoming) {
		rows = append(rows, activityRow{
			Kind: visit.KindReminder, At: u.At.UTC(), Status: "upcoming", Customer: &person{Name: u.Customer},
			SendRow: &SendRow{Number: &u.Number, CustomerID: pointer(string(u.Plan.CustomerID)), Channels: u.Plan.Channels, Deliveries: []deliveryView{}},
		})
	}
	slices.SortStableFunc(rows, func(a, b activityRow) int { return b.At.Compare(a.At) })
	return rows, nil
}
