package public_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// change is something that a merchant does while a payer has the page open.
type change struct {
	name   string
	before func(*link.Fields)                                 // what the page asked when it was opened, beside €10.00
	typed  url.Values                                         // what the payer typed on it
	code   bool                                               // they used a code that takes 10% off
	do     func(s *publictest.Site, l link.Link, code string) // what the merchant did
	after  func(*link.Fields)                                 // or this to the link
	says   []string                                           // none: the change is no concern of the payer's
	more   url.Values                                         // what they must still answer
	kept   []string                                           // stands in the form that comes back
	pays   int64                                              // in the end, minor units
	check  func(*testing.T, checkout.Answers)                 // what else must be true of the payment
	path   func(*publictest.Site, link.Link) string           // the page; the link's own without
}

func asks(do func(*checkout.Rules)) func(*link.Fields) {
	return func(f *link.Fields) { do(&f.Checkout) }
}

func amount(minor int64, c money.Currency) func(*link.Fields) {
	return func(f *link.Fields) { f.Amount = &money.Amount{Minor: minor, Currency: c} }
}

var (
	shirt     = checkout.Question{Key: "shirt", Label: "Shirt", Type: checkout.Choice, Options: []string{"S", "M", "L"}}
	shirtDone = url.Values{"shirt": {"M"}}
)

func question(do func(*checkout.Question)) func(*link.Fields) {
	return asks(func(r *checkout.Rules) {
		q := shirt
		if do(&q); len(r.Questions) > 0 {
			q = r.Questions[0]
			q.Options = slices.Clone(q.Options)
			do(&q)
		}
		r.Questions = []checkout.Question{q}
	})
}

func same(*checkout.Question) {}

func quantity(least, most int64) func(*link.Fields) {
	return asks(func(r *checkout.Rules) { r.Quantity = &checkout.Quantity{Min: least, Max: most} })
}

func consent(text string, required bool) func(*link.Fields) {
	return asks(func(r *checkout.Rules) { r.Consent = &checkout.Consent{Text: text, Required: required} })
}

func nothing(f *link.Fields) { f.Checkout = checkout.Rules{} }

