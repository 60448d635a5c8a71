package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

// linkEdit is all that the form of a link stores.
type linkEdit struct {
	linkValues
	Remind reminderValues
}

// The fields that hold an id, which is shown as a name.
const (
	productLabel  = "Product"
	customerLabel = "Customer"
)

// linkFields are the fields of a link's form in its order.
func linkFields() []formField[linkEdit] {
	type v = linkEdit
	return []formField[v]{
		textField("Type", func(e *v) *string { return &e.Type }),
		textField(productLabel, func(e *v) *string { return &e.Product }),
		textField("Name", func(e *v) *string { return &e.Name }),
		textField("Description", func(e *v) *string { return &e.Description }),
		textField("Amount", func(e *v) *string { return &e.Amount }),
		textField("Link address", func(e *v) *string { return &e.Path }),
		{"Tags", func(e v) string { return listed(e.tags()) }, func(from v, to *v) { to.Tags, to.NewTags = from.Tags, from.NewTags }},
		textField("Notes", func(e *v) *string { return &e.Notes }),
		{"Payment limit", func(e v) string { return e.limitWords() }, func(from v, to *v) { to.Limit, to.LimitMax = from.Limit, from.LimitMax }},
		switchField("Show how many are left", func(e *v) *bool { return &e.ShowRemaining }),
		textField(customerLabel, func(e *v) *string { return &e.Customer }),
		{"Reminders", func(e v) string { return e.Remind.words() }, func(from v, to *v) { to.Remind = from.Remind }},
		textField("Lead payers to", func(e *v) *string { return &e.RedirectURL }),
		textField("Give a tag", func(e *v) *string { return &e.ApplyTag }),
		textField("Take a tag away", func(e *v) *string { return &e.RemoveTag }),
		textField("Currency", func(e *v) *string { return &e.Currency }),
		{"The payer may choose the amount", func(e v) string { return e.rangeWords() }, func(from v, to *v) {
			to.PayerAmount, to.PayerMin, to.PayerMax, to.Suggested = from.PayerAmount, from.PayerMin, from.PayerMax, from.Suggested
		}},
		textField("Opens", func(e *v) *string { return &e.StartsAt }),
		textField("Closes", func(e *v) *string { return &e.EndsAt }),
		textField("Reference", func(e *v) *string { return &e.Reference }),
		switchField("Active", func(e *v) *bool { return &e.Active }),
	}
}

// listed are names in an order that does not depend on who wrote them.
func listed(names []string) string {
	names = set(names)
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (v linkValues) limitWords() string {
	switch link.LimitKind(v.Limit) {
	case link.Once:
		return "One-time"
	case link.Multiple:
		return v.LimitMax + " payments"
	}
	return "No limit"
}

func (v linkValues) rangeWords() string {
	if !v.PayerAmount {
		return "Off"
	}
	words := "From " + v.PayerMin + " to " + v.PayerMax
	if v.Suggested != "" {
		words += ", suggested: " + v.Suggested
	}
	return words
}

// words are the reminders in a line.
func (v reminderValues) words() string {
	if !v.On {
		return "Off"
	}
	parts := []string{v.Max + " times", v.Frequency}
	if v.Weekdays {
		parts = append(parts, "weekdays only")
	}
	if v.Quiet {
		parts = append(parts, "not from "+v.From+" to "+v.To)
	}
	return strings.Join(parts, ", ")
}

// linkConflict shows the form of a link that somebody else saved meanwhile, with
// everything that was typed.
func (d *Dashboard) linkConflict(w http.ResponseWriter, r *http.Request, at *room, v linkFormView, stored baseline, rows []conflictRow) (err error) {
	for i := range rows {
		d.nameIDs(r.Context(), at, &rows[i])
	}
	v.Version = stored.Version
	if v.Conflict, err = d.conflictOf(r.Context(), at, v.ID, stored.Version, v.Action, rows); err != nil {
		return err
	}
	return d.showLinkForm(w, r, at, http.StatusConflict, v)
}

// nameIDs writes names where a row has ids.
func (d *Dashboard) nameIDs(ctx context.Context, at *room, row *conflictRow) {
	var name func(id string) string
	switch row.Label {
	case productLabel:
		name = func(id string) string {
			p, err := d.Products.Get(ctx, at.Business.ID, product.ID(id))
			if err != nil {
				return id
			}
			return p.Name
		}
	case customerLabel:
		name = func(id string) string {
			c, err := d.Customers.Get(ctx, at.Business.ID, customer.ID(id))
			if err != nil {
				return id
			}
			return c.Name
		}
	default:
		return
	}
	for _, text := range []*string{&row.Theirs, &row.Yours} {
		if *text != "" {
			*text = name(*text)
		}
	}
}
