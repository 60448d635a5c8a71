package provider

import (
	"fmt"

	"smartlinks/internal/checkout"
)

// Lines are what a provider shows of an order: the goods with their number, and apart from
// them what the payer added. They sum up to the total.
func Lines(title string, p checkout.Parts) []OrderLine {
	lines := []OrderLine{{Kind: checkout.GoodsLine, Name: title, Quantity: p.Quantity, Unit: p.In(p.Unit), Discount: p.In(p.Discount), Code: p.Code}}
	if p.Tip > 0 {
		lines = append(lines, OrderLine{Kind: checkout.TipLine, Name: "Tip", Quantity: 1, Unit: p.In(p.Tip)})
	}
	if p.Fee > 0 {
		lines = append(lines, OrderLine{Kind: checkout.FeeLine, Name: "Payment costs", Quantity: 1, Unit: p.In(p.Fee)})
	}
	return lines
}

// Fit adds pairs to metadata as far as they fit: so many in all, and so many bytes of keys
// and values with what JSON puts around them; 0 is no bound. None takes the place of
// another.
func Fit(metadata map[string]string, extra []checkout.Pair, most, bytes int) {
	used := 2
	around := len(`"":"",`)
	for key, value := range metadata {
		used += len(fmt.Sprintf("%q%q", key, value)) + around
	}
	for _, p := range extra {
		size := len(fmt.Sprintf("%q%q", p.Name, p.Value)) + around
		if _, there := metadata[p.Name]; there || most > 0 && len(metadata) >= most || bytes > 0 && used+size > bytes {
			continue
		}
		metadata[p.Name] = p.Value
		used += size
	}
}