var changes = []change{
	{name: "the price", after: amount(1200, "EUR"), says: []string{"The price is now €12.00, it was €10.00."}, pays: 1200},
	{name: "the currency alone", after: amount(1000, "USD"), says: []string{"The price is now $10.00, it was €10.00."}, pays: 1000},
	{name: "a fixed price becomes the payer's choice", says: []string{"You choose the amount yourself now."}, pays: 1000, after: func(f *link.Fields) {
		f.PayerAmount = &link.Range{Min: *publictest.EUR(500), Max: *publictest.EUR(5000)}
	}},
	{name: "the payer's choice becomes a fixed price", says: []string{"The price is now €10.00."}, pays: 1000,
		before: func(f *link.Fields) {
			f.PayerAmount = &link.Range{Min: *publictest.EUR(500), Max: *publictest.EUR(5000)}
		}, typed: url.Values{"amount": {"20"}},
		after: func(f *link.Fields) { f.PayerAmount = nil }},
	{name: "the currency of the payer's choice", says: []string{"The amount is now in USD, it was in EUR."}, pays: 2000, kept: []string{`value="20"`},
		before: func(f *link.Fields) {
			f.PayerAmount = &link.Range{Min: *publictest.EUR(500), Max: *publictest.EUR(5000)}
		}, typed: url.Values{"amount": {"20"}},
		after: func(f *link.Fields) {
			usd := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "USD"} }
			ten := usd(1000)
			f.Amount, f.PayerAmount = &ten, &link.Range{Min: usd(500), Max: usd(5000)}
		}},
	{name: "a quantity with a minimum where nothing was asked", after: quantity(2, 5), says: []string{"Quantity is new: at least 2, at most 5.", "1 became 2.", "Pay €20.00"}, pays: 2000},
	{name: "a quantity that leaves one", after: quantity(1, 5), says: []string{"Quantity is new: at least 1, at most 5."}, pays: 1000},
	{name: "a higher minimum", before: quantity(1, 5), typed: url.Values{"quantity": {"1"}}, after: quantity(3, 5), says: []string{"Quantity is now at least 3, at most 5.", "1 became 3.", "Pay €30.00"}, pays: 3000},
	{name: "a lower maximum", before: quantity(1, 5), typed: url.Values{"quantity": {"5"}}, after: quantity(1, 2), says: []string{"Quantity is now at least 1, at most 2.", "5 became 2."}, pays: 2000},
	{name: "a higher maximum", before: quantity(1, 5), typed: url.Values{"quantity": {"4"}}, after: quantity(1, 9), says: []string{"Quantity is now at least 1, at most 9."}, pays: 4000, kept: []string{`name="quantity" value="4"`}},
	{name: "no quantity any more", before: quantity(1, 5), typed: url.Values{"quantity": {"3"}}, after: nothing, says: []string{"Quantity is no longer asked: you pay for one."}, pays: 1000},
	{name: "a question", after: question(same), says: []string{"“Shirt” is new."}, pays: 1000},
	{name: "a question that must be answered", after: question(func(q *checkout.Question) { q.Required = true }), says: []string{"“Shirt” is new and must be answered.", "Choose one."}, more: shirtDone, pays: 1000},
	{name: "a question becomes required", before: question(same), after: question(func(q *checkout.Question) { q.Required = true }), says: []string{"“Shirt” must now be answered."}, more: shirtDone, pays: 1000},
	{name: "a required question that was answered", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.Required = true }), says: []string{"“Shirt” must now be answered."}, kept: []string{`value="M" checked`}, pays: 1000},
	{name: "no question any more", before: question(same), typed: shirtDone, after: nothing, says: []string{"“Shirt” is no longer asked. You had answered “M”."}, pays: 1000},
	{name: "no question any more that was not answered", before: question(same), after: nothing, says: []string{"“Shirt” is no longer asked."}, pays: 1000},
	{name: "the words of a question", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.Label = "Shirt for a child" }), says: []string{"“Shirt for a child” is now asked in another way."}, kept: []string{`value="M" checked`}, pays: 1000},
	{name: "an option more", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.Options = append(q.Options, "XL") }), says: []string{"“Shirt” is now asked in another way."}, kept: []string{`value="M" checked`}, pays: 1000},
	{name: "the option that was chosen is gone", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.Options = []string{"S", "L"} }), says: []string{"“Shirt” is now asked in another way.", "This can’t be chosen any more. Choose again."}, more: url.Values{"shirt": {"L"}}, pays: 1000},
	{name: "another type of answer", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.Type = checkout.Text }), says: []string{"“Shirt” is now asked in another way."}, kept: []string{`name="shirt" value="M"`}, pays: 1000},
	{name: "a phone number", after: asks(func(r *checkout.Rules) { r.Collect.Phone = checkout.Required }), says: []string{"“Phone” is new and must be answered."}, more: url.Values{"phone": {"+31612345678"}}, pays: 1000},
	{name: "an address", after: asks(func(r *checkout.Rules) { r.Collect.Address = checkout.Optional }), says: []string{"“Postal address” is new."}, pays: 1000},
	{name: "a company becomes required", before: asks(func(r *checkout.Rules) { r.Collect.Company = checkout.Optional }), typed: url.Values{"company": {"Noord"}}, says: []string{"“Company” must now be answered."}, kept: []string{`value="Noord"`},
		after: asks(func(r *checkout.Rules) { r.Collect.Company = checkout.Required }), pays: 1000},
	{name: "a consent", after: consent("I accept the rules.", true), says: []string{"There is now a text to agree to.", "Tick this to pay."}, more: url.Values{"consent": {"yes"}}, pays: 1000},
	{name: "the text of the consent", before: consent("I accept the rules.", false), typed: url.Values{"consent": {"yes"}}, after: consent("I accept other rules.", false), says: []string{"The text to agree to changed. Read it and tick it again."}, pays: 1000,
		check: func(t *testing.T, a checkout.Answers) {
			if a.Consent != nil {
				t.Error("a tick under one text agrees to another")
			}
		}},
	{name: "the consent becomes required", before: consent("I accept the rules.", false), after: consent("I accept the rules.", true), says: []string{"You must now agree to the text."}, more: url.Values{"consent": {"yes"}}, pays: 1000},
	{name: "no consent any more", before: consent("I accept the rules.", true), typed: url.Values{"consent": {"yes"}}, after: nothing, says: []string{"There is no longer a text to agree to."}, pays: 1000},
	{name: "a marketing offer", after: asks(func(r *checkout.Rules) { r.Marketing = &checkout.Marketing{Text: "Write to me."} }), says: []string{"You are now asked whether you want to be written to."}, pays: 1000},
	{name: "another marketing offer", before: asks(func(r *checkout.Rules) { r.Marketing = &checkout.Marketing{Text: "Write to me."} }), typed: url.Values{"marketing": {"yes"}},
		after: asks(func(r *checkout.Rules) { r.Marketing = &checkout.Marketing{Text: "Write to me each day."} }), says: []string{"You are asked in another way whether you want to be written to."}, pays: 1000,
		check: func(t *testing.T, a checkout.Answers) {
			if a.Marketing == nil || a.Marketing.Agreed {
				t.Error("a tick under one offer takes another")
			}
		}},
	{name: "a tip", after: asks(func(r *checkout.Rules) { r.Tip = &checkout.Tip{Percent: []int64{10}} }), says: []string{"You can now add a tip."}, pays: 1000},
	{name: "the step of the tip is gone", before: asks(func(r *checkout.Rules) { r.Tip = &checkout.Tip{Percent: []int64{10}} }), typed: url.Values{"tip": {"10"}},
		after: asks(func(r *checkout.Rules) { r.Tip = &checkout.Tip{Percent: []int64{20}} }), says: []string{"There are now other tips to choose from."}, pays: 1000},
	{name: "no tip any more", before: asks(func(r *checkout.Rules) { r.Tip = &checkout.Tip{Percent: []int64{10}} }), typed: url.Values{"tip": {"10"}}, after: nothing, says: []string{"A tip can no longer be added."}, pays: 1000},
	{name: "a fee to cover", after: asks(func(r *checkout.Rules) { r.CoverFee = &checkout.CoverFee{Fixed: 25} }), says: []string{"You can now cover the payment costs."}, pays: 1000},
	{name: "another fee", before: asks(func(r *checkout.Rules) { r.CoverFee = &checkout.CoverFee{Fixed: 25} }), typed: url.Values{"cover_fee": {"yes"}},
		after: asks(func(r *checkout.Rules) { r.CoverFee = &checkout.CoverFee{Fixed: 50} }), says: []string{"The payment costs that you can cover are now others.", "Pay €10.50"}, pays: 1050},
	{name: "no fee any more", before: asks(func(r *checkout.Rules) { r.CoverFee = &checkout.CoverFee{Fixed: 25} }), typed: url.Values{"cover_fee": {"yes"}}, after: nothing, says: []string{"The payment costs can no longer be covered."}, pays: 1000},
	{name: "a code that ended", do: func(s *publictest.Site, _ link.Link, code string) {
		editCode(s, code, func(f *coupon.CodeFields) { f.EndsAt = new(s.DB.Clock().Now().Add(-time.Minute)) })
	},
		code: true, says: []string{"The code SUMMER", " no longer counts. You pay without it.", "Pay €10.00"}, kept: []string{`name="code" value="SUMMER`}, pays: 1000},
	{name: "a code that counts for other links", do: func(s *publictest.Site, _ link.Link, code string) {
		other := s.MustLink(link.Fields{Name: "Other"})
		editCoupon(s, code, func(f *coupon.Fields) { f.Links = []link.ID{other.ID} })
	}, code: true, says: []string{"The code SUMMER", " no longer counts.", "Pay €10.00"}, pays: 1000},
	{name: "a code with a minimum", do: func(s *publictest.Site, _ link.Link, code string) {
		editCoupon(s, code, func(f *coupon.Fields) { f.Minimum = publictest.EUR(5000) })
	},
		code: true, says: []string{"The code SUMMER", " no longer counts.", "This code counts from €50.00 upwards."}, pays: 1000},
	{name: "ways to pay", after: asks(func(r *checkout.Rules) { r.Methods = []string{"ideal", "card"} }), says: []string{"Ways to pay are now: iDEAL, card."}, pays: 1000},
	{name: "every way to pay", before: asks(func(r *checkout.Rules) { r.Methods = []string{"ideal"} }), after: nothing, says: []string{"Every way to pay is now open here."}, pays: 1000},
	{name: "the way that was chosen", path: func(_ *publictest.Site, l link.Link) string { return "/acme/" + l.Path + "?method=ideal" },
		after: asks(func(r *checkout.Rules) { r.Methods = []string{"card"} }), says: []string{"Ways to pay are now: card.", "You can no longer pay by iDEAL."}, pays: 1000},
	{name: "the price of a product", before: sold(0), path: ofProduct, do: func(s *publictest.Site, l link.Link, _ string) {
		editProduct(s, l.ProductID, func(f *product.Fields) { f.Price = *publictest.EUR(1300) })
	}, says: []string{"The price is now €13.00, it was €10.00."}, pays: 1300},
	{name: "a question of a product's link", before: sold(0), path: ofProduct, after: question(same), says: []string{"“Shirt” is new."}, pays: 1000},
	{name: "an amount becomes a product", after: sold(0), says: []string{"What is sold here is now “Mug”."}, pays: 1000},

	{name: "the name", after: func(f *link.Fields) { f.Name = "Another name" }, pays: 1000},
	{name: "the description", after: func(f *link.Fields) { f.Description = "New words" }, pays: 1000},
	{name: "a tag", after: func(f *link.Fields) { f.Tags = tag.Named("spring") }, pays: 1000},
	{name: "metadata", after: asks(func(r *checkout.Rules) { r.Metadata = []checkout.Pair{{Name: "event", Value: "c26"}} }), pays: 1000},
	{name: "a reference", after: func(f *link.Fields) { f.Reference = "order 7" }, pays: 1000},
	{name: "a limit", after: func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Multiple, Max: 5} }, pays: 1000},
	{name: "the order of options", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { slices.Reverse(q.Options) }), pays: 1000},
	{name: "the answer goes to the provider", before: question(same), typed: shirtDone, after: question(func(q *checkout.Question) { q.ToProvider = true }), pays: 1000},
	{name: "a question need not be answered", before: question(func(q *checkout.Question) { q.Required = true }), typed: shirtDone, after: question(func(q *checkout.Question) { q.Required = false }), pays: 1000},
	{name: "the words about a product", before: sold(0), path: ofProduct, do: func(s *publictest.Site, l link.Link, _ string) {
		editProduct(s, l.ProductID, func(f *product.Fields) { f.Name, f.Description = "Big mug", "350 ml" })
	}, pays: 1000},
}

