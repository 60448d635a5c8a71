package asking

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
)

// Quantity is how many units a payment buys, as it was typed. Without a maximum it buys one.
type Quantity struct{ Min, Max string }

// QuantityFrom reads the fields of a form.
func QuantityFrom(form url.Values) Quantity {
	return Quantity{Min: strings.TrimSpace(form.Get("quantity_min")), Max: strings.TrimSpace(form.Get("quantity_max"))}
}

// QuantityOf fills the fields from rules.
func QuantityOf(r checkout.Rules) (v Quantity) {
	if q := r.Quantity; q != nil {
		v.Min, v.Max = strconv.FormatInt(q.Min, 10), strconv.FormatInt(q.Max, 10)
	}
	return v
}

// Set writes the fields into rules. What can't be read is noted, and left as something that
// is refused.
func (v Quantity) Set(r *checkout.Rules, unread *fault.Fields) {
	if r.Quantity = nil; v.Max == "" {
		return
	}
	read := func(typed, name string) int64 {
		n, err := strconv.ParseInt(text.Digits(typed), 10, 32)
		if err != nil {
			unread.Add(name, "", "Enter a whole number, like 2.")
		}
		return n
	}
	r.Quantity = &checkout.Quantity{Min: 1, Max: read(v.Max, "quantity.max")}
	if v.Min != "" {
		r.Quantity.Min = read(v.Min, "quantity.min")
	}
}

// Sum says in a line how many a payment buys, and whether payers choose.
func (v Quantity) Sum(reader frame.Reader) (line string, chosen bool) {
	if v.Max == "" {
		return reader.T("One per payment"), false
	}
	return reader.T("Payers choose up to {{.Max}}", "Max", v.Max), true
}

// words are how many a payment buys, in a line.
func (v Quantity) words(reader frame.Reader) string {
	if v.Max == "" {
		return reader.T("One per payment")
	}
	return reader.T("From {{.Min}} to {{.Max}}", "Min", cmp.Or(v.Min, "1"), "Max", v.Max)
}

// QuantityNames are the inputs that something may be wrong with.
func QuantityNames() []string { return []string{"quantity_min", "quantity_max"} }

// QuantityEdit is the field for two who edit the same thing.
func QuantityEdit[V any](reader frame.Reader, of func(*V) *Quantity) frame.FormField[V] {
	return frame.FormField[V]{Label: reader.T("Quantity"), Show: func(v V) string { return of(&v).words(reader) }, Take: func(from V, to *V) { *of(to) = *of(&from) }}
}
