package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// conference asks much of its payers.
func (s *site) conference() link.Link {
	s.t.Helper()
	return s.mustLink(link.Fields{Name: "Conference", Path: "conference", Amount: eur(4900), Checkout: checkout.Rules{
		Quantity: &checkout.Quantity{Min: 1, Max: 10},
		Questions: []checkout.Question{
			{Key: "lunch", Label: "Lunch", Type: checkout.Choice, Required: true, Options: []string{"Vegetarian", "Vegan", "With meat"}},
			{Key: "badges", Label: "Names for the badges", Type: checkout.LongText, Help: "One a line."},
		},
		Collect:   checkout.Collect{Phone: checkout.Optional, Company: checkout.Optional, Address: checkout.Optional},
		Consent:   &checkout.Consent{Text: "I accept the [house rules](https://example.com/rules).", Required: true},
		Marketing: &checkout.Marketing{Text: "Write to me about the next one."},
		Tip:       &checkout.Tip{Percent: []int64{5, 10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
		Metadata: []checkout.Pair{{Name: "event", Value: "c26"}},
	}})
}

func TestWhatIsAskedIsAnsweredPaidAndKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.conference()
		const path = "/acme/conference?client_reference_id=order-7&utm_source=news&customfield_badges=Mia"
		opened := s.get(path)
		for _, words := range []string{"Lunch", "Vegetarian", "Names for the badges", ">Mia</textarea>", `href="https://example.com/rules"`, "Write to me", "10%", "Street and number", "Netherlands"} {
			if !opened.has(words) {
				t.Errorf("%q is missing", words)
			}
		}
		if opened.has("checked required") || strings.Contains(opened.body, `name="marketing" value="yes" checked`) {
			t.Error("something is ticked beforehand")
		}
		answers := []string{"quantity", "3", "badges", "Mia\nJo", "phone", "+31612345678", "company", "Noord", "vat_id", "NL004495445B01", "tip", "10", "cover_fee", "yes"}
		bad := s.post(path, opened.filledIn(answers...))
		if bad.StatusCode != http.StatusUnprocessableEntity || !bad.has("Choose one.") || !bad.has("Tick this to pay.") || !bad.has("Check the 2 marked fields") || !bad.has("Jo</textarea>") || !bad.has(`value="NL004495445B01"`) {
			t.Errorf("%d\n%.3000s", bad.StatusCode, bad.body)
		}
		// 147.00 + 14.70, and ⌈(161.70 + 0.25) ÷ 0.985⌉ is 164.42.
		if !bad.has("€164.42") || !bad.has("€14.70") || !bad.has("€2.72") {
			t.Errorf("the sum is missing in\n%s", bad.body)
		}
		paid := s.decide(s.start(path, bad.filledIn(append(answers, "lunch", "Vegan", "consent", "yes")...)), "paid")
		if now := s.get(paid); !now.has("3 × €49.00") || !now.has("€164.42") {
			t.Errorf("%s", now.body)
		}
		var kept struct {
			AmountMinor, TipMinor, FeeMinor int64
			Answers                         checkout.Answers
		}
		if err := d.Get(t.Context(), &kept, `SELECT amount_minor, tip_minor, fee_minor, answers FROM attempts`); err != nil {
			t.Fatal(err)
		}
		a := kept.Answers
		if kept.AmountMinor != 16442 || kept.TipMinor != 1470 || kept.FeeMinor != 272 || len(a.Fields) != 2 || a.Fields[0].Label != "Lunch" || a.Fields[0].Values[0] != "Vegan" ||
			a.Phone != "+31612345678" || a.Company != "Noord" || a.Consent == nil || a.Consent.Version != 1 || a.Marketing == nil || a.Marketing.Agreed || a.Reference != "order-7" ||
			len(a.Campaign) != 1 || len(a.Metadata) != 1 || a.Address != nil {
			t.Errorf("%+v", kept)
		}
	})
}

// Whoever has the page open while it changes is told, and loses nothing.
func TestAPageThatChangedIsShownBeforeAnythingIsCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.conference()
		opened := s.get("/acme/conference")
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) {
			f.Checkout.Consent.Text = "I accept other rules."
		}); err != nil {
			t.Fatal(err)
		}
		form := opened.filledIn("lunch", "Vegan", "consent", "yes", "badges", "Mia")
		got := s.post("/acme/conference", form)
		if got.StatusCode != http.StatusConflict || !got.has("This page changed while you were here. You have not been charged.") || !got.has("other rules") || !got.has(">Mia</textarea>") || s.count("attempts") != 0 {
			t.Errorf("%d\n%.3000s", got.StatusCode, got.body)
		}
		form.Set("terms", got.hidden("terms"))
		s.start("/acme/conference", form)
	})
}

func TestTheRedirectTellsWhereThePayerCameFrom(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Sale", Path: "sale", After: link.AfterPayment{RedirectURL: "https://example.com/thanks?utm_source=old&x=1"}})
	for path, want := range map[string]string{
		"/acme/sale?client_reference_id=a_b-1&utm_source=news&utm_campaign=x": "client_reference_id=a_b-1&utm_source=news&utm_campaign=x&signature=",
		"/acme/sale?client_reference_id=a%20b":                                "Z&signature=",
	} {
		b := s.browser()
		page := b.end(path, "paid")
		if got := b.get(page); !strings.Contains(got.Header.Get("Location"), want) && !got.has(strings.ReplaceAll(want, "&", "&amp;")) {
			t.Errorf("%s: %q\n%.500s", path, got.Header.Get("Location"), got.body)
		}
	}
}

func TestAURLLocksAnAnswer(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.conference()
	got := s.post("/acme/conference?lunch=Vegan&disabled=true", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "lunch": {"With meat"}, "consent": {"yes"}, "quantity": {"1"}})
	var kept struct{ Answers checkout.Answers }
	err := s.d.Get(t.Context(), &kept, `SELECT answers FROM attempts`)
	if a := kept.Answers; got.StatusCode != http.StatusSeeOther || err != nil || len(a.Fields) != 1 || a.Fields[0].Values[0] != "Vegan" {
		t.Errorf("%d, %+v, %v", got.StatusCode, a, err)
	}
	if got := s.get("/acme/conference?lunch=Nothing&consent=yes"); got.has("checked") && strings.Contains(got.body, `name="consent" value="yes" checked`) {
		t.Error("a URL ticked the consent")
	}
}