// sold makes the link sell the product that the test has made.
func sold(int) func(*link.Fields) {
	return func(f *link.Fields) { f.Type, f.Amount = link.Product, nil }
}

func ofProduct(_ *publictest.Site, l link.Link) string { return "/acme/shop/mug?link=" + l.Path }

func editProduct(s *publictest.Site, id product.ID, edit func(*product.Fields)) {
	s.T.Helper()
	if _, err := s.Products.Edit(s.T.Context(), s.Business.ID, id, 0, edit); err != nil {
		s.T.Fatal(err)
	}
}

func editCode(s *publictest.Site, code string, edit func(*coupon.CodeFields)) {
	s.T.Helper()
	var id coupon.CodeID
	err := s.DB.Get(s.T.Context(), &id, `SELECT id FROM promotion_codes WHERE code = $1`, code)
	if err == nil {
		_, err = s.Coupons.EditCode(s.T.Context(), s.Business.ID, id, 0, edit)
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

func editCoupon(s *publictest.Site, name string, edit func(*coupon.Fields)) {
	s.T.Helper()
	var id coupon.ID
	err := s.DB.Get(s.T.Context(), &id, `SELECT id FROM coupons WHERE name = $1`, name)
	if err == nil {
		_, err = s.Coupons.Edit(s.T.Context(), s.Business.ID, id, 0, edit)
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

// Whatever a merchant changes while a payer has the page open: what concerns the payer is
// said before anything is charged, with all that was typed still there, and then what is
// shown is what is paid. Nothing else disturbs.
func TestWhatChangesUnderAnOpenPageIsSaidAndNeverChargedUnseen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.LetPayersChoose()
		for i, c := range changes {
			t.Run(c.name, func(t *testing.T) {
				s.T = t
				changeUnderAPage(s, t, i, c)
			})
		}
	})
}

func changeUnderAPage(s *publictest.Site, t *testing.T, i int, c change) {
	code := fmt.Sprint("SUMMER", i)
	mug, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Mug", Price: *publictest.EUR(1000), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Products.Delete(t.Context(), s.Business.ID, mug.ID) }()
	edited := func(edit func(*link.Fields)) func(*link.Fields) {
		return func(f *link.Fields) {
			if edit != nil {
				edit(f)
			}
			if f.ProductID = ""; f.Type == link.Product {
				f.ProductID = mug.ID
			}
		}
	}
	l := s.MustLink(link.Fields{Type: link.Amount, Name: "Course", Path: fmt.Sprint("course-", i), Amount: publictest.EUR(1000)}, edited(c.before))
	path := "/acme/" + l.Path
	if c.path != nil {
		path = c.path(s, l)
	}
	path = strings.Replace(path, "/shop/mug", "/shop/"+mug.Slug, 1)
	if c.code {
		s.MustCode(code, 10_00, coupon.CodeFields{}, coupon.Fields{})
		defer editCode(s, code, func(f *coupon.CodeFields) { f.EndsAt = new(s.DB.Clock().Now()) }) // the other pages ask for none
		c.typed = url.Values{"code": {strings.ToLower(code)}}
	}
	// The payer types, and lets the page reckon.
	payer := url.Values{"name": {"Mia Berg"}, "email": {fmt.Sprintf("mia%d@example.com", i)}}
	opened := s.Get(path)
	form := opened.Sent(t, publictest.Merged(payer, c.typed))
	if len(c.typed) > 0 && opened.Has(`name="total"`) {
		again := s.Post(path, publictest.Merged(form, url.Values{"recalculate": {"yes"}}))
		if again.StatusCode != http.StatusOK {
			t.Fatalf("reckoned: %d", again.StatusCode)
		}
		form = again.Sent(t, nil)
	}
	if c.do != nil {
		c.do(s, l, code)
	} else if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, edited(c.after)); err != nil {
		t.Fatal(err)
	}
	before := s.Count("attempts")
	got := s.Post(path, form)
	if len(c.says) > 0 {
		if got.StatusCode != http.StatusConflict || s.Count("attempts") != before {
			t.Fatalf("%d, %d attempts\n%s", got.StatusCode, s.Count("attempts")-before, publictest.Shown(got))
		}
		for _, words := range append(c.says, "You have not been charged.", `value="Mia Berg"`, payer.Get("email")) {
			if !got.Has(words) {
				t.Errorf("%q is missing in\n%s", words, publictest.Shown(got))
			}
		}
		for _, words := range c.kept {
			if !got.Has(words) {
				t.Errorf("%q is lost in\n%s", words, got.Body)
			}
		}
		got = s.Post(path, got.Sent(t, c.more))
	}
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("paid: %d\n%s", got.StatusCode, publictest.Shown(got))
	}
	var paid struct {
		AmountMinor int64
		Answers     checkout.Answers
	}
	if err := s.DB.Get(t.Context(), &paid, `SELECT amount_minor, answers FROM attempts WHERE payer_email = $1`, payer.Get("email")); err != nil || paid.AmountMinor != c.pays {
		t.Errorf("pays %d, want %d, %v", paid.AmountMinor, c.pays, err)
	}
	if c.check != nil {
		c.check(t, paid.Answers)
	}
}

