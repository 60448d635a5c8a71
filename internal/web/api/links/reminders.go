package links

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/reminder"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api/frame"
)

// reminding are the operations on the reminders of a link.
func (a Handlers) reminding() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	for _, act := range []struct {
		name, summary, about string
		do                   func(ctx context.Context, b business.Business, id link.ID, only delivery.RecipientID) error
	}{
		{"pause", "Let reminders rest", "Nothing goes out until they are resumed.", a.Reminders.Pause},
		{"resume", "Go on with reminders", "What fell into the pause is not made up for. Also for what ended when the link closed, once it is open again.", a.Reminders.Resume},
		{"skip", "Leave the next reminder out", "", a.Reminders.Skip},
		{"send", "Send the next reminder now", "It takes the place of the next one.", a.Reminders.SendNow},
	} {
		frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/{id}/reminders/" + act.name, ID: act.name + "-reminders", Summary: act.summary, Group: frame.GroupSending,
			About: act.about, Scope: account.LinksWrite, Object: there}, func(ctx context.Context, b business.Business, in *reminderAct) (*oneLink, error) {
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
	frame.ByID
	Body *struct {
		RecipientID string `json:"recipient_id,omitempty" doc:"Of one recipient; all of the link's when left out."`
	} `required:"false"`
}

// ReminderBody is how a link reminds. What a change leaves out stays.
type ReminderBody struct {
	Frequency    *string                   `json:"frequency,omitempty" enum:"daily,every_2_days,every_3_days,weekly,monthly" doc:"How often."`
	Max          *int64                    `json:"max,omitempty" example:"5" doc:"1 to 50, to each recipient."`
	Offsets      []int64                   `json:"offsets,omitempty" example:"[-3,0,7]" doc:"Days from the link's due date on which reminders go out, in place of frequency and max, at the local time of the first send: -3 is three days before. A day within 24 hours of the send is left out."`
	WeekdaysOnly *bool                     `json:"weekdays_only,omitempty" doc:"What falls on a weekend waits for Monday."`
	Quiet        frame.Optional[quietBody] `json:"quiet" required:"false" doc:"Hours of the day, in the business's time zone, in which none goes out; null for none."`
}

type quietBody struct {
	From string `json:"from" example:"21:00"`
	To   string `json:"to" example:"08:00"`
}

// over are the settings with the changes.
func (in ReminderBody) over(s reminder.Settings) (*reminder.Settings, error) {
	if wrong := in.contradicts(s); wrong != nil {
		return nil, wrong
	}
	if in.Frequency != nil {
		s.Frequency, s.Offsets = reminder.Frequency(*in.Frequency), nil
	}
	if in.Max != nil {
		s.Max = *in.Max
	}
	if in.Offsets != nil {
		s.Offsets = in.Offsets
	}
	if in.WeekdaysOnly != nil {
		s.WeekdaysOnly = *in.WeekdaysOnly
	}
	switch quiet := in.Quiet.Value; {
	case quiet != nil:
		from, fromOK := reminder.ParseMinutes(quiet.From)
		to, toOK := reminder.ParseMinutes(quiet.To)
		if !fromOK || !toOK {
			var wrong fault.Fields
			wrong.Add("reminders.quiet", "", "Write times of the day like 21:00.")
			return nil, wrong.Err()
		}
		s.Quiet = &reminder.Quiet{From: from, To: to}
	case in.Quiet.Sent:
		s.Quiet = nil
	}
	return &s, nil
}

// contradicts refuses what could only be ignored: how often and how many, beside days around
// the due date. The number that an answer has may come back with them.
func (in ReminderBody) contradicts(s reminder.Settings) error {
	var wrong fault.Fields
	days := in.Offsets
	if days == nil && in.Frequency == nil {
		days = s.Offsets
	}
	switch {
	case len(days) == 0:
	case in.Frequency != nil:
		wrong.Add("reminders.frequency", "", "Send a frequency, or days around the due date, not both.")
	case in.Max != nil && *in.Max != int64(len(days)):
		wrong.Add("reminders.max", "", "These reminders go out on days around the due date. Change offsets, or send a frequency.")
	}
	return wrong.Err()
}

