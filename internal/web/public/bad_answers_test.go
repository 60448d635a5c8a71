package public_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// everything asks in every way that there is.
func everything(s *publictest.Site) link.Link {
	s.T.Helper()
	return s.MustLink(link.Fields{Name: "Camp", Path: "camp", Amount: publictest.EUR(1000), Checkout: checkout.Rules{
		Quantity: &checkout.Quantity{Min: 1, Max: 10},
		Questions: []checkout.Question{
			{Key: "line", Label: "Line", Type: checkout.Text}, {Key: "story", Label: "Story", Type: checkout.LongText},
			{Key: "age", Label: "Age", Type: checkout.Number, Min: "4", Max: "99", Step: "1"}, {Key: "arrival", Label: "Arrival", Type: checkout.Date},
			{Key: "shirt", Label: "Shirt", Type: checkout.Choice, Options: []string{"S", "M", "L"}}, {Key: "days", Label: "Days", Type: checkout.Several, Options: []string{"Mon", "Tue"}},
			{Key: "first", Label: "First time", Type: checkout.Checkbox},
		},
		Collect:   checkout.Collect{Phone: checkout.Optional, Company: checkout.Optional, Address: checkout.Optional},
		Consent:   &checkout.Consent{Text: "I accept the rules."},
		Marketing: &checkout.Marketing{Text: "Write to me."},
		Tip:       &checkout.Tip{Percent: []int64{10}, Own: true}, CoverFee: &checkout.CoverFee{Fixed: 25},
	}})
}

// fieldsOf are the names of what a page lets people fill in or press.
var fieldsOf = regexp.MustCompile(`<(?:input|button|select|textarea)[^>]* name="([^"]+)"`)

// A question whose key were the name of an input of the page would answer for it.
func TestNoQuestionCanHaveTheNameOfAnInputOfThePage(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := everything(s)
	s.MustCode("CAMP", 10_00, coupon.CodeFields{}, coupon.Fields{})
	s.MustLink(link.Fields{Name: "Full", Path: "full", WaitingList: true, Limit: link.Limit{Kind: link.Once}, Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 3}}})
	s.Decide(s.Start("/acme/full", s.Get("/acme/full").Sent(t, publictest.Payer())), "paid")
	b := s.Browser()
	b.End("/acme/camp", "paid")
	pages := []publictest.Page{
		s.Get("/acme/camp"), s.Get("/acme/camp?code=CAMP"), s.Get("/acme/camp?code=NEVER&method=ideal"), s.Get("/acme"), s.Get("/acme/full"), b.Get("/acme/camp"),
		s.Get("/acme/camp?once_more=x&embed=1"),
	}
	asked := map[string]bool{}
	for _, q := range l.Checkout.Questions {
		asked[q.Key] = true
	}
	found := map[string]bool{}
	for _, p := range pages {
		for _, name := range fieldsOf.FindAllStringSubmatch(p.Body, -1) {
			if found[name[1]] = true; !asked[name[1]] && !checkout.IsTaken(name[1]) {
				t.Errorf("a question may be called %q, as an input of the page is", name[1])
			}
		}
	}
	for _, name := range []string{"version", "price_currency", "terms", "total", "code_apply", "code_remove", "tip_own", "step", "waiting_email"} {
		if !found[name] {
			t.Errorf("no page of the test has %q", name)
		}
	}
}

