package dashboard

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// linkValues are the fields of a link's form as they were typed. They are kept
// as text, so that a form with mistakes shows what stood in it.
type linkValues struct {
	Type, Product                      string
	Name, Description                  string
	Amount, Currency, Path             string
	Tags                               []string // the ticked ones
	NewTags                            string   // parted by commas
	Notes, Reference                   string
	Limit, LimitMax                    string
	ShowRemaining, PayerAmount, Active bool
	PayerMin, PayerMax                 string
	Suggested                          string // amounts, apart by spaces
	StartsAt, EndsAt                   string
	RedirectURL                        string
	Customer                           string // the id of whom the link is for
	ApplyTag, RemoveTag                string
}

func newLinkValues(c money.Currency) linkValues {
	return linkValues{
		Type: string(link.Amount), Currency: string(c), Limit: string(link.Unlimited), LimitMax: "10",
		ShowRemaining: true, Active: true,
	}
}

// prefilled takes what the address of the form says, for the common cases.
func (v linkValues) prefilled(q url.Values) linkValues {
	for name, field := range map[string]*string{
		"type": &v.Type, "product": &v.Product, "name": &v.Name, "amount": &v.Amount, "limit": &v.Limit, "limit_max": &v.LimitMax, "customer": &v.Customer,
	} {
		if value := q.Get(name); value != "" {
			*field = value
		}
	}
	v.PayerAmount = ticked(q, "payer_amount")
	return v
}

func linkValuesFrom(form url.Values) linkValues {
	return linkValues{
		Type: form.Get("type"), Product: form.Get("product"), Name: form.Get("name"), Description: form.Get("description"),
		Amount: form.Get("amount"), Currency: strings.ToUpper(strings.TrimSpace(form.Get("currency"))), Path: strings.TrimSpace(form.Get("path")),
		Tags: set(form["tag"]), NewTags: form.Get("tags"), Notes: form.Get("notes"), Reference: form.Get("reference"),
		Limit: form.Get("limit"), LimitMax: form.Get("limit_max"), ShowRemaining: ticked(form, "show_remaining"),
		PayerAmount: ticked(form, "payer_amount"), PayerMin: form.Get("payer_min"), PayerMax: form.Get("payer_max"), Suggested: form.Get("suggested"),
		StartsAt: form.Get("starts_at"), EndsAt: form.Get("ends_at"), RedirectURL: webAddress(form.Get("redirect_url")),
		Customer: ownCustomer(form), ApplyTag: strings.TrimSpace(form.Get("apply_tag")), RemoveTag: strings.TrimSpace(form.Get("remove_tag")), Active: ticked(form, "active"),
	}
}

// ownCustomer is whom the link is for: one customer, or nobody in particular.
func ownCustomer(form url.Values) string {
	if to := form.Get("to"); to != "" && to != toOne {
		return ""
	}
	return chosenCustomer(form)
}

// valuesOf fills the form from a link.
func valuesOf(l link.Link, zone *time.Location) linkValues {
	v := linkValues{
		Type: string(l.Type), Product: string(l.ProductID), Customer: string(l.CustomerID), Name: l.Name, Description: l.Description,
		Amount: typed(l.Amount), Currency: string(l.Currency), Path: l.Path, Notes: l.Notes, Reference: l.Reference,
		Limit: string(l.Limit.Kind), LimitMax: "10", ShowRemaining: l.ShowRemaining, Active: l.Active,
		PayerAmount: l.PayerChooses(), PayerMin: typed(l.PayerMin), PayerMax: typed(l.PayerMax), Suggested: typedList(l.Suggested),
		StartsAt: localTime(l.StartsAt, zone), EndsAt: localTime(l.EndsAt, zone), RedirectURL: l.After.RedirectURL, ApplyTag: l.After.ApplyTag, RemoveTag: l.After.RemoveTag,
	}
	if l.Limit.Kind == link.Multiple {
		v.LimitMax = strconv.FormatInt(l.Limit.Max, 10)
	}
	for _, t := range l.Tags {
		v.Tags = append(v.Tags, t.Name)
	}
	return v
}

// localLayout is how a datetime-local input writes an instant.
const localLayout = "2006-01-02T15:04"

func localTime(at *time.Time, zone *time.Location) string {
	if at == nil {
		return ""
	}
	return at.In(zone).Format(localLayout)
}