// A change that comes while the form is being read is seen by the transaction that would
// start the payment: the payer is told of it as of any other.
func TestAChangeWhileTheFormIsReadIsSaidToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		meanwhile := func() {}
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) {
			c.Country = func(netip.Addr) string { meanwhile(); return "" } // asked between the two
		})
		l := s.MustLink(link.Fields{Name: "Course", Path: "course", Amount: publictest.EUR(1000)})
		s.MustCode("SUMMER", 10_00, coupon.CodeFields{}, coupon.Fields{})
		for _, c := range []struct {
			do   func()
			says string
		}{
			{func() { mustEdit(s, l, amount(1200, "EUR")) }, "The price is now €12.00, it was €10.00."},
			{func() { mustEdit(s, l, quantity(2, 5)) }, "Quantity is new: at least 2, at most 5."},
			{func() { mustEdit(s, l, asks(func(r *checkout.Rules) { r.Methods = []string{"card"} })) }, "Ways to pay are now: card."},
		} {
			form := s.Get("/acme/course").Sent(t, publictest.Payer())
			meanwhile = func() { meanwhile = func() {}; c.do() }
			if got := s.Post("/acme/course", form); got.StatusCode != http.StatusConflict || !got.Has(c.says) || s.Count("attempts") != 0 {
				t.Errorf("%q: %d\n%s", c.says, got.StatusCode, publictest.Shown(got))
			}
		}
		// The code ends after the page has reckoned with it.
		path := "/acme/course?code=SUMMER"
		form := s.Get(path).Sent(t, publictest.Payer())
		meanwhile = func() {
			meanwhile = func() {}
			editCode(s, "SUMMER", func(f *coupon.CodeFields) { f.EndsAt = new(d.Clock().Now()) })
		}
		if got := s.Post(path, form); got.StatusCode != http.StatusConflict || !got.Has("The code SUMMER no longer counts.") || !got.Has("Pay €24.00") || s.Count("attempts") != 0 {
			t.Errorf("the code: %d\n%s", got.StatusCode, publictest.Shown(got))
		}
	})
}

func mustEdit(s *publictest.Site, l link.Link, edit func(*link.Fields)) {
	s.T.Helper()
	if _, err := s.Links.Edit(s.T.Context(), s.Business, l.ID, 0, edit); err != nil {
		s.T.Fatal(err)
	}
}
