package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/reminder"
)

func TestALinkRemindsUntilItIsPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Amara Okafor", "email": "amara@example.com"}`, `"deliver": ["email"], "reminders": {"frequency": "every_2_days", "max": 5}`)
		path := "/links/" + made.at("id")
		if made.at("reminders.status") != "active" || made.at("reminders.remaining") != "5" {
			t.Errorf("made with %s", made.at("reminders"))
		}
		if err := s.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := s.must(200, "GET", path, "")
		for at, want := range map[string]string{"frequency": "every_2_days", "max": "5", "sent": "0", "remaining": "5", "next_at": "2026-02-20T09:42:00Z", "status": "active"} {
			if got := now.at("reminders." + at); got != want {
				t.Errorf("%s is %s, not %s", at, got, want)
			}
		}
		rows := s.must(200, "GET", path+"/activity?kind=reminder", "").rows()
		if len(rows) != 5 || rows[4].at("status") != "upcoming" || rows[4].at("at") != "2026-02-20T09:42:00Z" || rows[0].at("at") != "2026-02-28T09:42:00Z" {
			t.Errorf("to come are %v", rows)
		}
		var told []string
		for _, act := range []string{"pause", "resume", "skip"} {
			told = append(told, s.must(200, "POST", path+"/reminders/"+act, "").at("reminders.status"))
		}
		if want := []string{"paused", "active", "active"}; !slices.Equal(told, want) {
			t.Errorf("told %q", told)
		}
		if next := s.must(200, "GET", path, "").at("reminders.next_at"); next != "2026-02-22T09:42:00Z" {
			t.Errorf("after a skip the next is at %s", next)
		}
		rows = s.must(200, "GET", path+"/activity?kind=reminder", "").rows()
		if last := rows[len(rows)-1]; last.at("status") != "skipped" || last.at("at") != "2026-02-20T09:42:00Z" || last.at("channels") != `["email"]` || last.at("reason") != reminder.ByHand {
			t.Errorf("the skipped one is %v", last)
		}
		if sent := s.must(200, "POST", path+"/reminders/send", "{}").at("reminders.sent"); sent != "1" {
			t.Errorf("%s were sent", sent)
		}
		changed := s.must(200, "PATCH", path, `{"reminders": {"frequency": "weekly", "max": 3, "quiet": {"from": "21:00", "to": "08:00"}}}`)
		if changed.at("reminders.frequency") != "weekly" || changed.at("reminders.remaining") != "2" || changed.at("reminders.quiet.from") != "21:00" {
			t.Errorf("changed to %s", changed.at("reminders"))
		}
		if part := s.must(200, "PATCH", path, `{"reminders": {"max": 4}}`); part.at("reminders.frequency") != "weekly" || part.at("reminders.remaining") != "3" || part.at("reminders.quiet.from") != "21:00" {
			t.Errorf("what was left out is %s", part.at("reminders"))
		}
		if loud := s.must(200, "PATCH", path, `{"reminders": {"quiet": null}}`); loud.at("reminders.quiet") != "null" || loud.at("reminders.max") != "4" {
			t.Errorf("without quiet hours %s", loud.at("reminders"))
		}
		for _, wrong := range []string{`{"frequency": "yearly", "max": 1}`, `{"frequency": "daily", "max": 0}`, `{"frequency": "daily", "max": 51}`,
			`{"frequency": "daily", "max": 1, "quiet": {"from": "9", "to": "10"}}`} {
			s.must(422, "PATCH", path, `{"reminders": `+wrong+`}`)
		}
		if off := s.must(200, "PATCH", path, `{"reminders": null}`); off.at("reminders") != "null" {
			t.Errorf("switched off %s", off.at("reminders"))
		}
		s.must(409, "POST", path+"/reminders/pause", "")
		s.must(404, "POST", "/links/lnk_00000000000000000000000000/reminders/pause", "")
	})
}

