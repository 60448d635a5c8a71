package linkform

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// linkValues are the fields of a link's form as they were typed. They are kept
// as text, so that a form with mistakes shows what stood in it.
type linkValues struct {
	Type, Product                      string
	NewProduct                         newProduct // made with the link
	Name, Description                  string
	Amount, Currency, Path             string
	Tags                               []string // the ticked ones
	NewTags                            string   // parted by commas
	Notes, Reference, Domain           string
	Limit, LimitMax                    string
	Quantity                           asking.Quantity
	LimitUnits                         bool // the limit counts units
	ShowRemaining, PayerAmount, Active bool
	PayerMin, PayerMax                 string
	Suggested                          string // amounts, apart by spaces
	StartsAt, EndsAt, DueOn            string
	RedirectURL                        string
	Customer                           string // the id of whom the link is for
	ApplyTag, RemoveTag                string
	Thanks                             string
	Closed                             closedValues
	Asked                              asking.Values
	Extras                             asking.Extras
	Ways                               waysValues
}

func newLinkValues(c money.Currency, language string) linkValues {
	return linkValues{
		Type: string(link.Amount), Currency: string(c), Limit: string(link.Unlimited), LimitMax: "10",
		ShowRemaining: true, Active: true, Closed: newClosedValues(), Asked: asking.Of(checkout.Rules{}, true, language),
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
	v.PayerAmount = frame.Ticked(q, "payer_amount")
	return v
}

func linkValuesFrom(form url.Values, language string) linkValues {
	return linkValues{
		Type: form.Get("type"), Product: form.Get("product"), NewProduct: newProductFrom(form), Name: form.Get("name"), Description: form.Get("description"),
		Amount: form.Get("amount"), Currency: strings.ToUpper(strings.TrimSpace(form.Get("currency"))), Path: strings.TrimSpace(form.Get("path")),
		Tags: frame.Distinct(form["tag"]), NewTags: form.Get("tags"), Notes: form.Get("notes"), Reference: form.Get("reference"), Domain: form.Get("domain"),
		Quantity: asking.QuantityFrom(form), LimitUnits: frame.Ticked(form, "limit_units"),
		Limit: form.Get("limit"), LimitMax: form.Get("limit_max"), ShowRemaining: frame.Ticked(form, "show_remaining"),
		PayerAmount: frame.Ticked(form, "payer_amount"), PayerMin: form.Get("payer_min"), PayerMax: form.Get("payer_max"), Suggested: form.Get("suggested"),
		StartsAt: form.Get("starts_at"), EndsAt: form.Get("ends_at"), DueOn: strings.TrimSpace(form.Get("due_on")), RedirectURL: frame.WebAddress(form.Get("redirect_url")),
		Customer: ownCustomer(form), ApplyTag: strings.TrimSpace(form.Get("apply_tag")), RemoveTag: strings.TrimSpace(form.Get("remove_tag")), Active: frame.Ticked(form, "active"),
		Thanks: form.Get("thanks"), Closed: closedValuesFrom(form),
		Asked: asking.From(form, language), Extras: asking.ExtrasFrom(form), Ways: waysFrom(form),
	}
}

// ownCustomer is whom the link is for: one customer, or nobody in particular.
func ownCustomer(form url.Values) string {
	if to := form.Get("to"); to != "" && to != sending.ToOne {
		return ""
	}
	return sending.ChosenCustomer(form)
}

// valuesOf fills the form from a link, which nobody has paid where it is fresh.
func valuesOf(reader frame.Reader, l link.Link, b business.Business, fresh bool) linkValues {
	zone := b.Location()
	v := linkValues{
		Type: string(l.Type), Product: string(l.ProductID), Customer: string(l.CustomerID), Name: l.Name, Description: l.Description,
		Amount: reader.AmountInput(l.Amount), Currency: string(l.Currency), Path: l.Path, Notes: l.Notes, Reference: l.Reference, Domain: l.Domain,
		Limit: string(l.Limit.Kind), LimitMax: "10", ShowRemaining: l.ShowRemaining, Active: l.Active,
		PayerAmount: l.PayerChooses(), Tags: tag.Names(l.Tags),
		StartsAt: frame.LocalTime(l.StartsAt, zone), EndsAt: frame.LocalTime(l.EndsAt, zone), DueOn: l.DueOn, RedirectURL: l.After.RedirectURL, ApplyTag: l.After.ApplyTag, RemoveTag: l.After.RemoveTag,
		Thanks: l.Thanks, Closed: closedValuesOf(l),
		Asked: asking.Of(l.Checkout, fresh, b.Locale), Extras: asking.ExtrasOf(reader, l.Checkout, l.Currency), Ways: waysOf(l.Checkout.Methods),
	}
	if l.Limit.Kind == link.Multiple {
		v.LimitMax = strconv.FormatInt(l.Limit.Max, 10)
	}
	v.LimitUnits = l.Limit.ByUnits()
	v.Quantity = asking.QuantityOf(l.Checkout)
	if p := l.PayerAmount; p != nil {
		v.PayerMin, v.PayerMax, v.Suggested = reader.AmountInput(&p.Min), reader.AmountInput(&p.Max), reader.AmountsInput(p.Suggested)
	}
	return v
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

// draft is the new link of the form; see edit.
func (v linkValues) draft(reader frame.Reader, zone *time.Location, unread *fault.Fields) link.Fields {
	f := link.Defaults()
	v.edit(reader, zone, unread)(&f)
	return f
}

// edit reads the fields, to set everything that the form shows. What can't be read is
// noted under the name of its field and left as something that no link accepts.
func (v linkValues) edit(reader frame.Reader, zone *time.Location, unread *fault.Fields) func(*link.Fields) {
	var amount *money.Amount
	var payer *link.Range
	if c := money.Currency(v.Currency); v.Type != string(link.Product) {
		asked := frame.AmountFrom(reader, v.Amount, c, "amount.value", unread)
		amount = &asked
		if v.PayerAmount {
			payer = &link.Range{
				Min:       frame.AmountFrom(reader, v.PayerMin, c, "payer_amount.min.value", unread),
				Max:       frame.AmountFrom(reader, v.PayerMax, c, "payer_amount.max.value", unread),
				Suggested: frame.AmountsFrom(reader, v.Suggested, c, "payer_amount.suggestions", unread),
			}
		}
	}
	whenClosed := v.Closed.whenClosed(reader, unread)
	var asked checkout.Rules
	v.Quantity.Set(&asked, unread)
	v.Extras.Set(&asked, reader, money.Currency(v.Currency), unread)
	v.Asked.Set(&asked)
	starts, ends := frame.InstantFrom(v.StartsAt, zone, "starts_at", unread), frame.InstantFrom(v.EndsAt, zone, "ends_at", unread)
	return func(f *link.Fields) {
		if f.SetType(link.Type(v.Type)); f.Type == link.Product {
			f.ProductID = product.ID(v.Product)
		}
		f.Amount, f.PayerAmount, f.StartsAt, f.EndsAt, f.DueOn = amount, payer, starts, ends, v.DueOn
		f.Name, f.Description, f.Path, f.Notes, f.Reference, f.Domain = v.Name, v.Description, v.Path, v.Notes, v.Reference, v.Domain
		f.CustomerID, f.Tags, f.Limit, f.Active, f.ShowRemaining = customer.ID(v.Customer), tag.Named(v.tags()...), v.limit(), v.Active, v.ShowRemaining
		asked.Methods, asked.Metadata = v.Ways.methods(), f.Checkout.Metadata
		f.Checkout = asked
		f.After = link.AfterPayment{RedirectURL: v.RedirectURL, ApplyTag: v.ApplyTag, RemoveTag: v.RemoveTag}
		f.Thanks, f.WhenClosed, f.WaitingList = v.Thanks, whenClosed, v.Closed.WaitingList
		if f.WaitingList { // its hours show only then
			f.OfferHours = v.Closed.offerHours()
		}
	}
}

// limit is the chosen limit; what is no number becomes 0, which is refused.
func (v linkValues) limit() link.Limit {
	l := link.Limit{Kind: link.LimitKind(v.Limit), Counts: link.Payments}
	if l.Kind != link.Multiple {
		return l
	}
	n, err := text.Whole(v.LimitMax)
	if err == nil {
		l.Max = n
	}
	if v.LimitUnits {
		l.Counts = link.Units
	}
	return l
}

// linkInputs maps fields to inputs where they differ.
func linkInputs() map[string]string {
	inputs := map[string]string{
		"amount.value": "amount", "amount.currency": "currency", "product_id": "product",
		"limit.max": "limit_max", "limit.kind": "limit", "limit.counts": "limit_units",
		"payer_amount":             "payer_min",
		"payer_amount.suggestions": "suggested",
		"payer_amount.min.value":   "payer_min", "payer_amount.max.value": "payer_max",
		"payer_amount.min.currency": "payer_min", "payer_amount.max.currency": "payer_max",
		"after_payment.redirect_url": "redirect_url", "after_payment.apply_tag": "apply_tag", "after_payment.remove_tag": "remove_tag",
		"customer_id":         "customer",
		"when_closed.message": "closed_message", "when_closed.next": "closed_next", "when_closed.url": "closed_url", "when_closed.redirect": "closed_redirect",
	}
	maps.Copy(inputs, asking.Inputs())
	return inputs
}
