package linkform

import (
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// linkEdit is all that the form of a link stores.
type linkEdit struct {
	linkValues
	Remind sending.ReminderValues
}

// The fields that hold an id, which is shown as a name.
const (
	productLabel  = "Product"
	customerLabel = "Customer"
)

// linkFields are the fields of a link's form in its order.
func linkFields(reader frame.Reader) []frame.FormField[linkEdit] {
	type v = linkEdit
	fields := []frame.FormField[v]{
		frame.TextField(reader.T("Type"), func(e *v) *string { return &e.Type }),
		frame.TextField(productLabel, func(e *v) *string { return &e.Product }),
		frame.TextField(reader.T("Name"), func(e *v) *string { return &e.Name }),
		frame.TextField(reader.T("Description"), func(e *v) *string { return &e.Description }),
		frame.TextField(reader.T("Amount"), func(e *v) *string { return &e.Amount }),
		frame.TextField(reader.T("Link address"), func(e *v) *string { return &e.Path }),
		{Label: reader.T("Tags"), Show: func(e v) string { return frame.SortedList(e.tags()) }, Take: func(from v, to *v) { to.Tags, to.NewTags = from.Tags, from.NewTags }},
		frame.TextField(reader.T("Notes"), func(e *v) *string { return &e.Notes }),
		{Label: reader.T("Payment limit"), Show: func(e v) string { return e.limitWords(reader) }, Take: func(from v, to *v) { to.Limit, to.LimitMax = from.Limit, from.LimitMax }},
		asking.QuantityEdit(reader, func(e *v) *asking.Quantity { return &e.Quantity }),
		frame.SwitchField(reader, reader.T("The limit counts units"), func(e *v) *bool { return &e.LimitUnits }),
		frame.SwitchField(reader, reader.T("Show how many are left"), func(e *v) *bool { return &e.ShowRemaining }),
		frame.TextField(customerLabel, func(e *v) *string { return &e.Customer }),
		{Label: reader.T("Reminders"), Show: func(e v) string { return e.Remind.Words(reader) }, Take: func(from v, to *v) { to.Remind = from.Remind }},
		frame.TextField(reader.T("Redirect payers to"), func(e *v) *string { return &e.RedirectURL }),
		frame.TextField(reader.T("Add a tag"), func(e *v) *string { return &e.ApplyTag }),
		frame.TextField(reader.T("Remove a tag"), func(e *v) *string { return &e.RemoveTag }),
		frame.TextField(reader.T("Thank-you text"), func(e *v) *string { return &e.Thanks }),
		frame.TextField(reader.T("Message while closed"), func(e *v) *string { return &e.Closed.Message }),
		{Label: reader.T("Leads on to"), Show: func(e v) string { return e.Closed.leadsTo() }, Take: func(from v, to *v) {
			to.Closed.To, to.Closed.Next, to.Closed.URL = from.Closed.To, from.Closed.Next, from.Closed.URL
		}},
		frame.SwitchField(reader, reader.T("Lead on at once when the link is full"), func(e *v) *bool { return &e.Closed.Redirect }),
		{Label: reader.T("Waiting list"), Show: func(e v) string { return e.Closed.waitingWords(reader) }, Take: func(from v, to *v) {
			to.Closed.WaitingList, to.Closed.OfferHours = from.Closed.WaitingList, from.Closed.OfferHours
		}},
		frame.TextField(reader.T("Currency"), func(e *v) *string { return &e.Currency }),
		{Label: reader.T("The payer may choose the amount"), Show: func(e v) string { return e.rangeWords(reader) }, Take: func(from v, to *v) {
			to.PayerAmount, to.PayerMin, to.PayerMax, to.Suggested = from.PayerAmount, from.PayerMin, from.PayerMax, from.Suggested
		}},
		frame.TextField(reader.T("Opens"), func(e *v) *string { return &e.StartsAt }),
		frame.TextField(reader.T("Closes"), func(e *v) *string { return &e.EndsAt }),
		frame.TextField(reader.T("Due date"), func(e *v) *string { return &e.DueOn }),
		frame.TextField(reader.T("Domain"), func(e *v) *string { return &e.Domain }),
		frame.TextField(reader.T("Reference"), func(e *v) *string { return &e.Reference }),
		frame.SwitchField(reader, reader.T("Active"), func(e *v) *bool { return &e.Active }),
	}
	return slices.Concat(fields, asking.Edits(reader, func(e *linkEdit) *asking.Values { return &e.Asked }), asking.ExtrasEdits(reader, func(e *linkEdit) *asking.Extras { return &e.Extras }), []frame.FormField[linkEdit]{waysEdit(reader)})
}

func (v linkValues) limitWords(reader frame.Reader) string {
	switch link.LimitKind(v.Limit) {
	case link.Once:
		return reader.T("One-time")
	case link.Multiple:
		n, err := text.Whole(v.LimitMax)
		if err != nil {
			return v.LimitMax
		}
		return reader.N(n, "{{.Count}} payment", "{{.Count}} payments")
	}
	return reader.T("No limit")
}

func (v linkValues) rangeWords(reader frame.Reader) string {
	if !v.PayerAmount {
		return reader.T("Off")
	}
	if v.Suggested != "" {
		return reader.T("From {{.Min}} to {{.Max}}, suggested: {{.Suggested}}", "Min", v.PayerMin, "Max", v.PayerMax, "Suggested", v.Suggested)
	}
	return reader.T("From {{.Min}} to {{.Max}}", "Min", v.PayerMin, "Max", v.PayerMax)
}

// linkConflict shows the form of a link that somebody else saved meanwhile, with
// everything that was typed.
func (d pages) linkConflict(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView, stored frame.Baseline, rows []frame.ConflictRow) (err error) {
	for i := range rows {
		d.nameIDs(r.Context(), scope, &rows[i])
	}
	v.Version = stored.Version
	if v.Conflict, err = d.ConflictOf(r.Context(), scope, v.ID, stored.Version, v.Action, rows); err != nil {
		return err
	}
	return d.showForm(w, r, scope, http.StatusConflict, v)
}

// nameIDs writes names where a row has ids.
func (d pages) nameIDs(ctx context.Context, scope *frame.Scope, row *frame.ConflictRow) {
	var name func(id string) string
	switch row.Label {
	case productLabel:
		name = func(id string) string {
			p, err := d.Products.Get(ctx, scope.Business.ID, product.ID(id))
			if err != nil {
				return id
			}
			return p.Name
		}
	case customerLabel:
		name = func(id string) string {
			c, err := d.Customers.Get(ctx, scope.Business.ID, customer.ID(id))
			if err != nil {
				return id
			}
			return c.Name
		}
	case scope.T("Leads on to"):
		name = func(id string) string {
			l, err := d.Links.Get(ctx, scope.Business, link.ID(id))
			if err != nil {
				return id // or an address
			}
			return l.Name
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
