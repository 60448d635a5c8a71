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
	"smartlinks/internal/web/public/publictest"
)

func TestWhatIsAskedIsAnsweredPaidAndKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Conference()
		const path = "/acme/conference?client_reference_id=order-7&utm_source=news&customfield_badges=Mia"
		opened := s.Get(path)
		for _, words := range []string{"Lunch", "Vegetarian", "Names for the badges", ">Mia</textarea>", `href="https://example.com/rules"`, "Write to me", "10%", "Street and number", "Netherlands"} {
			if !opened.Has(words) {
				t.Errorf("%q is missing", words)
			}
		}
		if opened.Has("checked required") || strings.Contains(opened.Body, `name="marketing" value="yes" checked`) {
			t.Error("something is ticked beforehand")
		}
		answers := []string{"quantity", "3", "badges", "Mia\nJo", "phone", "+31612345678", "company", "Noord", "vat_id", "NL004495445B01", "tip", "10", "cover_fee", "yes"}
		bad := s.Post(path, opened.FilledIn(answers...))
		if bad.StatusCode != http.StatusUnprocessableEntity || !bad.Has("Choose one.") || !bad.Has("Tick this to pay.") || !bad.Has("Check the 2 marked fields") || !bad.Has("Jo</textarea>") || !bad.Has(`value="NL004495445B01"`) {
			t.Errorf("%d\n%.3000s", bad.StatusCode, bad.Body)
		}
		// 147.00 + 14.70, and ⌈(161.70 + 0.25) ÷ 0.985⌉ is 164.42.
		if !bad.Has("€164.42") || !bad.Has("€14.70") || !bad.Has("€2.72") {
			t.Errorf("the sum is missing in\n%s", bad.Body)
		}
		paid := s.Decide(s.Start(path, bad.FilledIn(append(answers, "lunch", "Vegan", "consent", "yes")...)), "paid")
		if now := s.Get(paid); !now.Has("3 × €49.00") || !now.Has("€164.42") {
			t.Errorf("%s", now.Body)
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
		s := publictest.MustSite(t, d, "http")
		l := s.Conference()
		opened := s.Get("/acme/conference")
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) {
			f.Checkout.Consent.Text = "I accept other rules."
		}); err != nil {
			t.Fatal(err)
		}
		form := opened.FilledIn("lunch", "Vegan", "consent", "yes", "badges", "Mia")
		got := s.Post("/acme/conference", form)
		if got.StatusCode != http.StatusConflict || !got.Has("This page changed while you were here. You have not been charged.") || !got.Has("other rules") || !got.Has(">Mia</textarea>") || s.Count("attempts") != 0 {
			t.Errorf("%d\n%.3000s", got.StatusCode, got.Body)
		}
		form.Set("terms", got.Hidden("terms"))
		s.Start("/acme/conference", form)
	})
}

func TestTheRedirectTellsWhereThePayerCameFrom(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale", After: link.AfterPayment{RedirectURL: "https://example.com/thanks?utm_source=old&x=1"}})
	for path, want := range map[string]string{
		"/acme/sale?client_reference_id=a_b-1&utm_source=news&utm_campaign=x": "client_reference_id=a_b-1&utm_source=news&utm_campaign=x&signature=",
		"/acme/sale?client_reference_id=a%20b":                                "Z&signature=",
	} {
		b := s.Browser()
		page := b.End(path, "paid")
		if got := b.Get(page); !strings.Contains(got.Header.Get("Location"), want) && !got.Has(strings.ReplaceAll(want, "&", "&amp;")) {
			t.Errorf("%s: %q\n%.500s", path, got.Header.Get("Location"), got.Body)
		}
	}
}

func TestAURLLocksAnAnswer(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.Conference()
	got := s.Post("/acme/conference?lunch=Vegan&disabled=true", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "lunch": {"With meat"}, "consent": {"yes"}, "quantity": {"1"}})
	var kept struct{ Answers checkout.Answers }
	err := s.DB.Get(t.Context(), &kept, `SELECT answers FROM attempts`)
	if a := kept.Answers; got.StatusCode != http.StatusSeeOther || err != nil || len(a.Fields) != 1 || a.Fields[0].Values[0] != "Vegan" {
		t.Errorf("%d, %+v, %v", got.StatusCode, a, err)
	}
	if got := s.Get("/acme/conference?lunch=Nothing&consent=yes"); got.Has("checked") && strings.Contains(got.Body, `name="consent" value="yes" checked`) {
		t.Error("a URL ticked the consent")
	}
}
