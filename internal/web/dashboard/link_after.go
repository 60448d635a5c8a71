package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// fillCustomer reads the tags that a payment may give and take.
func (d *Dashboard) fillCustomer(ctx context.Context, at *room, v *linkFormView) error {
	tags, err := d.Tags.List(ctx, at.Business.ID, tag.OfCustomers)
	if err != nil {
		return err
	}
	for _, t := range tags {
		v.CustomerTags = append(v.CustomerTags, t.Name)
	}
	return d.fillChosen(ctx, at, v)
}

// fillChosen adds the tags of the chosen customer.
func (d *Dashboard) fillChosen(ctx context.Context, at *room, v *linkFormView) error {
	if v.Values.Customer == "" {
		return nil
	}
	c, err := d.Customers.Get(ctx, at.Business.ID, customer.ID(v.Values.Customer))
	if fault.Is(err, fault.NotFound) {
		return nil // the field says so when the form is sent
	}
	if err != nil {
		return err
	}
	for _, t := range c.Tags {
		v.TagsOfCustomer = append(v.TagsOfCustomer, t.Name)
	}
	return nil
}

// labelOfCustomer names a customer in a field.
func labelOfCustomer(c customer.Customer) string {
	label := firstOf(c.Name, c.Email)
	if c.Email != "" && c.Email != label {
		label += " – " + c.Email
	}
	return label
}

// CustomerHint says what choosing somebody does.
func (v linkFormView) CustomerHint() string {
	return "By name, email or phone. Payments of the link are theirs, whoever types the details. Empty for nobody in particular."
}

// AfterHint says who gets the tag.
func (v linkFormView) AfterHint() string {
	if v.Values.Customer != "" {
		return "To this customer. A new name makes a new tag."
	}
	return "To the customer who pays. A new name makes a new tag."
}

// RemoveOptions are the tags that a payment may take: those that the customer
// has and the one that is given; for everybody, all tags of customers.
func (v linkFormView) RemoveOptions() []ui.Option {
	names := v.CustomerTags
	if v.Values.Customer != "" {
		names = slices.Clone(v.TagsOfCustomer)
	}
	for _, also := range []string{v.Values.ApplyTag, v.Values.RemoveTag} {
		if also != "" && !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, also) }) {
			names = append(slices.Clone(names), also)
		}
	}
	options := []ui.Option{{Value: "", Label: "No tag"}}
	for _, name := range names {
		options = append(options, ui.Option{Value: name, Label: name})
	}
	return options
}

// NoTagsHint says why no tag can be taken.
func (v linkFormView) NoTagsHint() string {
	if v.Values.Customer != "" {
		return "This customer has no tags to remove"
	}
	return "There are no tags of customers yet"
}

// followsCustomer lets the tags follow the chosen customer at once.
func (v linkFormView) followsCustomer() templ.Attributes {
	return templ.Attributes{"hx-get": v.Base + "/links/after", "hx-trigger": "change", "hx-target": "#after-tags", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// offersTags suggests the tags there are, and lets what may be taken follow.
func (v linkFormView) offersTags() templ.Attributes {
	all := v.followsCustomer()
	all["list"] = "customer-tags"
	return all
}

// showAfter answers, while the form is filled in, what a payment may give and
// take, and how the chosen customer can be reached.
func (d *Dashboard) showAfter(w http.ResponseWriter, r *http.Request, at *room) error {
	v := emptyForm(at)
	v.Values, v.Send.Values = linkValuesFrom(r.URL.Query()), sendValuesFrom(r.URL.Query())
	if err := d.fillCustomer(r.Context(), at, &v); err != nil {
		return err
	}
	if err := d.fillWays(r.Context(), at, &v.Send); err != nil {
		return err
	}
	v.Send.suggestWay()
	return render(w, r, http.StatusOK, afterAndWays(v))
}
