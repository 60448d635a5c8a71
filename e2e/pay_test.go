package e2e

import (
	"bytes"
	"image"
	_ "image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const fortyNine = `"type": "amount", "amount": {"value": "49.00", "currency": "EUR"}`

func TestEveryOutcomeReachesTheStatusPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		s.createLink(t, `{"name": "Outcomes", `+fortyNine+`, "path": "outcomes"}`)
		for _, outcome := range []string{"paid", "pending", "failed", "canceled", "expired"} {
			t.Run(outcome, func(t *testing.T) { awaitStatus(t, s.payAs(t, s.URL, "outcomes", outcome, ""), outcome) })
		}
		for _, also := range []string{"twice", "lost", "forged", "late", "reordered", "refunds_fail"} {
			t.Run("paid, webhook "+also, func(t *testing.T) {
				page := s.payAs(t, s.URL, "outcomes", "paid", also)
				get(t, page) // the payer's return asks the provider
				awaitStatus(t, page, "paid")
			})
		}
	})
}

// What a provider gets wrong about more than its webhook: money after the end,
// and an answer that is lost after the checkout was made.
func TestTheSandboxMisbehavesAsProvidersDo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "Trouble", `+fortyNine+`, "path": "trouble", "limit": {"kind": "multiple", "max": 2}}`)
		late := s.payAs(t, s.URL, l.Path, "paid", "after_expiry")
		awaitStatus(t, late, "expired")
		s.advance(t, "3m")
		awaitStatus(t, late, "paid")

		awaitStatus(t, s.payAs(t, s.URL, l.Path, "canceled", "lost_answer"), "canceled")
		lost := post(t, l.URL, payer("eve@example.com"))
		expectStatus(t, "pressing Pay while the answer is lost", lost, http.StatusSeeOther)
		if to := lost.Header.Get("Location"); !strings.Contains(to, "/pay/") {
			t.Errorf("the payer was sent to %s, not to where it is checked", to)
		}
		s.advance(t, "3m") // now the poller hears of it
		if got := s.link(t, l.ID); got.Limit.Used != 1 || got.Limit.Held != 1 {
			t.Errorf("the link is %+v", got.Limit)
		}
		s.command(t, "", "doctor", "--sandbox")
	})
}

func awaitStatus(t *testing.T, page, want string) {
	t.Helper()
	if !eventually(10*time.Second, func() bool { return statusOf(t, page) == want }) {
		t.Errorf("status is %q, want %q", statusOf(t, page), want)
	}
}

func TestAnswersToPayersSayWhatTheLinkIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		once := s.createLink(t, `{"name": "Once", `+fortyNine+`, "path": "once", "limit": {"kind": "once"}}`)
		first := post(t, once.URL, payer("a@example.com"))
		expectStatus(t, "the first payer", first, http.StatusSeeOther)
		expectStatus(t, "a second while the first pays", post(t, once.URL, payer("b@example.com")), http.StatusConflict)
		awaitStatus(t, decide(t, first.Header.Get("Location"), "paid", ""), "paid")
		expectStatus(t, "after the limit", post(t, once.URL, payer("c@example.com")), http.StatusGone)
		gone := get(t, once.URL)
		expectStatus(t, "the page after the limit", gone, http.StatusGone)
		if !strings.Contains(gone.Body, "Payment limit reached") {
			t.Error(`the page must say "Payment limit reached"`)
		}
		l := s.createLink(t, `{"name": "Open", `+fortyNine+`, "path": "open"}`)
		wrong := post(t, l.URL, payer("not an address"))
		expectStatus(t, "a wrong address", wrong, http.StatusUnprocessableEntity)
		if !strings.Contains(wrong.Body, "Sanne Visser") || !strings.Contains(wrong.Body, "not an address") {
			t.Error("the form must keep what was typed")
		}
		expectStatus(t, "switch off", s.api(t, "PATCH", "/links/"+l.ID, `{"active": false}`), http.StatusOK)
		expectStatus(t, "an inactive link", get(t, l.URL), http.StatusNotFound)
		expectStatus(t, "paying an inactive link", post(t, l.URL, payer("d@example.com")), http.StatusNotFound)
		expectStatus(t, "an unknown link", get(t, s.URL+"/"+handle+"/nowhere"), http.StatusNotFound)
		expectStatus(t, "an unknown business", get(t, s.URL+"/nobody"), http.StatusNotFound)
		expectStatus(t, "a payment page with an amount", get(t, s.URL+"/"+handle+"/12.50"), http.StatusOK)
	})
}

func TestViewsArePeopleOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "Views", `+fortyNine+`, "path": "views"}`)
		expectStatus(t, "HEAD", send(t, "HEAD", l.URL, browserAgent, "", "", ""), http.StatusOK)
		expectStatus(t, "a bot", send(t, "GET", l.URL, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "", "", ""), http.StatusOK)
		expectStatus(t, "a person", get(t, l.URL), http.StatusOK)
		got := s.link(t, l.ID).Stats
		if got.Views != 1 || got.Bots != 1 || got.Payments != 0 {
			t.Errorf("stats are %+v, want 1 view and 1 bot", got)
		}
		page := decode[struct {
			Data []map[string]any `json:"data"`
		}](t, s.api(t, "GET", "/links/"+l.ID+"/activity?kind=view", ""))
		for _, row := range page.Data {
			if row["class"] != "human" {
				continue
			}
			if row["browser"] != "Chrome" || row["os"] != "Mac" || !strings.HasSuffix(row["ip"].(string), ".xxx") {
				t.Errorf("the view is %v", row)
			}
			return
		}
		t.Errorf("no view of a person in %v", page.Data)
	})
}

func TestQRCodeLeadsToTheLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "QR", `+fortyNine+`, "path": "qr-code"}`)
		a := get(t, l.URL+"/qr.png?size=200")
		expectStatus(t, "the code", a, http.StatusOK)
		picture, kind, err := image.Decode(bytes.NewReader([]byte(a.Body)))
		if err != nil || kind != "png" || picture.Bounds().Dx() != 200 || picture.Bounds().Dy() != 200 {
			t.Fatalf("got %s %v (%v), want a PNG of 200×200", kind, picture, err)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			t.Fatalf("a reader can't read the code: %v", err)
		}
		if want := l.URL + "?via=qr"; read.GetText() != want {
			t.Errorf("the code holds %q, want %q", read.GetText(), want)
		}
	})
}

func expectStatus(t *testing.T, what string, a answer, want int) {
	t.Helper()
	if a.Status != want {
		t.Errorf("%s: status %d, want %d\n%.500s", what, a.Status, want, a.Body)
	}
}
