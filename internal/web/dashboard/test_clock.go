package dashboard

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/ui"
)

// clockView is the page of the test clock.
type clockView struct {
	problems
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

func clockSteps() []clockStep {
	return []clockStep{{"1 hour", 1}, {"1 day", 24}, {"2 days", 48}, {"1 week", 7 * 24}, {"30 days", 30 * 24}}
}

// maxClockDays bounds a step: the clock goes no further ahead.
const maxClockDays = int64(testclock.MaxAhead / (24 * time.Hour))

func (d *Dashboard) showClock(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.clockPage(w, r, at, http.StatusOK, clockView{})
}

func (d *Dashboard) clockPage(w http.ResponseWriter, r *http.Request, at *room, status int, v clockView) error {
	clock := d.DB.Clock()
	v.Href, v.Mailbox, v.Steps = at.Base+"/test-clock", "/mailbox", clockSteps()
	v.Now, v.Ahead = dateTime(clock.Now(), at.Business.Location()), aheadWords(clock.Offset())
	v.Moved = clock.Offset() != 0
	return render(w, r, status, clockPage(d.frame(r, at, frameTitle("Test clock")), v))
}

// aheadWords is "3 days and 2 hours ahead of the real time".
func aheadWords(by time.Duration) string {
	days, hours := int64(by/(24*time.Hour)), int64(by%(24*time.Hour)/time.Hour)
	switch {
	case by == 0:
		return "It shows the real time."
	case by < time.Hour:
		return fmt.Sprintf("It is %s ahead of the real time.", counted(max(1, int64(by/time.Minute)), "minute", "minutes"))
	case days == 0:
		return fmt.Sprintf("It is %s ahead of the real time.", counted(hours, "hour", "hours"))
	case hours == 0:
		return fmt.Sprintf("It is %s ahead of the real time.", counted(days, "day", "days"))
	}
	return fmt.Sprintf("It is %s and %s ahead of the real time.", counted(days, "day", "days"), counted(hours, "hour", "hours"))
}

// moveClock moves the clock of the whole installation, and answers when what
// fell due was done.
func (d *Dashboard) moveClock(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	more := "What fell due was done."
	var err error
	if r.PostForm.Get("reset") != "" {
		_, err = d.TestClock.Reset(r.Context())
		more = "It shows the real time again."
	} else if by, wrong := stepFrom(r); wrong != nil {
		err = wrong
	} else {
		_, err = d.TestClock.Advance(r.Context(), by)
	}
	if err != nil {
		p, ok := problemsOf(err, map[string]string{"advance": "days"})
		if !ok {
			return err
		}
		return d.clockPage(w, r, at, http.StatusUnprocessableEntity, clockView{problems: p, Days: r.PostForm.Get("days")})
	}
	d.say(r, ui.ToastProps{Text: "It is " + dateTime(d.DB.Clock().Now(), at.Business.Location()) + " now", More: more})
	return redirect(w, r, at.Base+"/test-clock")
}

// stepFrom reads a step: hours of a button, or days that were typed.
func stepFrom(r *http.Request) (time.Duration, error) {
	if hours, err := strconv.ParseInt(r.PostForm.Get("hours"), 10, 64); err == nil && hours > 0 && hours <= maxClockDays*24 {
		return time.Duration(hours) * time.Hour, nil
	}
	days, err := strconv.ParseInt(strings.TrimSpace(r.PostForm.Get("days")), 10, 64)
	if err != nil || days < 1 || days > maxClockDays {
		var wrong fault.Fields
		wrong.Add("advance", "", fmt.Sprintf("Enter a number of days from 1 to %d.", maxClockDays))
		return 0, wrong.Err()
	}
	return time.Duration(days) * 24 * time.Hour, nil
}
