package payform

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// customField begins the names of parameters as programs written for PayRequest send
// them: customfield_shirt is the question shirt.
const customField = "customfield_"

// maxValue bounds what a URL may fill in, in characters.
const maxValue = 500

// fromURL are the inputs that the page's own URL fills in: never a consent, and of choices
// only what can be chosen.
func fromURL(query url.Values, a Asked) url.Values {
	filled := url.Values{}
	take := func(name string, values []string) {
		for _, v := range values {
			if v = text.Plain(v); v != "" && utf8.ValidString(v) && utf8.RuneCountInString(v) <= maxValue {
				filled.Add(name, v)
			}
		}
	}
	for _, name := range a.Names() {
		if name != consentField {
			take(name, query[name])
		}
	}
	if a.Tip != nil && query.Has(ownTipField) {
		take(ownTipField, query[ownTipField])
	}
	for _, q := range a.Questions {
		if !filled.Has(q.Key) {
			take(q.Key, query[customField+q.Key])
		}
		if q.Type == checkout.Choice || q.Type == checkout.Several {
			filled[q.Key] = slices.DeleteFunc(filled[q.Key], func(v string) bool { return !slices.Contains(q.Options, v) })
		}
		if len(filled[q.Key]) == 0 {
			filled.Del(q.Key)
		}
	}
	var wrong fault.Fields
	if a.ReadQuantity(filled.Get(QuantityField), &wrong); len(wrong) > 0 {
		filled.Del(QuantityField)
	}
	return filled
}

// lock puts what the URL fills in for good in the place of what was typed: the inputs that
// lock names, and with disabled=true all questions. A consent is always the payer's own.
func (f *Form) lock(query url.Values, a Asked) {
	names := strings.Split(query.Get("lock"), ",")
	all := query.Get("disabled") == "true"
	if query.Get("lock") == "" && !all || a.plain() {
		return
	}
	for name, values := range fromURL(query, a) {
		question := slices.ContainsFunc(a.Questions, func(q checkout.Question) bool { return q.Key == name })
		if slices.Contains(names, name) || all && question {
			f.typed[name] = values
			f.fromURL = append(f.fromURL, name)
		}
	}
}

// ReferenceParameter is the merchant's own word for what is paid, in the page's address.
const ReferenceParameter = "client_reference_id"

// maxReference bounds client_reference_id.
const maxReference = 200

// AttributionParameters are those that Attribution reads, the reference first.
func AttributionParameters() []string {
	return []string{ReferenceParameter, "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}
}

// Attribution is what the page's URL says of the visit for the merchant's own programs:
// client_reference_id, which is dropped where it holds anything but letters, digits, - and
// _, and utm_….
func Attribution(query url.Values) (reference string, campaign []checkout.Pair) {
	reference = query.Get(ReferenceParameter)
	if len(reference) > maxReference || strings.ContainsFunc(reference, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) {
		reference = ""
	}
	for _, name := range AttributionParameters()[1:] {
		if v := text.Plain(query.Get(name)); v != "" && utf8.ValidString(v) && utf8.RuneCountInString(v) <= maxReference {
			campaign = append(campaign, checkout.Pair{Name: name, Value: v})
		}
	}
	return reference, campaign
}
