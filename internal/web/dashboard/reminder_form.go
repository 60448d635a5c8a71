package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/reminder"
	"smartlinks/internal/web/ui"
)

// reminderValues are the fields of the reminders as they were typed.
type reminderValues struct {
	On        bool
	Frequency string
	Max       string
	Weekdays  bool
	Quiet     bool
	From, To  string // 21:00
}

func reminderValuesFrom(form url.Values) reminderValues {
	return reminderValues{
		On: ticked(form, "remind"), Frequency: form.Get("remind_every"), Max: form.Get("remind_max"), Weekdays: ticked(form, "remind_weekdays"),
		Quiet: ticked(form, "remind_quiet"), From: form.Get("remind_from"), To: form.Get("remind_to"),
	}
}

// usualReminders are what the form offers to a link that does not remind yet.
func usualReminders() reminderValues {
	return reminderValues{Frequency: string(reminder.Weekly), Max: "3", From: "21:00", To: "08:00"}
}

func reminderValuesOf(s *reminder.Settings) reminderValues {
	v := usualReminders()
	if s == nil {
		return v
	}
	v.On, v.Frequency, v.Max, v.Weekdays = true, string(s.Frequency), strconv.FormatInt(s.Max, 10), s.WeekdaysOnly
	if q := s.Quiet; q != nil {
		v.Quiet, v.From, v.To = true, reminder.FormatMinutes(q.From), reminder.FormatMinutes(q.To)
	}
	return v
}

// settings are what the fields say; nil when reminders are off.
func (v reminderValues) settings(unread *fault.Fields) *reminder.Settings {
	if !v.On {
		return nil
	}
	s := &reminder.Settings{Frequency: reminder.Frequency(v.Frequency), WeekdaysOnly: v.Weekdays}
	s.Max, _ = strconv.ParseInt(v.Max, 10, 64) // nonsense is 0, which is refused with the bounds
	if !v.Quiet {
		return s
	}
	from, fromOK := reminder.ParseMinutes(v.From)
	to, toOK := reminder.ParseMinutes(v.To)
	if !fromOK || !toOK {
		unread.Add("reminders.quiet", "", "Write times of the day like 21:00.")
	}
	s.Quiet = &reminder.Quiet{From: from, To: to}
	return s
}

// setReminders stores what the form says, in the transaction that stores its
// link.
func (d *Dashboard) setReminders(ctx context.Context, tx *db.Tx, at *room, id link.ID, v reminderValues) error {
	var unread fault.Fields
	s := v.settings(&unread)
	if err := unread.Err(); err != nil {
		return err
	}
	return d.Reminders.SetTx(ctx, tx, at.Business, id, s)
}

// reminderInputs maps fields of the API to inputs.
func reminderInputs() map[string]string {
	return map[string]string{"reminders.frequency": "remind_every", "reminders.max": "remind_max", "reminders.quiet": "remind_quiet"}
}

// reminderForm is the part of a form that says how a link reminds.
type reminderForm struct {
	Values    reminderValues
	Errors    map[string]string
	DatesHref string
	Dates     reminderDates
}

// reminderDates are the days on which reminders would go out.
type reminderDates struct {
	Steps []reminderStep
	Note  string
}

// reminderStep is one of them; More stands for those between.
type reminderStep struct {
	Mark, Date, Note string
	Sent, More       bool
}

// shownSteps is how many dates are shown one by one before the last.
const shownSteps = 3

// datesOf computes what the values would lead to, from a moment on; empty when
// they can't be read.
func datesOf(at *room, v reminderValues, from time.Time) reminderDates {
	var unread fault.Fields
	v.On = true
	s, zone := v.settings(&unread), at.Business.Location()
	if s.Max < 1 || s.Max > reminder.MaxReminders || len(unread) > 0 {
		return reminderDates{}
	}
	grid := reminder.Schedule{Settings: *s, Anchor: from, Zone: zone}
	all := grid.Dates(0, from, s.Max)
	steps := []reminderStep{{Date: shortDay(from, zone), Note: "Link sent", Sent: true}}
	for i, due := range all {
		last := i == len(all)-1
		switch {
		case i < shownSteps || last:
			step := reminderStep{Mark: strconv.Itoa(i + 1), Date: shortDay(due, zone)}
			if last && i > 0 {
				step.Note = "Last"
			}
			steps = append(steps, step)
		case i == shownSteps:
			steps = append(steps, reminderStep{More: true, Date: strconv.Itoa(len(all)-shownSteps-1) + " more"})
		}
	}
	return reminderDates{Steps: steps, Note: "They stop as soon as the customer pays. Sent at the same time of day as the link, in your time zone."}
}

func shortDay(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 Jan") }

// showReminderDates answers, while a form is filled in, when reminders would go
// out.
func (d *Dashboard) showReminderDates(w http.ResponseWriter, r *http.Request, at *room) error {
	return render(w, r, http.StatusOK, reminderDatesBox(datesOf(at, reminderValuesFrom(r.URL.Query()), at.Now)))
}

func frequencyOptions() []ui.Option {
	var options []ui.Option
	for _, f := range reminder.Frequencies() {
		options = append(options, ui.Option{Value: string(f), Label: frequencyName(f)})
	}
	return options
}

func frequencyName(f reminder.Frequency) string {
	switch f {
	case reminder.Daily:
		return "Every day"
	case reminder.Every2Days:
		return "Every 2 days"
	case reminder.Every3Days:
		return "Every 3 days"
	case reminder.Weekly:
		return "Every week"
	}
	return "Every month"
}
