package dashboard

import (
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/testclock"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// clockView is the page of the test clock.
type clockView struct {
	frame.Problems
	Href, Now, Ahead string
	Moved            bool // it does not show the real time
	Mailbox          string
	Days             string // as typed
	Steps            []clockStep
}

// clockStep is a step that is one press away.
type clockStep struct {
	Label string
	Hours int64
}

func clockSteps(reader frame.Reader) []clockStep {
	return []clockStep{
		{reader.N(1, "+ {{.Count}} hour", "+ {{.Count}} hours"), 1}, {reader.N(1, "+ {{.Count}} day", "+ {{.Count}} days"), 24},
		{reader.N(2, "+ {{.Count}} day", "+ {{.Count}} days"), 48}, {reader.N(1, "+ {{.Count}} week", "+ {{.Count}} weeks"), 7 * 24},
		{reader.N(30, "+ {{.Count}} day", "+ {{.Count}} days"), 30 * 24},
	}
}

// maxClockDays bounds a step: the clock goes no further ahead.
const maxClockDays = int64(testclock.MaxAhead / (24 * time.Hour))

func (d *Dashboard) showClock(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.clockPage(w, r, scope, http.StatusOK, clockView{})
}

func (d *Dashboard) clockPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v clockView) error {
	clock := d.DB.Clock()
	v.Href, v.Mailbox, v.Steps = scope.Base+"/test-clock", "/mailbox", clockSteps(scope.Reader)
	v.Now, v.Ahead = scope.DateTime(clock.Now(), scope.Business.Location()), aheadWords(scope.Reader, clock.Offset())
	v.Moved = clock.Offset() != 0
	return frame.Render(w, r, status, clockPage(d.Frame(r, scope, frame.Titled(scope.T("Test clock"))), v))
}

// aheadWords is "3 days and 2 hours ahead of the real time".
func aheadWords(reader frame.Reader, by time.Duration) string {
	days, hours := int64(by/(24*time.Hour)), int64(by%(24*time.Hour)/time.Hour)
	switch {
	case by == 0:
		return reader.T("It shows the real time.")
	case by < time.Hour:
		return reader.T("It is {{.Time}} ahead of the real time.", "Time", reader.N(max(1, int64(by/time.Minute)), "{{.Count}} minute", "{{.Count}} minutes"))
	case days == 0:
		return reader.T("It is {{.Time}} ahead of the real time.", "Time", reader.N(hours, "{{.Count}} hour", "{{.Count}} hours"))
	case hours == 0:
		return reader.T("It is {{.Time}} ahead of the real time.", "Time", reader.N(days, "{{.Count}} day", "{{.Count}} days"))
	}
	return reader.T("It is {{.Days}} and {{.Hours}} ahead of the real time.", "Days", reader.N(days, "{{.Count}} day", "{{.Count}} days"), "Hours", reader.N(hours, "{{.Count}} hour", "{{.Count}} hours"))
}

// moveClock moves the clock of the whole installation, and answers when what
// fell due was done.
func (d *Dashboard) moveClock(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	more := scope.T("What fell due was done.")
	var err error
	if r.PostForm.Get("reset") != "" {
		_, err = d.TestClock.Reset(r.Context())
		more = scope.T("It shows the real time again.")
	} else if by, wrong := stepFrom(r); wrong != nil {
		err = wrong
	} else {
		_, err = d.TestClock.Advance(r.Context(), by)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, map[string]string{"advance": "days"})
		if !ok {
			return err
		}
		return d.clockPage(w, r, scope, http.StatusUnprocessableEntity, clockView{Problems: p, Days: r.PostForm.Get("days")})
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("It is now {{.Clock}}", "Clock", scope.DateTime(d.DB.Clock().Now(), scope.Business.Location())), More: more})
	return frame.Redirect(w, r, scope.Base+"/test-clock")
}

// stepFrom reads a step: hours of a button, or days that were typed.
func stepFrom(r *http.Request) (time.Duration, error) {
	if hours, err := strconv.ParseInt(r.PostForm.Get("hours"), 10, 64); err == nil && hours > 0 && hours <= maxClockDays*24 {
		return time.Duration(hours) * time.Hour, nil
	}
	days, err := text.Whole(r.PostForm.Get("days"))
	if err != nil || days < 1 || days > maxClockDays {
		var wrong fault.Fields
		wrong.Add("advance", "", i18n.T(r.Context(), "Enter a number of days from 1 to {{.Most}}.", "Most", strconv.FormatInt(maxClockDays, 10)))
		return 0, wrong.Err()
	}
	return time.Duration(days) * 24 * time.Hour, nil
}