// A link that is off reminds of nothing, and says so at once; one that is on again
// can go on.
func TestRemindersStandStillWithTheirLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Ann", "email": "ann@example.com"}`, `"deliver": ["email"], "reminders": {"frequency": "daily", "max": 4}`)
		path := "/links/" + made.at("id")
		if err := s.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		off := s.must(200, "PATCH", path, `{"active": false}`)
		if off.at("reminders.status") != "stopped" || off.at("reminders.next_at") != "null" || off.at("reminders.remaining") != "0" {
			t.Errorf("of a link that is off: %s", off.at("reminders"))
		}
		if rows := s.must(200, "GET", path+"/activity?kind=reminder", "").rows(); len(rows) != 0 {
			t.Errorf("to come of a link that is off: %v", rows)
		}
		d.Clock().SetOffset(48 * time.Hour)
		if _, err := s.reminders.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.must(409, "POST", path+"/reminders/resume", "")
		s.must(200, "PATCH", path, `{"active": true}`)
		again := s.must(200, "POST", path+"/reminders/resume", "")
		if again.at("reminders.status") != "active" || again.at("reminders.next_at") != "2026-02-21T09:42:00Z" || again.at("reminders.sent") != "0" {
			t.Errorf("on again: %s", again.at("reminders"))
		}
	})
}

func TestRemindersAreRefusedWhereTheyAreWrong(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for reminders, location := range map[string]string{
		`{}`: "body.reminders.frequency", `{"frequency": "daily"}`: "body.reminders.max", `{"frequency": "hourly", "max": 3}`: "body.reminders.frequency",
		`{"frequency": "daily", "max": 0}`: "body.reminders.max", `{"frequency": "daily", "max": 51}`: "body.reminders.max",
	} {
		r := s.must(422, "POST", "/links", `{"name": "A", "amount": {"value": "1.00", "currency": "EUR"}, "reminders": `+reminders+`}`)
		if r.locations()[0] != location {
			t.Errorf("%s: %s", reminders, r.text)
		}
	}
}

// A copy is made with everything but those who were reminded.
func TestACopyRemindsAsTheFirstDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		who, made := s.sentLink(`{"name": "Ann", "email": "ann@example.com"}`,
			`"deliver": ["email"], "reminders": {"frequency": "weekly", "max": 4, "weekdays_only": true, "quiet": {"from": "21:00", "to": "08:00"}}`)
		if err := s.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		copied := s.must(201, "POST", "/links/"+made.at("id")+"/duplicate", "")
		for at, want := range map[string]string{"frequency": "weekly", "max": "4", "weekdays_only": "true", "quiet.to": "08:00", "recipients": "0", "sent": "0", "next_at": "null"} {
			if got := copied.at("reminders." + at); got != want {
				t.Errorf("%s of the copy is %s, not %s", at, got, want)
			}
		}
		if copied.at("customer_id") != who || copied.at("active") != "false" || copied.at("deliveries") != "[]" {
			t.Errorf("the copy is %s", copied.text)
		}
		plain := s.must(201, "POST", "/links", early).at("id")
		if r := s.must(201, "POST", "/links/"+plain+"/duplicate", ""); r.at("reminders") != "null" {
			t.Errorf("without reminders: %s", r.at("reminders"))
		}
	})
}

// Without the due date nothing would be sent, while the plan says that it is active.
func TestDaysFromADueDateKeepIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Amara Okafor", "email": "amara@example.com"}`, `"deliver": ["email"], "due_on": "2026-03-01", "reminders": {"offsets": [0, 7]}`)
		path := "/links/" + made.at("id")
		if refused := s.must(422, "PATCH", path, `{"due_on": null}`); !strings.Contains(refused.at("errors"), `"body.reminders.offsets"`) {
			t.Errorf("refused with %s", refused.at("errors"))
		}
		if kept := s.must(200, "GET", path, ""); kept.at("due_on") != "2026-03-01" || kept.at("version") != made.at("version") {
			t.Errorf("kept is %s of version %s", kept.at("due_on"), kept.at("version"))
		}
		if moved := s.must(200, "PATCH", path, `{"due_on": "2026-03-02"}`); moved.at("reminders.offsets") != "[0,7]" {
			t.Errorf("moved, they are %s", moved.at("reminders"))
		}
		if other := s.must(200, "PATCH", path, `{"due_on": null, "reminders": {"frequency": "weekly", "max": 3}}`); other.at("due_on") != "null" || other.at("reminders.offsets") != "[]" {
			t.Errorf("by weeks they are %s", other.at("reminders"))
		}
		if gone := s.must(200, "PATCH", path, `{"due_on": null, "reminders": null}`); gone.at("reminders") != "null" {
			t.Errorf("switched off they are %s", gone.at("reminders"))
		}
	})
}
