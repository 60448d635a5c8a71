package linkform_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// unfolded are the sections of a form that are open.
func unfolded(a dashboardtest.Answer) (ids []string) {
	for _, m := range regexp.MustCompile(`<details class="fold[^"]*" id="section-([a-z]+)" open>`).FindAllStringSubmatch(a.Body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func same(a []string, b ...string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestTwoFieldsMakeALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := b.Get("/dashboard/acme/links/new")
		if got := unfolded(form); len(got) != 0 || !form.Has("No tags", "No limit", "Not sent", "Receipt page") {
			t.Errorf("a new form opens %v", got)
		}
		two := url.Values{"type": {"amount"}, "name": {"Lesson"}, "amount": {"25"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "act": {"enter"}, "by": {""}}
		if got := b.Post("/dashboard/acme/links", two); got.Status != http.StatusSeeOther {
			t.Fatalf("a name and an amount: %d %s", got.Status, got.Said())
		}
		p := s.Product(t, acme, "Chair")
		if got := b.Post("/dashboard/acme/links", url.Values{"type": {"product"}, "product": {string(p.ID)}, "limit": {"unlimited"}, "active": {"on"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("a product alone: %d %s", got.Status, got.Said())
		} else if page := b.Get(got.Location); !page.Has("Chair", "/acme/chair") {
			t.Errorf("the link of a product is not called like it: %s", page.Said())
		}
	})
}

func TestSectionsOpenByWhatTheyHoldAndByMistakes(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := unfolded(b.Get("/dashboard/acme/links/new?name=Workshop&limit=multiple&limit_max=20")); !same(got, "limit") {
		t.Errorf("a filled in limit opens %v", got)
	}
	l := s.Link(t, acme, link.Fields{Notes: "Ask Ann.", After: link.AfterPayment{RedirectURL: "https://example.com/thanks"}})
	form := b.Get("/dashboard/acme/links/" + string(l.ID) + "/edit")
	if got := unfolded(form); !same(got, "tags", "after") || !form.Has("To https://example.com/thanks") {
		t.Errorf("a stored link opens %v", got)
	}
	wrong := url.Values{"type": {"amount"}, "name": {"Lesson"}, "amount": {"25"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "starts_at": {"soon"}, "remind": {"on"}, "remind_every": {"weekly"}, "remind_max": {"99"}}
	if got := unfolded(b.Post("/dashboard/acme/links", wrong)); !same(got, "remind", "opening") {
		t.Errorf("mistakes open %v", got)
	}
}

// Whoever presses Enter in a field means the link. Messages go out by their button.
func TestEnterNeverSends(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	form := url.Values{"type": {"amount"}, "name": {"Lesson"}, "amount": {"25"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"},
		"to": {"one"}, "who": {"ann@example.com"}, "by": {"email"}, "act": {"enter"}}
	if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusOK || !got.Has(`value="Lesson"`, "Create and send") || s.LinkCount(t, acme) != 0 {
		t.Errorf("the Enter key: %d, %d links", got.Status, s.LinkCount(t, acme))
	}
	form.Del("act")
	if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusSeeOther {
		t.Errorf("the button: %d %s", got.Status, got.Said())
	}
}

func TestFoldedSectionsFollowTheForm(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	for change, says := range map[[2]string]string{
		{"limit", "once"}:                          `"limit":{"text":"One-time","set":true}`,
		{"limit", "unlimited"}:                     `"limit":{"text":"No limit","set":false}`,
		{"tags", "VIP, Spring"}:                    `"tags":{"text":"VIP, Spring","set":true}`,
		{"remind", "on"}:                           `"text":"Every week, 3 at most, until paid"`,
		{"ends_at", "2026-12-31T18:00"}:            `"text":"Until 31 Dec 2026, 18:00"`,
		{"due_on", "2026-12-31"}:                   `"due":{"text":"Due on 31 Dec 2026","set":true}`,
		{"waiting", "on"}:                          `"closed":{"text":"Waiting list","set":true}`,
		{"lead", "nowhere"}:                        `"closed":{"text":"Nothing set","set":false}`,
		{"closed_message", "Back in May."}:         `"closed":{"text":"Back in May.","set":true}`,
		{"thanks", "See you."}:                     `"after":{"text":"See you.","set":true}`,
		{"apply_tag", "Paid"}:                      `"text":"Adds the tag Paid"`,
		{"who", "ann@example.com"}:                 `"text":"For 1 customer, not sent"`,
		{"amount", "1.250,5"}:                      `"reads":"Payers see €1,250.50."`,
		{"currency", "USD"}:                        `"symbol":"$"`,
		{"description", "Two days.\nBring paper."}: `"text":"Two days."`,
	} {
		form := url.Values{"type": {"amount"}, "name": {"Lesson"}, "amount": {"25"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "to": {"one"}, "remind_every": {"weekly"}, "remind_max": {"3"}}
		if got := b.Post("/dashboard/acme/links/check", dashboardtest.With(form, change[0], change[1])); got.Status != http.StatusOK || !got.Has(says) {
			t.Errorf("%s: %d, without %s: %s", change, got.Status, says, got.Body)
		}
	}
}
