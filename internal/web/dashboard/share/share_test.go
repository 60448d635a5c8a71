package share_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/share"
)

// opens is the address that opens a network from a page.
func opens(t *testing.T, page dashboardtest.Answer, begins string) string {
	t.Helper()
	found := regexp.MustCompile(`href="(` + regexp.QuoteMeta(begins) + `[^"]+)"`).FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("nothing opens %s", begins)
	}
	return html.UnescapeString(found[1])
}

func TestALinkIsSharedEverywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: `Tom & "Ann" 100%+1`, Description: "Light, paper & ink.\nSecond line."})
		b := s.SignedIn(t, "marit@example.com")
		detail := "/dashboard/acme/links/" + string(l.ID)
		page := b.Get(detail + "/share")
		if page.Status != http.StatusOK || !b.Get(detail).Has(`id="share"`) {
			t.Fatalf("the page: %d", page.Status)
		}
		at := s.URL + "/acme/" + l.Path
		for begins, via := range map[string]string{
			"https://wa.me/?": "whatsapp", "https://t.me/share/url?": "telegram", "https://www.facebook.com/sharer/sharer.php?": "facebook", "https://x.com/intent/post?": "x",
			"https://bsky.app/intent/compose?": "bluesky", "https://share.joinmastodon.org/#": "mastodon", "https://www.threads.com/intent/post?": "threads",
			"https://www.reddit.com/submit?": "reddit", "https://www.linkedin.com/sharing/share-offsite/?": "linkedin", "mailto:?": "email",
		} {
			to := opens(t, page, begins)
			_, values, _ := strings.Cut(to, begins)
			got, err := url.ParseQuery(values)
			if err != nil || strings.Contains(values, "+") || !strings.Contains(strings.Join(got["text"], "")+strings.Join(got["url"], "")+strings.Join(got["u"], "")+strings.Join(got["body"], ""), at+"?via="+via) {
				t.Errorf("%s does not lead back by %s: %v", to, via, err)
			}
			if text := got.Get("text"); text != "" && !strings.Contains(text, "Tom & \"Ann\" 100%+1 · €89.00\nLight, paper & ink.") {
				t.Errorf("%s says %q", begins, text)
			}
		}
		for _, part := range []string{"Instagram", html.EscapeString(html.EscapeString("Tom & \"Ann\" 100%+1")), "/qr.svg", "/card.png?lang=en", "Light, paper"} {
			if !page.Has(part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if page.Has("Second line") {
			t.Error("the whole description is posted")
		}
	})
}

func TestTheTextOfALinkIsKeptByLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Lesson"})
		b := s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/links/" + string(l.ID) + "/share"
		got := b.Post(page, url.Values{"language": {"nl"}, "text": {"Kom leren."}})
		if got.Status != http.StatusSeeOther || !b.Get(got.Location).Has("Kom leren.", "text=Kom%20leren.") {
			t.Errorf("in Dutch: %d, %s", got.Status, got.Location)
		}
		if got := b.Get(page); !got.Has("Lesson · €89.00") || got.Has("Kom leren.") {
			t.Errorf("the business's own language says it in Dutch: %s", got.Said())
		}
		long := strings.Repeat("a", 281)
		if got := b.Post(page, url.Values{"language": {"nl"}, "text": {long}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="share-text-error"`, long) {
			t.Errorf("too long a text: %d %s", got.Status, got.Said())
		}
		b.Post(page, url.Values{"language": {"nl"}, "text": {""}})
		if got := b.Get(page + "?language=nl"); got.Has("Kom leren.") || !got.Has("Lesson · €") {
			t.Errorf("a text that was taken back: %s", got.Said())
		}
	})
}

func TestANewLinkIsReadyOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"type": {"amount"}, "name": {"Lesson"}, "amount": {"25"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}}
		made := b.Post("/dashboard/acme/links", form)
		page := b.Get(made.Location)
		if !page.Has(`id="ready"`, "Your link is ready", "nobody is charged", "Pay it yourself", "Pay €25.00", "Copy link", `data-dialog="print"`) {
			t.Errorf("a new link: %s", page.Said())
		}
		if b.Get(made.Location).Has(`id="ready"`) {
			t.Error("the panel comes back by itself")
		}
		form.Del("active")
		if page := b.Get(b.Post("/dashboard/acme/links", form).Location); !page.Has("Your link is saved") || page.Has("Pay it yourself") {
			t.Errorf("a paused one: %s", page.Said())
		}
	})
}

// What takes real money alone is called live.
func TestALinkThatTakesRealMoneyIsLive(t *testing.T) {
	l := link.Link{Fields: link.Defaults()}
	live := frame.Scope{Business: business.Business{Mode: business.Live}}
	if v := share.ReadyOf(&live, l, share.View{}); v.Title != "Your link is live" || v.Test {
		t.Errorf("with real money: %+v", v)
	}
	l.Active = false
	if v := share.ReadyOf(&live, l, share.View{}); v.Title != "Your link is saved" {
		t.Errorf("a paused one: %+v", v)
	}
}
