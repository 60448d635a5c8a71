package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// − and + lead to a number that can be bought, from any that was typed, and nowhere at the ends.
func TestTheButtonsOfANumberLeadToOneThatCanBeBought(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.Tickets(20)
	const path, fewer, more = "/acme/conference", `value="-1" aria-label="One fewer"`, `value="+1" aria-label="One more"`
	for _, c := range []struct {
		typed, step, number string
		fewer, more         bool
	}{
		{"3", "-1", "2", true, true}, {"2", "-1", "1", false, true}, {"1", "-1", "1", false, true}, {"9", "+1", "10", true, false}, {"7", "+1", "8", true, true}, {"8", "+1", "9", true, true}, {"10", "+1", "10", true, false},
		{"50", "-1", "10", true, false}, {"0", "+1", "1", false, true}, {"x", "+1", "x", false, true},
	} {
		got := s.Post(path, s.Get(path).FilledIn("quantity", c.typed, "step", c.step))
		if !got.Has(`name="quantity" value="`+c.number+`"`) || got.Has(`aria-invalid="true"`) != (c.number == "x") {
			t.Errorf("%s of %s is not %s", c.step, c.typed, c.number)
		}
		if got.Has(fewer+" disabled") == c.fewer || got.Has(more+" disabled") == c.more {
			t.Errorf("%s of %s: a button that leads nowhere, or none that leads somewhere", c.step, c.typed)
		}
	}
}

// Of a merchant's words nothing is lost, and of what a payer typed neither.
func TestTheFormSaysAllThatTheMerchantAndThePayerWrote(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Camp", Path: "camp", Amount: publictest.EUR(4900), Checkout: checkout.Rules{
		Questions: []checkout.Question{{Key: "age", Label: "Age", Type: checkout.Number, Min: "16"}, {Key: "dogs", Label: "Dogs", Type: checkout.Number, Max: "3"}},
		Collect:   checkout.Collect{Address: checkout.Optional}, Tip: &checkout.Tip{Own: true}, CoverFee: &checkout.CoverFee{Percent: "2"},
		Consent: &checkout.Consent{Text: "I keep the [rules](https://example.com/rules) and [terms](https://example.com/terms), all."},
	}})
	const path = "/acme/camp"
	opened := s.Get(path)
	text := strings.Join(strings.Fields(opened.Body), " ")
	for _, words := range []string{"At least 16.", "At most 3.", "I keep the ", `noopener">rules</a> and <a`, `noopener">terms</a>, all.`} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is missing", words)
		}
	}
	if wrong := s.Post(path, opened.FilledIn("age", "9", "country", "FR", "line1", "Rue 1")); !wrong.Has(`<option value="FR" selected`) || !wrong.Has("At least 16.") {
		t.Errorf("the country that was chosen is lost:\n%s", wrong.Body)
	}
	if tip := s.Get(path + "?tip=own&tip_own=2.50"); !tip.Has(`name="tip_own" value="2.50"`) || !tip.Has("€51.50") {
		t.Error("an address fills in no tip")
	}
	if locked := s.Get(path + "?disabled=true&age=20&line1=Rue+1"); strings.Count(locked.Body, " readonly") != 1 {
		t.Errorf("disabled=true locks %d inputs, not the one question", strings.Count(locked.Body, " readonly"))
	}
	b := s.Browser()
	b.Start(path, b.Get(path).FilledIn())
	if again := b.Get(path).Sent(t, nil); again.Has("cover_fee") || again.Get("tip") != "" {
		t.Errorf("who added nothing is asked for it again: %v", again)
	}
}

func TestAReferenceIsKeptAsFarAsItIsOne(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for reference, kept := range map[string]bool{"azAZ09-_": true, strings.Repeat("r", 200): true, strings.Repeat("r", 201): false, "a.b": false, "é": false} {
		b := s.Browser()
		if got := b.Post("/acme/sale?client_reference_id="+url.QueryEscape(reference), publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", reference, got.StatusCode)
		}
		var n int
		if err := s.DB.Get(t.Context(), &n, `SELECT COUNT(*) FROM attempts WHERE answers LIKE '%' || $1 || '%'`, reference); err != nil || n > 0 != kept {
			t.Errorf("%.20s is kept %d times, %v", reference, n, err)
		}
	}
}

// What a page showed of a code and of a question that is gone is said as it was.
func TestWhatAPageShowedIsNamed(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Talk", Path: "talk", Amount: publictest.EUR(4900)})
	s.MustCode("TENTH", 10_00, coupon.CodeFields{}, coupon.Fields{})
	if _, _, err := s.Coupons.CreateWithCodes(t.Context(), s.Business.ID, 0, *publictest.EUR(500), coupon.Fields{Name: "Five"}, []string{"FIVE"}, coupon.CodeFields{}); err != nil {
		t.Fatal(err)
	}
	if page := s.Get("/acme/talk?code=FIVE"); !page.Has("€5.00 off with") || page.Has("% off with") {
		t.Errorf("%s", page.Body)
	}
	x := strings.Repeat("x", 59)
	for terms, words := range map[string][]string{
		"code:TENTH 2000 0 4900": {"10%", "20%"}, "code:TENTH 0 700 4900": {"10%", "€7.00"}, "q.gone:o.1." + x + "y": {x + "y"}, "q.gone:o.1." + x + "yz": {x + "…"},
	} {
		part, value, _ := strings.Cut(terms, ":")
		got := s.Post("/acme/talk", s.Get("/acme/talk?code=TENTH").FilledIn("code", "TENTH", "terms", part+":"+url.QueryEscape(value)))
		for _, w := range words {
			if got.StatusCode != http.StatusConflict || !got.Has(w) {
				t.Errorf("%s: %d, no %q", terms, got.StatusCode, w)
			}
		}
	}
}
