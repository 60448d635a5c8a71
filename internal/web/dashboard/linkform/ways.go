package linkform

import (
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// waysValues are the ways to pay that were chosen; every way where Some is not set.
type waysValues struct {
	Some   bool
	Chosen []string
}

func waysFrom(form url.Values) waysValues {
	return waysValues{Some: form.Get("methods_kind") == "some", Chosen: frame.Distinct(form["methods"])}
}

func waysOf(methods []string) waysValues {
	return waysValues{Some: len(methods) > 0, Chosen: methods}
}

// methods are the ways as a link keeps them. A choice of nothing is refused.
func (v waysValues) methods() []string {
	switch {
	case !v.Some:
		return nil
	case len(v.Chosen) == 0:
		return []string{""}
	}
	return v.Chosen
}

func (v waysValues) words(reader frame.Reader) string {
	if !v.Some {
		return reader.T("Every way that is available")
	}
	names := make([]string, len(v.Chosen))
	for i, way := range v.Chosen {
		names[i] = wayName(reader, way)
	}
	return strings.Join(names, ", ")
}

// wayNames are the names that have a translation.
var wayNames = map[string]string{
	"card": i18n.Mark("Card|a way to pay"), "gift_card": i18n.Mark("Gift card"),
	checkout.ByTransfer: i18n.Mark("Bank transfer to your account"), checkout.ByProvider: i18n.Mark("Everything that your payment provider offers"),
}

func wayName(reader frame.Reader, way string) string {
	if name, ok := wayNames[way]; ok {
		return reader.T(name)
	}
	if name := provider.WayName(way); name != "" {
		return name
	}
	return way
}

// KeepsLastPlace tells that strangers can't pay for the last place: all they could do is to
// transfer, for which it doesn't wait (payment.ErrLastPlaceWaits).
func (v formView) KeepsLastPlace() bool {
	return v.TransfersOnly || slices.Equal(v.Values.Ways.methods(), []string{checkout.ByTransfer})
}

// WayOptions are the ways to choose from: those of the business, and what a link has
// although they are gone.
func (v formView) WayOptions(reader frame.Reader) (options []ui.Option) {
	for _, way := range v.Ways {
		options = append(options, ui.Option{Value: way, Label: wayName(reader, way)})
	}
	for _, way := range v.Values.Ways.Chosen {
		if way != "" && !slices.Contains(v.Ways, way) {
			options = append(options, ui.Option{Value: way, Label: wayName(reader, way)})
		}
	}
	return options
}

// waysOffered are the ways of the business, apart from the provider's whole only where
// there is something beside it.
func (d pages) waysOffered(scope *frame.Scope) (all []string) {
	if scope.Business.Transfers {
		all = append(all, checkout.ByTransfer, checkout.ByProvider)
	}
	for _, way := range d.Payments.Ways(scope.Business) {
		all = append(all, way.ID)
	}
	return all
}

// waysEdit is the field for two who edit the same link.
func waysEdit(reader frame.Reader) frame.FormField[linkEdit] {
	return frame.FormField[linkEdit]{
		Label: reader.T("Ways to pay"), Show: func(e linkEdit) string { return e.Ways.words(reader) },
		Take: func(from linkEdit, to *linkEdit) { to.Ways = from.Ways },
	}
}
