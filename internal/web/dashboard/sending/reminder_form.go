package sending

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/reminder"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// Words are the reminders in a line.
func (v ReminderValues) Words(reader frame.Reader) string {
	if !v.On {
		return reader.T("Off")
	}
	parts := []string{v.Line(reader)}
	if v.Weekdays {
		parts = append(parts, reader.T("weekdays only"))
	}
	if v.Quiet {
		parts = append(parts, reader.T("not from {{.From}} to {{.To}}", "From", v.From, "To", v.To))
	}
	return reader.List(parts)
}

// Line is what the folded reminders say: "Every week, 6 at most, until paid".
func (v ReminderValues) Line(reader frame.Reader) string {
	if !v.On {
		return reader.T("Off")
	}
	if v.Frequency == byDue {
		return reader.T("Around the due date: {{.Days}}", "Days", v.Days)
	}
	return reader.T("{{.FrequencyName}}, {{.Max}} at most, until paid", "FrequencyName", frequencyName(reader, reminder.Frequency(v.Frequency)), "Max", v.Max)
}

// ReminderValues are the fields of the reminders as they were typed.
type ReminderValues struct {
	On        bool
	Frequency string
	Max       string
	Weekdays  bool
	Quiet     bool
	From, To  string // 21:00
	Days      string // around the due date, where Frequency is byDue: "-3, 0, 7"
	DueOn     string // the link's, as far as the form knows it
}

func ReminderValuesFrom(form url.Values) ReminderValues {
	return ReminderValues{
		On: frame.Ticked(form, "remind"), Frequency: form.Get("remind_every"), Max: form.Get("remind_max"), Weekdays: frame.Ticked(form, "remind_weekdays"),
		Quiet: frame.Ticked(form, "remind_quiet"), From: form.Get("remind_from"), To: form.Get("remind_to"),
		Days: form.Get("remind_days"), DueOn: form.Get("due_on"),
	}
}

// UsualReminders are what the form offers to a link that does not remind yet.
func UsualReminders() ReminderValues {
	return ReminderValues{Frequency: string(reminder.Weekly), Max: "3", From: "21:00", To: "08:00", Days: "-3, 0, 7, 14"}
}

func ReminderValuesOf(s *reminder.Settings) ReminderValues {
	v := UsualReminders()
	if s == nil {
		return v
	}
	v.On, v.Frequency, v.Max, v.Weekdays = true, string(s.Frequency), strconv.FormatInt(s.Max, 10), s.WeekdaysOnly
	if v.DueOn = s.DueOn; len(s.Offsets) > 0 {
		v.Frequency, v.Days = byDue, reminder.FormatOffsets(s.Offsets)
	}
	if q := s.Quiet; q != nil {
		v.Quiet, v.From, v.To = true, reminder.FormatMinutes(q.From), reminder.FormatMinutes(q.To)
	}
	return v
}

// Settings are what the fields say; nil when reminders are off.
func (v ReminderValues) Settings(unread *fault.Fields) *reminder.Settings {
	if !v.On {
		return nil
	}
	s := &reminder.Settings{Frequency: reminder.Frequency(v.Frequency), WeekdaysOnly: v.Weekdays}
	s.Max, _ = text.Whole(v.Max) // nonsense is 0, which is refused with the bounds
	if v.Frequency == byDue {
		days, ok := reminder.ParseOffsets(v.Days)
		if s.Offsets, s.DueOn = days, v.DueOn; !ok {
			unread.Add("reminders.offsets", "", "Write days around the due date like -3, 0, 7: -3 is three days before.")
		}
	}
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

// Asked is how the link reminds as the form says, whatever it did before.
func (v ReminderValues) Asked(*reminder.Settings) (*reminder.Settings, error) {
	var unread fault.Fields
	s := v.Settings(&unread)
	return s, unread.Err()
}

// ReminderInputs maps fields of the API to inputs.
func ReminderInputs() map[string]string {
	return map[string]string{"reminders.frequency": "remind_every", "reminders.max": "remind_max", "reminders.offsets": "remind_days", "reminders.quiet": "remind_quiet"}
}

// ReminderForm is the part of a form that says how a link reminds.
type ReminderForm struct {
	Values    ReminderValues
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

// DatesOf computes what the values would lead to, from a moment on; empty when
// they can't be read.
func DatesOf(scope *frame.Scope, v ReminderValues, from time.Time) reminderDates {
	var unread fault.Fields
	v.On = true
	s, zone := v.Settings(&unread), scope.Business.Location()
	if len(s.Offsets) > 0 && len(unread) == 0 {
		s.Max = int64(len(s.Offsets))
	}
	if s.Max < 1 || s.Max > reminder.MaxReminders || len(unread) > 0 {
		return reminderDates{}
	}
	grid := reminder.Schedule{Settings: *s, Anchor: from, Zone: zone}
	all := grid.Dates(0, from, s.Max)
	steps := []reminderStep{{Date: scope.ShortDate(from, zone), Note: scope.T("Link sent"), Sent: true}}
	for i, due := range all {
		last := i == len(all)-1
		switch {
		case i < shownSteps || last:
			step := reminderStep{Mark: strconv.Itoa(i + 1), Date: scope.ShortDate(due, zone)}
			if last && i > 0 {
				step.Note = scope.T("Last")
			}
			steps = append(steps, step)
		case i == shownSteps:
			steps = append(steps, reminderStep{More: true, Date: scope.N(int64(len(all)-shownSteps-1), "{{.Count}} more", "{{.Count}} more")})
		}
	}
	return reminderDates{Steps: steps, Note: scope.T("They stop as soon as the customer pays. Sent at the same time of day as the link, in your time zone.")}
}

// showReminderDates answers, while a form is filled in, when reminders would go
// out.
func (d Pages) showReminderDates(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return frame.Render(w, r, http.StatusOK, reminderDatesBox(DatesOf(scope, ReminderValuesFrom(r.URL.Query()), scope.Now)))
}

// howOften says when reminders go out, in a few words.
func howOften(reader frame.Reader, s reminder.Settings) string {
	if len(s.Offsets) > 0 {
		return reader.T("Around the due date: {{.Days}}", "Days", reminder.FormatOffsets(s.Offsets))
	}
	return frequencyName(reader, s.Frequency)
}

// byDue is how often, where it is days around the due date.
const byDue = "due"

func frequencyOptions(reader frame.Reader) []ui.Option {
	var options []ui.Option
	for _, f := range reminder.Frequencies() {
		options = append(options, ui.Option{Value: string(f), Label: frequencyName(reader, f)})
	}
	return append(options, ui.Option{Value: byDue, Label: reader.T("Around the due date")})
}

func frequencyName(reader frame.Reader, f reminder.Frequency) string {
	switch f {
	case reminder.Daily:
		return reader.T("Every day")
	case reminder.Every2Days:
		return reader.T("Every 2 days")
	case reminder.Every3Days:
		return reader.T("Every 3 days")
	case reminder.Weekly:
		return reader.T("Every week")
	}
	return reader.T("Every month")
}
