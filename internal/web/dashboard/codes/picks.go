package codes

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
)

// someLinks are the newest links that hold what was typed.
func (d pages) someLinks(ctx context.Context, scope *frame.Scope, typed string) (pick, error) {
	p := pick{Kind: "link", Label: scope.T("Smart Links"), Find: scope.T("Find a link")}
	var links []link.Found
	var err error
	if typed == "" {
		links, err = d.Links.Latest(ctx, scope.Business.ID, offered+1)
	} else {
		links, err = d.Links.Find(ctx, scope.Business.ID, typed, offered+1)
	}
	p.More = len(links) > offered
	for _, l := range links[:min(len(links), offered)] {
		p.Choices = append(p.Choices, frame.Choice{Value: string(l.ID), Label: l.Name, Count: "/" + l.Path})
	}
	return p, err
}

// someProducts are the newest products that hold what was typed.
func (d pages) someProducts(ctx context.Context, scope *frame.Scope, typed string) (pick, error) {
	p := pick{Kind: "product", Label: scope.T("Products"), Find: scope.T("Find a product")}
	products, next, err := d.Products.List(ctx, scope.Business.ID, product.Filter{Query: typed, Limit: offered})
	p.More = next != ""
	for _, one := range products {
		p.Choices = append(p.Choices, frame.Choice{Value: string(one.ID), Label: one.Name, Count: scope.Money(one.Price)})
	}
	return p, err
}

func (d pages) allTags(ctx context.Context, scope *frame.Scope, _ string) (pick, error) {
	p := pick{Kind: "tag", Label: scope.T("Links tagged"), Find: scope.T("Find a tag")}
	tags, err := d.Tags.List(ctx, scope.Business.ID, tag.OfLinks)
	for _, t := range tags {
		p.Choices = append(p.Choices, frame.Choice{Value: string(t.ID), Label: t.Name, Color: t.Color, Count: scope.Number(t.Count)})
	}
	return p, err
}

// finds lets the server search what a page can't hold.
func (p pick) finds(base string) templ.Attributes {
	list := "#pick-" + p.Kind
	if p.Kind == "tag" {
		return templ.Attributes{"data-find": "pick-tag"}
	}
	return templ.Attributes{"name": "find", "hx-get": base + "/coupons/" + p.Kind + "s", "hx-trigger": "input changed delay:150ms", "hx-target": list, "hx-swap": "outerHTML", "hx-include": list + " input:checked"}
}

// kind is what a coupon may be for: some of it, and what the page does not show by its id.
type kind struct {
	name  string
	some  func(context.Context, *frame.Scope, string) (pick, error)
	named func(context.Context, *frame.Scope, string) (string, error) // nil where some are all
}

func (d pages) kinds() []kind {
	return []kind{{"link", d.someLinks, d.linkNamed}, {"product", d.someProducts, d.productNamed}, {"tag", d.allTags, nil}}
}

// find answers, while somebody types, with what a coupon may be for; what is ticked stays.
func (d pages) find(k kind) func(http.ResponseWriter, *http.Request, *frame.Scope) error {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		q := r.URL.Query()
		p, err := k.some(r.Context(), scope, frame.TypedQuery(q.Get("find")))
		if err != nil {
			return err
		}
		v := couponView{names: map[string]string{}}
		*v.Values.chosen(k.name) = frame.Distinct(q[k.name])
		if err := d.tick(r.Context(), scope, &v, k, &p, nil); err != nil {
			return err
		}
		return frame.Render(w, r, http.StatusOK, choices(p))
	}
}

// maxTicked is how many ticked things a search keeps; a coupon may be for no more.
const maxTicked = 100

func (d pages) linkNamed(ctx context.Context, scope *frame.Scope, id string) (string, error) {
	l, err := d.Links.Get(ctx, scope.Business, link.ID(id))
	return l.Name, err
}

func (d pages) productNamed(ctx context.Context, scope *frame.Scope, id string) (string, error) {
	p, err := d.Products.Get(ctx, scope.Business.ID, product.ID(id))
	return p.Name, err
}