// tags are the ticked tags and those that were typed.
func (v linkValues) tags() []string {
	return append(slices.Clone(v.Tags), v.newTags()...)
}

// newTags are the names that were typed.
func (v linkValues) newTags() (names []string) {
	for name := range strings.SplitSeq(v.NewTags, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// draft reads the fields. What can't be read is noted under the name of its
// field and left as something that no link accepts.
func (v linkValues) draft(zone *time.Location, unread *fault.Fields) link.Draft {
	d := link.Draft{
		Type: link.Type(v.Type), Name: v.Name, Description: v.Description, Path: v.Path, Notes: v.Notes, Reference: v.Reference,
		Inactive: !v.Active, HideRemaining: !v.ShowRemaining, Tags: v.tags(), Limit: v.limit(),
		After: link.AfterPayment{RedirectURL: v.RedirectURL, ApplyTag: v.ApplyTag, RemoveTag: v.RemoveTag}, CustomerID: customer.ID(v.Customer),
		StartsAt: instantFrom(v.StartsAt, zone, "starts_at", unread), EndsAt: instantFrom(v.EndsAt, zone, "ends_at", unread),
	}
	if d.Type == link.Product {
		d.ProductID = product.ID(v.Product)
		return d
	}
	c := money.Currency(v.Currency)
	amount := amountFrom(v.Amount, c, "amount.value", unread)
	d.Amount = &amount
	if v.PayerAmount {
		d.PayerAmount = &link.Range{
			Min: amountFrom(v.PayerMin, c, "payer_amount.min.value", unread),
			Max: amountFrom(v.PayerMax, c, "payer_amount.max.value", unread),

			Suggested: amountsFrom(v.Suggested, c, "payer_amount.suggestions", unread),
		}
	}
	return d
}

// patch sets everything that the form shows.
func (v linkValues) patch(zone *time.Location, unread *fault.Fields) link.Patch {
	d := v.draft(zone, unread)
	p := link.Patch{
		Type: &d.Type, Amount: d.Amount, Name: &d.Name, Description: &d.Description, Notes: &d.Notes, Reference: &d.Reference,
		Tags: &d.Tags, Limit: &d.Limit, ShowRemaining: &v.ShowRemaining, PayerAmount: &d.PayerAmount, StartsAt: &d.StartsAt,
		EndsAt: &d.EndsAt, RedirectURL: &d.After.RedirectURL, ApplyTag: &d.After.ApplyTag, RemoveTag: &d.After.RemoveTag,
		CustomerID: &d.CustomerID, Active: &v.Active, Path: &d.Path,
	}
	if d.Type == link.Product {
		p.ProductID = &d.ProductID
	}
	return p
}

// limit is the chosen limit; what is no number becomes 0, which is refused.
func (v linkValues) limit() link.Limit {
	l := link.Limit{Kind: link.LimitKind(v.Limit)}
	if l.Kind != link.Multiple {
		return l
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v.LimitMax), 10, 64)
	if err == nil {
		l.Max = n
	}
	return l
}

// instantFrom reads a local time of the business; an empty one is nil.
func instantFrom(text string, zone *time.Location, name string, unread *fault.Fields) *time.Time {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if len(text) > len(localLayout) { // browsers may send seconds
		text = text[:len(localLayout)]
	}
	at, err := time.ParseInLocation(localLayout, text, zone)
	if err != nil {
		unread.Add(name, "", "Enter a day and a time, like 2026-03-01 09:00.")
		return nil
	}
	return &at
}

// linkInputs maps fields to inputs where they differ.
func linkInputs() map[string]string {
	return map[string]string{
		"amount.value": "amount", "amount.currency": "currency", "product_id": "product",
		"limit.max": "limit_max", "limit.kind": "limit",
		"payer_amount":             "payer_min",
		"payer_amount.suggestions": "suggested",
		"payer_amount.min.value":   "payer_min", "payer_amount.max.value": "payer_max",
		"payer_amount.min.currency": "payer_min", "payer_amount.max.currency": "payer_max",
		"after_payment.redirect_url": "redirect_url", "after_payment.apply_tag": "apply_tag", "after_payment.remove_tag": "remove_tag",
		"customer_id": "customer",
	}
}
