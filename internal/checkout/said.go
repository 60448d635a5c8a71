package checkout

import "strings"

// Fact is something that a payer said, as people read it.
type Fact struct {
	Label  string
	Value  string
	Figure bool // written from left to right in every language
}

// Facts are what a payer answered, in the order of the page, in a reader's language;
// labels are the merchant's words.
func (a Answers) Facts(t Localizer) (facts []Fact) {
	add := func(label, value string, figure bool) {
		if value != "" {
			facts = append(facts, Fact{label, value, figure})
		}
	}
	for _, f := range a.Fields {
		add(f.Label, f.Said(t.T("answer.yes")), f.Type == Number || f.Type == Date)
	}
	add(t.T("pay.phone"), a.Phone, true)
	for _, f := range a.Who(t) {
		add(f.Label, f.Value, f.Figure)
	}
	if a.Consent != nil {
		add(t.T("answer.consent"), a.Consent.Text, false)
	}
	if a.Marketing != nil && a.Marketing.Agreed {
		add(t.T("answer.marketing"), t.T("answer.yes"), false)
	}
	return facts
}

// Who says who the payer is for a receipt: company, VAT id and address.
func (a Answers) Who(t Localizer) (facts []Fact) {
	if a.Company != "" {
		facts = append(facts, Fact{t.T("pay.company"), a.Company, false})
	}
	if a.VATID != "" {
		facts = append(facts, Fact{t.T("pay.vat_id"), a.VATID, true})
	}
	if a.Address != nil {
		lines := append(a.Address.Lines(), a.Address.Country)
		facts = append(facts, Fact{t.T("receipt.address"), strings.Join(lines, ", "), false})
	}
	return facts
}
