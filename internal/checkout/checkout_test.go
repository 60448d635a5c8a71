package checkout_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
)

// The parts always sum up, in steps of what can be charged. The tip is rounded half up and one
// that was typed down, and of a covered fee the merchant keeps the whole: what the provider
// takes of the total is never more than was added, and a step less would not be enough.
func TestPartsSumUpAndTheMerchantKeepsTheWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		can := checkout.Chargeable{Step: rapid.SampledFrom([]int64{0, 1, 10, 100}).Draw(r, "step")}
		step := max(can.Step, 1)
		p := checkout.Parts{Currency: "EUR", Quantity: rapid.Int64Range(1, 1000).Draw(r, "units"), Unit: step * rapid.Int64Range(1, 10_000).Draw(r, "price")}
		percent, fixed := rapid.Int64Range(0, 25_000).Draw(r, "thousandths of a percent"), rapid.Int64Range(0, 100).Draw(r, "fixed")
		rules := checkout.Rules{
			Tip:      &checkout.Tip{Percent: []int64{5, 10, 15}, Own: true},
			CoverFee: &checkout.CoverFee{Percent: fmt.Sprintf("%d.%03d", percent/1000, percent%1000), Fixed: fixed},
		}
		extras := checkout.Extras{Tip: rapid.SampledFrom([]string{"", "5", "10", "15", "own"}).Draw(r, "tip"), Own: rapid.Int64Range(0, 10_000).Draw(r, "own"), CoverFee: rapid.Bool().Draw(r, "fee")}
		var wrong fault.Fields
		got := rules.Add(p, extras, can, &wrong)
		if len(wrong) > 0 || got.Total()%step != 0 || got.Total() != got.List()+got.Tip+got.Fee || got.List() != p.Quantity*p.Unit || got.Taxed() != got.Total()-got.Tip {
			r.Fatalf("%+v, %v", got, wrong)
		}
		if off := 10*got.Tip - got.Goods(); extras.Tip == "10" && (off <= -5*step || off > 5*step) {
			r.Fatalf("10%% of %d is %d", got.Goods(), got.Tip)
		}
		if extras.Tip == "own" && (got.Tip > extras.Own || got.Tip <= extras.Own-step) {
			r.Fatalf("who gives %d gives %d", extras.Own, got.Tip)
		}
		if !extras.CoverFee {
			if got.Fee != 0 {
				r.Fatalf("%d are covered by who does not", got.Fee)
			}
			return
		}
		keeps := func(total int64) int64 { return total*(100_000-percent) - fixed*100_000 }
		if base := (got.Goods() + got.Tip) * 100_000; keeps(got.Total()) < base || keeps(got.Total()-step) >= base {
			r.Fatalf("of %d with %d/100000 and %d, %d are left of %d", got.Total(), percent, fixed, keeps(got.Total()), base)
		}
	})
}

