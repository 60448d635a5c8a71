package endpoints_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
	"smartlinks/internal/webhook"
)

func TestAnEndpointIsLookedAfterInSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		status := http.StatusServiceUnavailable
		system := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<b>the database is away</b>")
		}))
		defer system.Close()
		// done posts and looks at the page that this leads to.
		done := func(path string, form url.Values) dashboardtest.Answer {
			t.Helper()
			got := b.Post(path, form)
			if got.Status != http.StatusSeeOther {
				t.Errorf("POST %s: %d: %s", path, got.Status, got.Said())
			}
			to, _, _ := strings.Cut(got.Location, "#")
			return b.Get(to)
		}
		const list = "/dashboard/acme/settings/webhooks"
		if got := b.Get(list); got.Has(`name="format"`) {
			t.Error("who does not come from PayRequest is asked for a format")
		}
		from := true
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{PayRequest: &from}); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(list); !got.Has(`value="payrequest"`) {
			t.Errorf("no format can be chosen: %s", got.Said())
		}
		if got := b.Get(list); !got.Has("No endpoints yet") {
			t.Error(got.Said())
		}
		wrong := b.Post(list, url.Values{"url": {"ftp://nowhere"}, "description": {"Shop"}})
		if wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("ftp://nowhere") || !wrong.Has("Choose at least one event") || !wrong.Has("starts with https://") {
			t.Errorf("%d: %s", wrong.Status, wrong.Said())
		}
		made := b.Submit(list, url.Values{"url": {system.URL}, "description": {"Shop"}, "event": {"link.created", "payment.succeeded"}})
		key := regexp.MustCompile(`whsec_[\w+/]+=*`).FindString(made.Body)
		if made.Status != http.StatusOK || key == "" {
			t.Fatalf("%d: %s", made.Status, made.Said())
		}
		all, err := s.Webhooks.Endpoints(t.Context(), acme.ID)
		if err != nil || len(all) != 1 || len(all[0].Events) != 2 || all[0].Format != webhook.Standard {
			t.Fatalf("%+v, %v", all, err)
		}
		page := list + "/" + string(all[0].ID)
		if got := b.Get(list); !got.Has("2 events") || !got.Has("Active") || got.Has(key) {
			t.Error(got.Said())
		}
		if got := b.Get(page); got.Has(key) || !got.Has("Nothing yet") {
			t.Error(got.Said())
		}

		// A test tells at once what came back, as text.
		got := done(page+"/test", nil)
		if !got.Has("did not accept the event") || !got.Has("503 Service Unavailable") || !got.Has("&lt;b&gt;the database") || !got.Has("webhook-signature: v1,") {
			t.Errorf("%d: %s", got.Status, got.Said())
		}
		status = http.StatusOK
		s.Happen(t, acme)
		if err := s.Webhooks.PostDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		events, _, err := s.Webhooks.Events(t.Context(), acme.ID, webhook.Filter{Type: webhook.LinkCreated})
		if err != nil || len(events) != 1 {
			t.Fatal(events, err)
		}
		if got := done(page+"/events/"+string(events[0].ID)+"/again", nil); !got.Has("The endpoint accepted the event") || strings.Count(got.Body, "200 OK") < 2 {
			t.Error(got.Said())
		}
		if got := b.Get(page + "?state=failed"); !got.Has("webhook.test") || got.Has("link.created</bdi>") {
			t.Error(got.Said())
		}
		if got := b.Post(page+"/period", url.Values{"from": {""}}); got.Status != http.StatusUnprocessableEntity || !got.Has("Choose the first day") {
			t.Errorf("%d: %s", got.Status, got.Said())
		}
		if got := done(page+"/period", url.Values{"from": {"2026-02-18"}, "to": {"2026-02-18"}, "taken": {"on"}}); !got.Has("1 event is sent again") {
			t.Error(got.Said())
		}

		// Changes, a new secret, off, gone.
		if got := done(page, url.Values{"url": {system.URL + "/new"}, "everything": {"*"}, "version": {"1"}}); !got.Has("The endpoint is saved") || !got.Has("/new") {
			t.Error(got.Said())
		}
		if got := b.Post(page, url.Values{"url": {system.URL}, "everything": {"*"}, "version": {"1"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("Someone else changed") {
			t.Errorf("%d: %s", got.Status, got.Said())
		}
		for _, format := range []webhook.Format{webhook.PayRequest, webhook.Standard} {
			done(page, url.Values{"url": {system.URL}, "description": {"Shop"}, "event": {"link.created", "payment.succeeded"}, "format": {string(format)}})
			if e, err := s.Webhooks.Endpoint(t.Context(), acme.ID, all[0].ID); err != nil || e.Format != format {
				t.Errorf("told as %q: %+v, %v", format, e.Format, err)
			}
		}
		turned := b.Submit(page+"/rotate", nil)
		if next := regexp.MustCompile(`whsec_[\w+/]+=*`).FindString(turned.Body); next == "" || next == key || !turned.Has("signatures of the new secret and of the previous one") {
			t.Error(turned.Said())
		} else if again := b.Get(page); again.Has(next) || again.Has(key) {
			t.Error("a secret is shown again")
		}
		if got := done(page+"/active", url.Values{"active": {"off"}}); !got.Has("The endpoint is off") || !got.Has("Switch on") || got.Has("Send a period again") {
			t.Error(got.Said())
		}
		if got := b.Post(page+"/events/"+string(events[0].ID)+"/again", nil); got.Status != http.StatusConflict {
			t.Errorf("sending to one that is off: %d", got.Status)
		}
		if got := done(page+"/delete", nil); !got.Has("The endpoint is deleted") || !got.Has("No endpoints yet") {
			t.Error(got.Said())
		}
	})
}

// An endpoint that is told as PayRequest told it shows what was sent there, which is what
// its signature is of, and what a new secret means where one signature is all there is.
func TestAnEndpointShowsWhatWasSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		system := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `<p class="wrong">1 + 1 = 3</p>`)
		}))
		defer system.Close()
		for _, format := range []webhook.Format{webhook.Standard, webhook.PayRequest} {
			e, _, err := s.Webhooks.Create(t.Context(), acme.ID, webhook.Draft{URL: system.URL, Events: webhook.Asked{webhook.All}, Format: format})
			if err != nil {
				t.Fatal(err)
			}
			event, err := s.Webhooks.SendTest(t.Context(), acme, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			page := "/dashboard/acme/settings/webhooks/" + string(e.ID)
			shown := b.Get(page + "/events/" + string(event))
			if !shown.Has("&lt;p class=&#34;wrong&#34;&gt;1 + 1 = 3&lt;/p&gt;") {
				t.Errorf("the answer is not as it came: %s", shown.Body)
			}
			old := format == webhook.PayRequest
			if shown.Has("x-payrequest-signature: sha256=") != old || shown.Has("webhook-signature: v1,") == old || shown.Has("&#34;event&#34;: &#34;webhook.test&#34;") != old {
				t.Errorf("%s: another request is shown than was sent: %s", format, shown.Body)
			}
			if b.Get(page).Has("Messages carry the new signature at once") != old {
				t.Errorf("%s: a new secret promises something else", format)
			}
		}
	})
}
