package e2e

import (
	"bytes"
	"image"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	. "smartlinks/e2e/site"
)

func TestEveryOutcomeReachesTheStatusPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		s.CreateLink(t, `{"name": "Outcomes", `+FortyNine+`, "path": "outcomes"}`)
		for _, outcome := range []string{"paid", "pending", "failed", "canceled", "expired"} {
			t.Run(outcome, func(t *testing.T) { AwaitStatus(t, s.PayAs(t, s.URL, "outcomes", outcome, ""), outcome) })
		}
		for _, also := range []string{"twice", "lost", "forged", "late", "reordered", "refunds_fail"} {
			t.Run("paid, webhook "+also, func(t *testing.T) {
				page := s.PayAs(t, s.URL, "outcomes", "paid", also)
				Get(t, page) // the payer's return asks the provider
				AwaitStatus(t, page, "paid")
			})
		}
	})
}

// What a provider gets wrong about more than its webhook: money after the end,
// and an answer that is lost after the checkout was made.
func TestTheSandboxMisbehavesAsProvidersDo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Trouble", `+FortyNine+`, "path": "trouble", "limit": {"kind": "multiple", "max": 2}}`)
		late := s.PayAs(t, s.URL, l.Path, "paid", "after_expiry")
		AwaitStatus(t, late, "expired")
		s.Advance(t, "3m")
		AwaitStatus(t, late, "paid")

		AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "canceled", "lost_answer"), "canceled")
		lost := Post(t, l.URL, Payer("eve@example.com"))
		ExpectStatus(t, "pressing Pay while the answer is lost", lost, http.StatusSeeOther)
		if to := lost.Header.Get("Location"); !strings.Contains(to, "/pay/") {
			t.Errorf("the payer was sent to %s, not to where it is checked", to)
		}
		s.Advance(t, "3m") // now the poller hears of it
		if got := s.Link(t, l.ID); got.Limit.Used != 1 || got.Limit.Held != 1 {
			t.Errorf("the link is %+v", got.Limit)
		}
		s.Command(t, "", "doctor", "--sandbox")
	})
}

func TestAnswersToPayersSayWhatTheLinkIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		once := s.CreateLink(t, `{"name": "Once", `+FortyNine+`, "path": "once", "limit": {"kind": "once"}}`)
		first := Post(t, once.URL, Payer("a@example.com"))
		ExpectStatus(t, "the first payer", first, http.StatusSeeOther)
		ExpectStatus(t, "a second while the first pays", Post(t, once.URL, Payer("b@example.com")), http.StatusConflict)
		AwaitStatus(t, Decide(t, first.Header.Get("Location"), "paid", ""), "paid")
		ExpectStatus(t, "after the limit", Post(t, once.URL, Payer("c@example.com")), http.StatusGone)
		gone := Get(t, once.URL)
		ExpectStatus(t, "the page after the limit", gone, http.StatusGone)
		if !strings.Contains(gone.Body, "Payment limit reached") {
			t.Error(`the page must say "Payment limit reached"`)
		}
		l := s.CreateLink(t, `{"name": "Open", `+FortyNine+`, "path": "open"}`)
		wrong := Post(t, l.URL, Payer("not an address"))
		ExpectStatus(t, "a wrong address", wrong, http.StatusUnprocessableEntity)
		if !strings.Contains(wrong.Body, "Sanne Visser") || !strings.Contains(wrong.Body, "not an address") {
			t.Error("the form must keep what was typed")
		}
		ExpectStatus(t, "switch off", s.API(t, "PATCH", "/links/"+l.ID, `{"active": false}`), http.StatusOK)
		ExpectStatus(t, "an inactive link", Get(t, l.URL), http.StatusNotFound)
		ExpectStatus(t, "paying an inactive link", Post(t, l.URL, Payer("d@example.com")), http.StatusNotFound)
		ExpectStatus(t, "an unknown link", Get(t, s.URL+"/"+Handle+"/nowhere"), http.StatusNotFound)
		ExpectStatus(t, "an unknown business", Get(t, s.URL+"/nobody"), http.StatusNotFound)
		ExpectStatus(t, "a payment page with an amount", Get(t, s.URL+"/"+Handle+"/12.50"), http.StatusOK)
	})
}

func TestViewsArePeopleOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Views", `+FortyNine+`, "path": "views"}`)
		ExpectStatus(t, "HEAD", Send(t, "HEAD", l.URL, BrowserAgent, "", "", ""), http.StatusOK)
		ExpectStatus(t, "a bot", Send(t, "GET", l.URL, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "", "", ""), http.StatusOK)
		ExpectStatus(t, "a person", Get(t, l.URL), http.StatusOK)
		got := s.Link(t, l.ID).Stats
		if got.Views != 1 || got.Bots != 1 || got.Payments != 0 {
			t.Errorf("stats are %+v, want 1 view and 1 bot", got)
		}
		page := Decode[struct {
			Data []map[string]any `json:"data"`
		}](t, s.API(t, "GET", "/links/"+l.ID+"/activity?kind=view", ""))
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
		l := s.CreateLink(t, `{"name": "QR", `+FortyNine+`, "path": "qr-code"}`)
		a := Get(t, l.URL+"/qr.png?size=200")
		ExpectStatus(t, "the code", a, http.StatusOK)
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