func TestVATIDsAreChecked(t *testing.T) {
	for id, want := range map[string]bool{
		"BE0417497106": true, "BE0417497107": false, "DE136695976": true, "DE136695977": false, "FR40303265045": true, "FR41303265045": false,
		"IT00743110157": true, "IT00743110158": false, "LU15027442": true, "LU15027443": false, "PL8567346215": true, "PL8567346216": false,
		"PT501964843": true, "PT501964842": false, "DK13585628": true, "DK13585627": false, "FI20774740": true, "FI20774741": false,
		"NL004495445B01": true, "NL004495446B01": false, "NL123456789B13": true, "GB980780684": true, "CHE123456788MWST": true, "XX123": false, "": false, "NL12": false,
		"DE143454214": true, "HR81793146560": true, "HR81793146561": false, "IT00905811006": true, "PT504426290": true, "PT100000010": true, "PT100000011": false, "RO12": true,
		"FR99303265045": false, "FR49303265045": false, "FRA1303265045": true, "FR1A303265045": true, "FRAB303265045": true,
	} {
		if got := checkout.IsVATID(id); got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

var by = checkout.Reading{Version: 3, Now: time.Date(2026, 2, 18, 9, 0, 0, 0, time.UTC), Phone: func(s string) (string, bool) { return s, strings.HasPrefix(s, "+") }}

func read(r checkout.Rules, sent url.Values) (checkout.Answers, fault.Fields) {
	var wrong fault.Fields
	a := r.Read(func(name string) []string { return sent[name] }, by, &wrong)
	return a, wrong
}

func TestEachTypeOfQuestionReadsItsAnswer(t *testing.T) {
	rules := checkout.Rules{Questions: []checkout.Question{
		{Key: "name_of", Label: "Names", Type: checkout.LongText}, {Key: "age", Label: "Age", Type: checkout.Number, Min: "1", Max: "99", Step: "0.5"},
		{Key: "size", Label: "Size", Type: checkout.Choice, Required: true, Options: []string{"S", "M"}}, {Key: "days", Label: "Days", Type: checkout.Several, Options: []string{"Mon", "Tue", "Wed"}},
		{Key: "dog", Label: "Dog", Type: checkout.Checkbox}, {Key: "born", Label: "Born", Type: checkout.Date},
	}}
	a, wrong := read(rules, url.Values{"name_of": {"Mia\nJo"}, "age": {"٤٫٥"}, "size": {"M"}, "days": {"Wed", "Mon"}, "dog": {"yes"}, "born": {"1990-02-28"}, "other": {"x"}})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	got := map[string]any{}
	for _, f := range a.Fields {
		got[f.Key] = f.JSON()
	}
	if got["name_of"] != "Mia\nJo" || got["age"] != "4.5" || got["size"] != "M" || !slices.Equal(got["days"].([]string), []string{"Mon", "Wed"}) || got["dog"] != true || got["born"] != "1990-02-28" || len(got) != 6 {
		t.Errorf("%v", got)
	}
	for sent, want := range map[string]string{
		"size=": checkout.NotChosen, "size=XL": checkout.NotOption, "size=M&age=100": checkout.OutOfRange, "size=M&age=1.2": checkout.OffStep, "size=M&age=old": checkout.BadNumber,
		"size=M&born=2026-02-30": checkout.BadDate, "size=M&born=0999-12-31": checkout.BadDate, "size=M&days=Sun": checkout.NotOption,
	} {
		values, _ := url.ParseQuery(sent)
		if _, wrong := read(rules, values); len(wrong) != 1 || wrong[0].Code != want {
			t.Errorf("%s: %v, want %s", sent, wrong, want)
		}
	}
}

// What need not be answered is left out, of many answers to one question the first counts,
// and a wish to be written to is known either way.
func TestWhatIsNotAnsweredIsLeftOut(t *testing.T) {
	rules := checkout.Rules{Collect: checkout.Collect{Company: checkout.Required}, Marketing: &checkout.Marketing{Text: "News?"}, Questions: []checkout.Question{
		{Key: "size", Label: "Size", Type: checkout.Choice, Options: []string{"S", "M"}}, {Key: "dog", Label: "Dog", Type: checkout.Checkbox}, {Key: "born", Label: "Born", Type: checkout.Date},
	}}
	a, wrong := read(rules, url.Values{"size": {"M", "S"}, "born": {"1000-01-01"}})
	if !wrong.Has("company") || len(wrong) != 1 || len(a.Fields) != 2 || a.Fields[0].JSON() != "S" || a.Marketing == nil || a.Marketing.Agreed {
		t.Errorf("%+v, %v", a, wrong)
	}
	a, wrong = read(rules, url.Values{"company": {"Acme"}, "marketing": {"on"}})
	if len(wrong) > 0 || a.Company != "Acme" || !a.Marketing.Agreed {
		t.Errorf("%+v, %v", a, wrong)
	}
	if a, _ = read(checkout.Rules{}, url.Values{"company": {"Acme"}, "marketing": {"on"}}); !a.Nothing() {
		t.Errorf("what nobody asked is kept: %+v", a)
	}
	if (checkout.Answer{Type: checkout.Checkbox}).JSON() != false {
		t.Error("what is not ticked is true")
	}
}

// A code takes off all that it gives, but for what a provider must be asked for at least: of
// nothing nobody is asked.
func TestACodeLeavesWhatCanBeCharged(t *testing.T) {
	rules := checkout.Rules{Tip: &checkout.Tip{Percent: []int64{10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25}}
	rapid.Check(t, func(r *rapid.T) {
		can := checkout.Chargeable{Least: rapid.Int64Range(0, 100).Draw(r, "least"), Step: rapid.SampledFrom([]int64{0, 1, 10}).Draw(r, "step")}
		step := max(can.Step, 1)
		p := checkout.Parts{Currency: "EUR", Quantity: rapid.Int64Range(1, 5).Draw(r, "units"), Unit: step * rapid.Int64Range(1, 500).Draw(r, "price")}
		off := checkout.Off{Code: "SPRING", Percent: rapid.Int64Range(0, 100_00).Draw(r, "percent"), Amount: rapid.Int64Range(1, 600).Draw(r, "amount")}
		extras := checkout.Extras{Tip: rapid.SampledFrom([]string{"", "10", "own"}).Draw(r, "tip"), Own: rapid.Int64Range(0, 100).Draw(r, "own"), CoverFee: rapid.Bool().Draw(r, "fee")}
		var wrong fault.Fields
		got := rules.Price(p, off, extras, can, &wrong)
		with := func(discount int64) int64 {
			p := p
			p.Discount = discount
			return rules.Add(p, extras, can, &wrong).Total()
		}
		full := off.Of(p.List())
		if can.Lifts(off, got) != (got.Discount <= full-step) {
			r.Fatalf("of %d %d is taken off: %t", full, got.Discount, can.Lifts(off, got))
		}
		full -= ((full-p.List())%step + step) % step // what is left is in steps
		switch total := got.Total(); {
		case len(wrong) > 0 || total%step != 0 || got.Discount < 0 || got.Discount > full || total != with(got.Discount) || got.Code != "SPRING" || got.Goods() != p.List()-got.Discount:
			r.Fatalf("%+v, %v", got, wrong)
		case got.Discount == full && (total == 0 || total >= can.Least):
		case got.Discount == 0 && total < can.Least: // too little in any case
		case total < can.Least || with(got.Discount+step) >= can.Least || with(full) == 0 || with(full) >= can.Least:
			r.Fatalf("of %d as much as %d is taken off, not %d: %d are left", p.List(), got.Discount, full, total)
		}
		off.Code = ""
		if got := rules.Price(p, off, extras, can, &wrong); got.Discount != 0 || got.Total() != with(0) {
			r.Fatalf("without a code: %+v", got)
		}
	})
	for tip, want := range map[string]int64{"10": 100, "7": -1, "x": -1, "": 0} {
		var wrong fault.Fields
		if got := rules.Add(checkout.Parts{Currency: "EUR", Quantity: 1, Unit: 1000}, checkout.Extras{Tip: tip}, checkout.Chargeable{}, &wrong); wrong.Has("tip") != (want < 0) || got.Tip != max(want, 0) {
			t.Errorf("a tip of %q is %d, %v", tip, got.Tip, wrong)
		}
	}
}

func TestAnAddressHasTheFieldsOfItsCountry(t *testing.T) {
	rules := checkout.Rules{Collect: checkout.Collect{Phone: checkout.Required, Address: checkout.Required, Company: checkout.Optional}}
	good := "phone=%2B31612345678&line1=Damrak+1&postal_code=١٠۱۲+lg&city=Amsterdam&country=NL&vat_id=nl+۰۰44.95445.B01"
	values, _ := url.ParseQuery(good)
	a, wrong := read(rules, values)
	if len(wrong) > 0 || a.Address.PostalCode != "1012 LG" || a.VATID != "NL004495445B01" || a.Phone != "+31612345678" {
		t.Errorf("%+v, %v", a.Address, wrong)
	}
	for change, field := range map[string]string{"postal_code=12": "postal_code", "country=XX": "country", "country=US": "region", "city=": "city", "phone=": "phone", "phone=06": "phone", "vat_id=NL1": "vat_id"} {
		values, _ := url.ParseQuery(good)
		name, value, _ := strings.Cut(change, "=")
		values.Set(name, value)
		if _, wrong := read(rules, values); !wrong.Has(field) {
			t.Errorf("%s: %v", change, wrong)
		}
	}
	rules.Collect.Address = checkout.Optional
	if a, wrong := read(rules, url.Values{"phone": {"+1"}, "country": {"NL"}}); a.Address != nil || len(wrong) > 0 {
		t.Errorf("a country alone is %+v, %v", a.Address, wrong)
	}
	if _, wrong := read(rules, url.Values{"phone": {"+1"}, "country": {"NL"}, "line1": {"Damrak 1"}}); !wrong.Has("city") || !wrong.Has("postal_code") {
		t.Errorf("a part of an address is taken: %v", wrong)
	}
	if !slices.Contains(checkout.Countries, "NL") || !slices.Contains(checkout.Countries, "ZW") || !slices.Contains(checkout.Countries, "DZ") || slices.Contains(checkout.Countries, "EU") || slices.Contains(checkout.Countries, "ZZ") || len(checkout.Countries) < 240 {
		t.Errorf("%d countries", len(checkout.Countries))
	}
	for _, code := range []string{"EZ", "UN", "DG", "CP", "AC", "TA", "EA", "IC"} {
		if slices.Contains(checkout.Countries, code) {
			t.Errorf("%s is offered, and no country", code)
		}
	}
}

func TestErasedAnswersKeepTheConsentAlone(t *testing.T) {
	a, _ := read(checkout.Rules{Consent: &checkout.Consent{Text: "The rules", Required: true}, Collect: checkout.Collect{Phone: checkout.Optional}, Questions: []checkout.Question{{Key: "q1", Label: "Q", Type: checkout.Text}}},
		url.Values{"consent": {"yes"}, "phone": {"+31612345678"}, "q1": {"secret"}})
	if e := a.Erased(); e.Phone != "" || len(e.Fields) > 0 || e.Consent == nil || e.Consent.Text != "The rules" || e.Consent.Version != 3 || !e.Consent.At.Equal(by.Now) {
		t.Errorf("%+v", e)
	}
}
