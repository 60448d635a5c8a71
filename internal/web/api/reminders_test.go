package api_test

import (
	"slices"
	"testing"

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