func TestWhatIsWrongWithAnAnswerIsSaidAtItsFieldAndNothingIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := everything(s)
		other := s.MustLink(link.Fields{Name: "Other"})
		now := d.Clock().Now()
		s.MustCode("ENDED", 10_00, coupon.CodeFields{EndsAt: new(now.Add(-time.Hour))}, coupon.Fields{})
		s.MustCode("SOON", 10_00, coupon.CodeFields{StartsAt: new(now.Add(time.Hour))}, coupon.Fields{})
		s.MustCode("ELSEWHERE", 10_00, coupon.CodeFields{}, coupon.Fields{Links: []link.ID{other.ID}})
		s.MustCode("LARGE", 10_00, coupon.CodeFields{}, coupon.Fields{Minimum: publictest.EUR(5000)})
		s.MustCode("ONCE", 10_00, coupon.CodeFields{Max: 1}, coupon.Fields{Links: []link.ID{l.ID}})
		used := s.Get("/acme/camp?code=ONCE").Sent(t, url.Values{"name": {"Mia"}, "email": {"mia@example.com"}})
		s.Decide(s.Start("/acme/camp?code=ONCE", used), "paid")
		before := s.Count("attempts")

		good := url.Values{
			"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}, "quantity": {"2"}, "line": {"One line"}, "story": {"A long story"}, "age": {"12"}, "arrival": {"2026-07-01"}, "shirt": {"M"},
			"days": {"Tue"}, "first": {"yes"}, "phone": {"+31612345678"}, "company": {"Noord"}, "consent": {"yes"}, "tip": {"10"},
		}
		kept := []string{
			`value="Jonas Lindqvist"`, `value="jonas@example.se"`, `name="quantity" value="2"`, `value="One line"`, ">A long story</textarea>", `name="age" value="12"`, `value="2026-07-01"`, `value="M" checked`,
			`value="Tue" checked`, `value="yes" checked`, `value="+31612345678"`, `value="Noord"`, `value="10" checked`,
		}
		const gone, wrongCode = "This can’t be chosen any more. Choose again.", "This code can’t be used here. Check the spelling, or pay without it."
		opened := s.Get("/acme/camp")
		for _, c := range []struct{ field, typed, says string }{
			{"quantity", "0", "Choose at least 1."}, {"quantity", "11", "Choose at most 10."}, {"quantity", "1.5", "Enter a whole number, like 2."}, {"quantity", "1e3", "Enter a whole number, like 2."},
			{"quantity", "-2", "Enter a whole number, like 2."}, {"quantity", "٠", "Choose at least 1."},
			{"line", strings.Repeat("x", 201), "too long"}, {"story", strings.Repeat("x", 2001), "too long"}, {"story", "a\x00b", "characters"},
			{"age", "3", "4"}, {"age", "100", "99"}, {"age", "4.5", "steps of 1"}, {"age", "many", "Enter a number"}, {"age", "1e3", "Enter a number"},
			{"arrival", "2026-02-30", "day"}, {"arrival", "tomorrow", "day"}, {"shirt", "XXL", gone}, {"days", "Sun", gone},
			{"phone", "0612", "country code"}, {"company", strings.Repeat("x", 121), "too long"},
			{"tip", "15", gone}, {"tip", "-10", gone}, {"tip", "1e3", gone},
			{"tip_own", "-3", "Enter an amount that is not below zero."}, {"tip_own", "three", "Enter an amount that is not below zero."}, {"tip_own", "99999999999999999999", "Enter an amount that is not below zero."},
			{"code", "NEVER", wrongCode}, {"code", "ENDED", wrongCode}, {"code", "SOON", wrongCode}, {"code", "ELSEWHERE", wrongCode}, {"code", "ONCE", wrongCode}, {"code", strings.Repeat("X", 5000), wrongCode},
			{"code", "LARGE", "This code counts from €50.00 upwards."},
		} {
			typed := publictest.Merged(good, url.Values{c.field: {c.typed}})
			at := c.field
			if c.field == "tip_own" {
				typed.Set("tip", "own")
				at = "tip"
			}
			got := s.Post("/acme/camp", opened.Sent(t, typed))
			told := regexp.MustCompile(`(?s)id="` + at + `-error">.*?<span>(.*?)</span>`).FindStringSubmatch(got.Body)
			if got.StatusCode != http.StatusUnprocessableEntity || told == nil || !strings.Contains(told[1], c.says) {
				t.Errorf("%s %.20q: %d, %q, want %q", c.field, c.typed, got.StatusCode, told, c.says)
				continue
			}
			for _, words := range kept {
				if of := regexp.MustCompile(`^(name="` + at + `"|.*` + regexp.QuoteMeta(good.Get(at)) + `)`); good.Get(at) != "" && of.MatchString(words) {
					continue // the field itself
				}
				if !got.Has(words) {
					t.Errorf("%s %.20q: %s is lost", c.field, c.typed, words)
				}
			}
			if shown := got.Sent(t, nil); c.typed != "a\x00b" && !strings.Contains(strings.Join(shown[c.field], " "), c.typed) && c.says != gone {
				t.Errorf("%s %.20q: what was typed is lost: %.40q", c.field, c.typed, shown[c.field])
			}
		}
		if n := s.Count("attempts"); n != before {
			t.Errorf("%d attempts were made", n-before)
		}
		// Answers to what nobody asks are left out, and nothing else.
		form := opened.Sent(t, publictest.Merged(good, url.Values{"hat": {"Red"}, "customfield_hat": {"Red"}, "total": {""}}))
		s.Start("/acme/camp", form)
		var keptAnswers struct{ Answers checkout.Answers }
		if err := d.Get(t.Context(), &keptAnswers, `SELECT answers FROM attempts WHERE payer_email = 'jonas@example.se'`); err != nil || len(keptAnswers.Answers.Fields) != 7 {
			t.Errorf("%+v, %v", keptAnswers.Answers, err)
		}
	})
}
