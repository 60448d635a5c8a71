package payform

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/money"
)

// terms are what a page shows of what it asks, part by part, in short texts. They travel
// with the form, so that whoever has the page open while the link changes is told what
// changed. Only what a payer can see is in them; a page that asks nothing has none.
type terms map[string]string

// The parts; of questions with their key behind it.
const (
	soldPart      = "sold"
	quantityPart  = "quantity"
	questionPart  = "q."
	phonePart     = "phone"
	companyPart   = "company"
	addressPart   = "address"
	tipPart       = "tip"
	feePart       = "fee"
	codePart      = "code"
	consentPart   = "consent"
	marketingPart = "marketing"
	waysPart      = "ways"
)

// terms of a page that shows the form.
func (f Form) terms(a Asked) terms {
	t := terms{}
	set := func(part, value string) {
		if value != "" {
			t[part] = value
		}
	}
	set(soldPart, a.Sold)
	if q := a.Quantity; q != nil {
		t[quantityPart] = fmt.Sprint(q.Min, "-", q.Max)
	}
	for _, q := range a.Questions {
		t[questionPart+q.Key] = seen{q.Required, markOf(q), cutLabel(q.Label)}.String()
	}
	for part, demand := range map[string]checkout.Demand{phonePart: a.Collect.Phone, companyPart: a.Collect.Company, addressPart: a.Collect.Address} {
		if demand != "" {
			t[part] = seen{required: demand == checkout.Required}.String()
		}
	}
	if c := a.Consent; c != nil {
		t[consentPart] = seen{c.Required, mark(c.Text), ""}.String()
	}
	if m := a.Marketing; m != nil {
		t[marketingPart] = mark(m.Text)
	}
	if tip := a.Tip; tip != nil {
		t[tipPart] = fmt.Sprint(tip.Percent, tip.Own)
	}
	if c := a.CoverFee; c != nil {
		t[feePart] = c.Percent + "+" + strconv.FormatInt(c.Fixed, 10)
	}
	set(waysPart, strings.Join(slices.Sorted(slices.Values(a.Methods)), " "))
	if f.off.Code != "" {
		t[codePart] = applied{f.off, f.goods(a).List()}.String()
	}
	return t
}

// Terms is how the terms travel: without anything that HTML or a form would write in
// another way.
func (f Form) Terms(a Asked) string {
	t := f.terms(a)
	parts := make([]string, 0, len(t))
	for _, name := range slices.Sorted(maps.Keys(t)) {
		parts = append(parts, name+":"+url.QueryEscape(t[name]))
	}
	return strings.Join(parts, ";")
}

// readTerms reads what Terms wrote. What a stranger wrote instead differs from what is asked
// now, and so is never paid unseen.
func readTerms(text string) terms {
	t := terms{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, ":")
		if value, err := url.QueryUnescape(value); err == nil && name != "" {
			t[name] = value
		}
	}
	return t
}

// seen is one thing that is asked, as the page showed it.
type seen struct {
	required bool
	mark     string // of all else that tells how it is asked
	label    string
}

func (s seen) String() string {
	demand := "o"
	if s.required {
		demand = "r"
	}
	return demand + "." + s.mark + "." + s.label
}

func readSeen(text string) seen {
	demand, rest, _ := strings.Cut(text, ".")
	mark, label, _ := strings.Cut(rest, ".")
	return seen{demand == "r", mark, cutLabel(label)}
}

// applied is a code that counted, and the list price that it was taken off.
type applied struct {
	checkout.Off
	list int64
}

func (c applied) String() string {
	return fmt.Sprint(c.Code, " ", c.Percent, " ", c.Amount, " ", c.list)
}

func readApplied(text string) (c applied) {
	_, _ = fmt.Sscan(text, &c.Code, &c.Percent, &c.Amount, &c.list) // what can't be read took nothing off
	return c
}

// says is what the code takes off, for people.
func (c applied) says(a Asked) string {
	if c.Percent > 0 {
		return money.Percent(checkout.WritePercent(c.Percent), a.Language)
	}
	return money.Amount{Minor: c.Amount, Currency: a.Unit.Currency}.Format(a.Language)
}

// markOf is the mark of how a question is asked. In which order options stand, and who else
// gets the answer, changes nothing for whoever answered.
func markOf(q checkout.Question) string {
	options := slices.Sorted(slices.Values(q.Options))
	return mark(append([]string{q.Label, q.Help, string(q.Type), q.Min, q.Max, q.Step}, options...)...)
}

func mark(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// maxLabel is how much of a label travels, in characters: enough to know the question by.
const maxLabel = 60

func cutLabel(label string) string {
	if r := []rune(label); len(r) > maxLabel {
		return string(r[:maxLabel-1]) + "…"
	}
	return label
}

// changes compares the terms of the page that the form was filled in on with what is asked
// now: the names of the parts that differ, in the order of the page. A question that need no
// longer be answered is no change: whoever answered it did.
func (f Form) changes(was, now terms, a Asked) (parts []string) {
	order := []string{soldPart, quantityPart}
	for _, q := range a.Questions {
		order = append(order, questionPart+q.Key)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if strings.HasPrefix(name, questionPart) && now[name] == "" {
			order = append(order, name)
		}
	}
	order = append(order, phonePart, companyPart, addressPart, tipPart, feePart, codePart, consentPart, marketingPart, waysPart)
	for _, name := range order {
		switch {
		case was[name] == now[name]:
		case name == codePart && !f.codeChanged(was[name]):
		case now[name] != "" && relaxed(was[name], now[name]):
		default:
			parts = append(parts, name)
		}
	}
	return parts
}

// relaxed reports whether a thing that had to be answered need not be any more, and is asked
// the same.
func relaxed(was, now string) bool {
	before, after := readSeen(was), readSeen(now)
	before.required = false
	return readSeen(was).required && before == after
}

// codeChanged reports whether a code that counted on the page counts no more, or takes off
// something else. That the payer took it away, or buys too little for it now, is their doing.
func (f Form) codeChanged(text string) bool {
	was := readApplied(text)
	if was.Code == "" || !strings.EqualFold(cmp.Or(f.off.Code, f.Code()), was.Code) {
		return false
	}
	if f.off.Code != "" {
		return f.off != was.Off
	}
	return f.off.Least == 0 || f.off.Least > was.list
}