// ReadReminders is how a link reminds as the body says, given how it did; nil when the
// body says nothing of it.
func ReadReminders(in frame.Optional[ReminderBody]) func(before *reminder.Settings) (*reminder.Settings, error) {
	if !in.Sent {
		return nil
	}
	return func(before *reminder.Settings) (*reminder.Settings, error) {
		if in.Value == nil {
			return nil, nil
		}
		return in.Value.over(frame.ValueOf(before))
	}
}

// reminderView is how the reminders of a link stand.
type reminderView struct {
	Frequency    *reminder.Frequency `json:"frequency" enum:"daily,every_2_days,every_3_days,weekly,monthly" doc:"null where they go out on days around the due date."`
	Offsets      []int64             `json:"offsets" nullable:"false" doc:"Days from the due date; empty with a frequency."`
	Max          int64               `json:"max"`
	WeekdaysOnly bool                `json:"weekdays_only"`
	Quiet        *quietBody          `json:"quiet"`
	Recipients   int64               `json:"recipients"`
	Sent         int64               `json:"sent" doc:"To all recipients together."`
	Remaining    int64               `json:"remaining"`
	NextAt       *time.Time          `json:"next_at"`
	Status       reminder.State      `json:"status" enum:"active,paused,complete,stopped"`
}

func (a Handlers) reminderView(ctx context.Context, from db.Reader, b business.Business, l link.Link) (*reminderView, error) {
	sum, err := a.Reminders.Of(ctx, from, b, l)
	if err != nil || sum == nil {
		return nil, err
	}
	v := &reminderView{
		Offsets: sum.Offsets, Max: sum.Max, WeekdaysOnly: sum.WeekdaysOnly, Recipients: sum.Count, Sent: sum.Sent, Remaining: sum.Remaining,
		NextAt: frame.UTC(sum.NextAt), Status: sum.Status,
	}
	if len(sum.Offsets) == 0 {
		v.Frequency, v.Offsets = &sum.Frequency, []int64{}
	}
	if q := sum.Quiet; q != nil {
		v.Quiet = &quietBody{reminder.FormatMinutes(q.From), reminder.FormatMinutes(q.To)}
	}
	return v, nil
}

// mostUpcoming bounds the reminders that are told of before they go out.
const mostUpcoming = 50

// beforeAll begins the cursors of pages on which reminders that are to go out
// stand, before everything that has happened; how many were told follows.
const beforeAll = "upcoming-"

// cursorOfUpcoming reports whether the cursor was that of such a page.
func cursorOfUpcoming(cursor string) bool { return strings.HasPrefix(cursor, beforeAll) }

// upcoming are the reminders that are still to go out, the last first as all
// activity is. They come before what has happened, in pages like it: more is the
// cursor behind a page that they fill.
func (a Handlers) upcoming(ctx context.Context, b business.Business, in *activityQuery) (rows []activityRow, more string, err error) {
	rows = []activityRow{} // no list is null
	if in.Kind != string(visit.KindReminder) || in.Cursor != "" && !cursorOfUpcoming(in.Cursor) {
		return rows, "", nil
	}
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return rows, "", err
	}
	sum, err := a.Reminders.Of(ctx, a.DB, b, l)
	if err != nil || sum == nil {
		return rows, "", err
	}
	for _, u := range sum.Upcoming(b.Location(), mostUpcoming) {
		rows = append(rows, activityRow{
			Kind: visit.KindReminder, At: u.At.UTC(), Status: "upcoming", Customer: &person{Name: u.Customer},
			SendRow: &SendRow{Number: &u.Number, CustomerID: frame.Pointer(string(u.Plan.CustomerID)), Channels: u.Plan.Channels, Deliveries: []DeliveryView{}},
		})
	}
	slices.SortStableFunc(rows, func(a, b activityRow) int { return b.At.Compare(a.At) })
	// The earliest stands last and goes first: what was told keeps its place.
	n, err := strconv.Atoi(strings.TrimPrefix(in.Cursor, beforeAll))
	if in.Cursor != "" && (err != nil || n < 0) {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
		return nil, "", wrong.Err()
	}
	rows = rows[min(n, len(rows)):]
	if len(rows) < in.Limit {
		return rows, "", nil
	}
	return rows[:in.Limit], beforeAll + strconv.Itoa(n+in.Limit), nil
}
