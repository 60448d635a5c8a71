// Package asking is the part of a form where merchants say what payers are asked: questions,
// contact details, a consent, an offer of news. The forms of links and of products share it.
// It works without a script: buttons that add, move and remove a question send the form,
// which comes back with everything as it was typed.
package asking

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/checkout"
	"smartlinks/internal/web/dashboard/frame"
)

// Values are what payers are asked beside name and e-mail, as it was typed.
type Values struct {
	Language                string // of the business: by its rules keys are made from labels
	Questions               []Question
	Phone, Address, Company string // checkout.Demand
	Consent                 string // its text; empty: none is asked
	ConsentRequired         bool
	Marketing               string // its text; empty: it is not asked
}

// From reads the fields of a form of a business with this language.
func From(form url.Values, language string) Values {
	return Values{
		Language: language, Questions: questionsFrom(form),
		Phone: form.Get("collect_phone"), Address: form.Get("collect_address"), Company: form.Get("collect_company"),
		Consent: form.Get("consent_text"), ConsentRequired: frame.Ticked(form, "consent_required"), Marketing: strings.TrimSpace(form.Get("marketing_text")),
	}
}

// Of fills the fields from rules. A consent that is not asked yet is required once it has
// a text, because most are. Nobody has answered yet where fresh: keys that were made from
// their labels follow these.
func Of(r checkout.Rules, fresh bool, language string) Values {
	v := Values{
		Language: language, Questions: questionsOf(r.Questions, fresh, language),
		Phone: shownDemand(r.Collect.Phone), Address: shownDemand(r.Collect.Address), Company: shownDemand(r.Collect.Company), ConsentRequired: true,
	}
	if r.Consent != nil {
		v.Consent, v.ConsentRequired = r.Consent.Text, r.Consent.Required
	}
	if r.Marketing != nil {
		v.Marketing = r.Marketing.Text
	}
	return v
}

func shownDemand(d checkout.Demand) string {
	if d == "" {
		return string(checkout.No)
	}
	return string(d)
}

// Set writes the fields into rules.
func (v Values) Set(r *checkout.Rules) {
	r.Questions = v.questions()
	r.Collect = checkout.Collect{Phone: demandOf(v.Phone), Address: demandOf(v.Address), Company: demandOf(v.Company)}
	r.Consent, r.Marketing = nil, nil
	if strings.TrimSpace(v.Consent) != "" {
		r.Consent = &checkout.Consent{Text: v.Consent, Required: v.ConsentRequired}
	}
	if v.Marketing != "" {
		r.Marketing = &checkout.Marketing{Text: v.Marketing}
	}
}

func demandOf(typed string) checkout.Demand {
	if typed == string(checkout.No) {
		return "" // as it is stored
	}
	return checkout.Demand(typed)
}

// Inputs are the names of all inputs of the package by the fields of the API, where they differ.
func Inputs() map[string]string {
	inputs := map[string]string{
		"collect.phone": "collect_phone", "collect.address": "collect_address", "collect.company": "collect_company",
		"consent.text": "consent_text", "marketing.text": "marketing_text",
		"quantity": "quantity_max", "quantity.max": "quantity_max", "quantity.min": "quantity_min",
		"tip.percent": "tip_percent", "cover_fee.percent": "fee_percent", "cover_fee.fixed.value": "fee_fixed",
	}
	for i := range checkout.MaxQuestions {
		for _, member := range members {
			inputs[field(i, member)] = input(i, member)
		}
	}
	return inputs
}

// Names are the inputs of Values that something may be wrong with.
func Names() []string {
	others := append(QuantityNames(), ExtrasNames()...)
	names := []string{"questions"}
	for _, name := range Inputs() {
		if !slices.Contains(others, name) {
			names = append(names, name)
		}
	}
	return names
}

// View is the part of the form as it is drawn.
type View struct {
	Values
	Acted
	Errors map[string]string
	Action string // where the form is sent
}

// Unfolded reports whether the fields of a question are shown at first: something is wrong
// with one of them, or it was added just now.
func (v View) Unfolded(i int) bool {
	for _, member := range members {
		if v.Errors[input(i, member)] != "" {
			return true
		}
	}
	return v.Open == i+1
}

// group lets one question be unfolded at a time, but not where several have mistakes:
// browsers would fold all of them but the first.
func (v View) group() templ.Attributes {
	unfolded := 0
	for i := range v.Questions {
		if v.Unfolded(i) {
			unfolded++
		}
	}
	if unfolded > 1 {
		return nil
	}
	return templ.Attributes{"name": "questions-unfolded"}
}
