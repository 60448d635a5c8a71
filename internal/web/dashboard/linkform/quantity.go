package linkform

import (
	"cmp"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
)

// quantity is how many units a payment buys; nil without a maximum, where it buys one.
func (v linkValues) quantity(unread *fault.Fields) *checkout.Quantity {
	if strings.TrimSpace(v.QuantityMax) == "" {
		return nil
	}
	read := func(typed, name string) int64 {
		n, err := strconv.ParseInt(strings.TrimSpace(typed), 10, 32)
		if err != nil {
			unread.Add(name, "", "Enter a whole number, like 2.")
		}
		return n
	}
	q := &checkout.Quantity{Min: 1, Max: read(v.QuantityMax, "quantity.max")}
	if strings.TrimSpace(v.QuantityMin) != "" {
		q.Min = read(v.QuantityMin, "quantity.min")
	}
	return q
}

// quantityWords are how many a payment buys, in a line.
func (v linkValues) quantityWords(reader frame.Reader) string {
	if v.QuantityMax == "" {
		return reader.T("One per payment")
	}
	return reader.T("From {{.Min}} to {{.Max}}", "Min", cmp.Or(v.QuantityMin, "1"), "Max", v.QuantityMax)
}
