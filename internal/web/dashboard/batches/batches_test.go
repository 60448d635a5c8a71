package batches_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

const file = "Naam;E-mail;Bedrag;Kenmerk;Course\n" +
	"Sanne de Vries;sanne@example.com;90,00;M-1;Pottery\n" +
	"Kwame Mensah;kwame@example.com;45,00;M-2;Drawing\n" +
	"No Address;;45,00;M-3;Drawing\n" +
	"Twice;twice@example.com;45,00;M-1;Drawing\n" +
	"Odd;odd@example.com;four;M-5;Drawing\n"

func TestAFileAsksManyPeopleOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/links/requests"
		keep := func() string {
			t.Helper()
			got := b.UploadAs("file", page, map[string]string{"name": "Membership 2026"}, []byte(file))
			if got.Status != http.StatusSeeOther {
				t.Fatalf("%d %s", got.Status, got.Said())
			}
			return got.Location
		}
		if got := b.UploadAs("file", page, map[string]string{"name": "Membership 2026"}, []byte("a;b\n1;2\n")); got.Status != http.StatusUnprocessableEntity || !got.Has("No column has email addresses") {
			t.Errorf("%d %s", got.Status, got.Said())
		}
		draft := keep()
		got := b.Get(draft)
		if !got.Has("Send 2 requests", "{course}", "Neither an email address nor a phone number", "Same reference as row 1", "€135.00") {
			t.Errorf("the draft: %s", got.Said())
		}
		if got := b.Post(draft+"/count", url.Values{"by": {"sms"}, "when": {"now"}}); !got.Has("Nobody can be reached") {
			t.Errorf("by SMS: %s", got.Said())
		}
		if got := b.Post(draft+"/send", url.Values{"by": {"email"}, "message": {"Dear {nobody}"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("{nobody}") {
			t.Errorf("a wrong word: %d %s", got.Status, got.Said())
		}
		form := url.Values{"by": {"email"}, "message": {"Dear {first_name}, {course} is {amount}, {reference}: {link}"}, "when": {"now"}, "remind_every": {"weekly"}, "remind_max": {"2"}}
		if got := b.Post(draft+"/send", form); got.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", got.Status, got.Said())
		}
		if err := s.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		mails := s.Mails(t)
		if len(mails) != 2 || !strings.Contains(mails[0].Text+mails[1].Text, "Pottery is €90.00, M-1") {
			t.Errorf("%d mails: %+v", len(mails), mails)
		}
		if got := b.Get(draft); !got.Has("2 of 5 sent", "Not sent") {
			t.Errorf("done: %s", got.Said())
		}
		if got := b.Get(draft + "/problems.csv"); !got.Has("odd@example.com", "what_is_wrong", "Amount: ") {
			t.Errorf("problems: %s", got.Body)
		}
		again := keep()
		if got := b.Post(again+"/send", form); got.Status != http.StatusConflict || !got.Has("The same rows were sent within the last day", draft) {
			t.Errorf("twice: %d %s", got.Status, got.Said())
		}
		form.Set("again", "on")
		if got := b.Post(again+"/send", form); got.Status != http.StatusSeeOther {
			t.Errorf("again: %d %s", got.Status, got.Said())
		}
		later := keep()
		form.Set("when", "later")
		form.Set("send_at", d.Clock().Now().AddDate(0, 0, 2).Format("2006-01-02T15:04"))
		b.Post(later+"/send", form)
		if got := b.Get(later); !got.Has("rows, sent later", "Stop") {
			t.Errorf("later: %s", got.Said())
		}
		if got := b.Post(later+"/stop", nil); got.Status != http.StatusSeeOther || !b.Get(later).Has("Stopped: 0 of 5 sent") {
			t.Errorf("stopped: %d", got.Status)
		}
		if got := b.Post(keep()+"/discard", nil); got.Status != http.StatusSeeOther {
			t.Errorf("discarded: %d", got.Status)
		}
	})
}
