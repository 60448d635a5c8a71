package linkform

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/ui"
)

// fillCustomer reads the tags that a payment may give and take.
func (d pages) fillCustomer(ctx context.Context, scope *frame.Scope, v *formView) error {
	tags, err := d.TagsOf(ctx, scope, tag.OfCustomers)
	if err != nil {
		return err
	}
	for _, t := range tags {
		v.CustomerTags = append(v.CustomerTags, t.Name)
	}
	return d.fillChosen(ctx, scope, v)
}

// fillChosen adds the tags of the chosen customer.
func (d pages) fillChosen(ctx context.Context, scope *frame.Scope, v *formView) error {
	if v.Values.Customer == "" {
		return nil
	}
	c, err := d.CustomerOf(ctx, scope, customer.ID(v.Values.Customer))
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

// CustomerHint says what choosing somebody does.
func (v formView) CustomerHint(reader frame.Reader) string {
	return reader.T("By name, email or phone. All payments of the link belong to them, whoever types the details. Leave empty for anybody.")
}

// AfterHint says who gets the tag.
func (v formView) AfterHint(reader frame.Reader) string {
	if v.Values.Customer != "" {
		return reader.T("For this customer. A new name creates a new tag.")
	}
	return reader.T("For the customer who pays. A new name creates a new tag.")
}

// RemoveOptions are the tags that a payment may take: those that the customer
// has and the one that is given; for everybody, all tags of customers.
func (v formView) RemoveOptions(reader frame.Reader) []ui.Option {
	names := v.CustomerTags
	if v.Values.Customer != "" {
		names = slices.Clone(v.TagsOfCustomer)
	}
	for _, also := range []string{v.Values.ApplyTag, v.Values.RemoveTag} {
		if also != "" && !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, also) }) {
			names = append(slices.Clone(names), also)
		}
	}
	options := []ui.Option{{Value: "", Label: reader.T("No tag")}}
	for _, name := range names {
		options = append(options, ui.Option{Value: name, Label: name})
	}
	return options
}

// NoTagsHint says why no tag can be taken.
func (v formView) NoTagsHint(reader frame.Reader) string {
	if v.Values.Customer != "" {
		return reader.T("This customer has no tags to remove")
	}
	return reader.T("There are no customer tags yet")
}

// followsCustomer lets the tags follow the chosen customer at once.
func (v formView) followsCustomer() templ.Attributes {
	return templ.Attributes{"hx-get": v.Base + "/links/after", "hx-trigger": "change", "hx-target": "#after-tags", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// offersTags suggests the tags there are, and lets what may be taken follow.
func (v formView) offersTags() templ.Attributes {
	all := v.followsCustomer()
	all["list"] = "customer-tags"
	return all
}

// showAfter answers, while the form is filled in, what a payment may give and
// take, and how the chosen customer can be reached.
func (d pages) showAfter(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := emptyForm(scope)
	v.Values, v.Send.Values = linkValuesFrom(r.URL.Query(), scope.Business.Locale), sending.SendValuesFrom(r.URL.Query())
	if err := d.fillCustomer(r.Context(), scope, &v); err != nil {
		return err
	}
	if err := d.FillWays(r.Context(), scope, &v.Send); err != nil {
		return err
	}
	v.Send.SuggestWay()
	return frame.Render(w, r, http.StatusOK, afterAndWays(v))
}
