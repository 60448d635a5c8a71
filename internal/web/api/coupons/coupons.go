package coupons

import (
	"context"
	"net/http"
	"slices"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
	"smartlinks/internal/web/api/frame"
)

// coupons are the operations on coupons. They go with links, so do their scopes.
func (a handlers) coupons() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Coupons.Get(ctx, b.ID, coupon.ID(id))
		return err
	}
	const path, one = "/coupons", "/coupons/{id}"
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: path, ID: "create-coupon", Summary: "Create a coupon", Group: frame.GroupCodes,
		About: "A percentage or an amount, which never changes. Payers get it by a promotion code.", Scope: account.LinksWrite, Status: http.StatusCreated, Needs: []string{"name"}}, a.createCoupon)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: path, ID: "list-coupons", Summary: "List coupons", Group: frame.GroupCodes,
		About: "The oldest first.", Scope: account.LinksRead}, a.listCoupons)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one, ID: "get-coupon", Summary: "Read a coupon", Group: frame.GroupCodes,
		Scope: account.LinksRead, Object: there}, a.getCoupon)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: one, ID: "change-coupon", Summary: "Change a coupon", Group: frame.GroupCodes,
		About: "Fields that are left out stay. Who is paying already pays what they were shown.", Scope: account.LinksWrite, Object: there}, a.changeCoupon)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: one, ID: "delete-coupon", Summary: "Delete a coupon and its codes", Group: frame.GroupCodes,
		About: "Payments made with them stay.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: there}, a.deleteCoupon)
}

// CouponFields are what may be changed of a coupon.
type CouponFields struct {
	Name     frame.Optional[string]       `json:"name" required:"false" doc:"1 to 120 characters; for you alone."`
	Max      frame.Optional[int64]        `json:"max_redemptions" required:"false" minimum:"1" doc:"How often all its codes together can be used; null for any number. Live and test count apart."`
	Links    frame.Optional[[]string]     `json:"links" required:"false" doc:"Ids of the links that it is for. Without links, products and tags it is for all."`
	Products frame.Optional[[]string]     `json:"products" required:"false" doc:"Ids of the products that it is for, by links and in the shop."`
	Tags     frame.Optional[[]string]     `json:"tags" required:"false" doc:"Names of tags: it is for the links that carry one."`
	Minimum  frame.Optional[frame.Amount] `json:"minimum" required:"false" doc:"What the units must cost at least; null for anything."`
}

// couponBody is a new coupon.
type couponBody struct {
	CouponFields
	Percent *string       `json:"percent,omitempty" example:"10" doc:"A decimal string above 0 and up to 100, with at most two decimals. This or amount."`
	Amount  *frame.Amount `json:"amount,omitempty" doc:"Taken off the whole, of units in its currency. This or percent."`
}

// couponView is a coupon as programs read it.
type couponView struct {
	ID         coupon.ID     `json:"id" example:"cpn_…"`
	Name       string        `json:"name"`
	Percent    *string       `json:"percent" example:"10" doc:"null for an amount."`
	Amount     *frame.Amount `json:"amount" doc:"null for a percentage."`
	Max        *int64        `json:"max_redemptions" doc:"null for any number."`
	Links      []link.ID     `json:"links" nullable:"false"`
	Products   []product.ID  `json:"products" nullable:"false"`
	Tags       []string      `json:"tags" nullable:"false"`
	Everywhere bool          `json:"everywhere" doc:"For all that you sell. A coupon whose tags were all deleted is for nothing."`
	Minimum    *frame.Amount `json:"minimum"`
	Used       int64         `json:"used" doc:"Payments made with its codes, in the business's mode."`
	Held       int64         `json:"held" doc:"By payers who are paying."`
	Version    int64         `json:"version"`
	CreatedAt  time.Time     `json:"created_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
}

type oneCoupon struct {
	ETag string `header:"ETag"`
	Body couponView
}

type madeCoupon struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     couponView
}

// couponViews are coupons as programs read them.
func (a handlers) couponViews(ctx context.Context, b business.Business, coupons ...coupon.Coupon) ([]couponView, error) {
	uses, err := a.Coupons.Uses(ctx, b, coupons)
	if err != nil {
		return nil, err
	}
	var tags []tag.Usage
	if slices.ContainsFunc(coupons, func(c coupon.Coupon) bool { return len(c.Tags) > 0 }) {
		if tags, err = a.Tags.List(ctx, b.ID, tag.OfLinks); err != nil {
			return nil, err
		}
	}
	views := make([]couponView, len(coupons))
	for i, c := range coupons {
		v := couponView{
			ID: c.ID, Name: c.Name, Max: frame.Pointer(c.Max), Links: append([]link.ID{}, c.Links...), Products: append([]product.ID{}, c.Products...), Tags: []string{}, Everywhere: c.Everywhere,
			Used: uses[c.ID].Used, Held: uses[c.ID].Held, Version: c.Version, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
		}
		if c.Percent > 0 {
			v.Percent = frame.Pointer(checkout.WritePercent(c.Percent))
		} else {
			v.Amount = frame.Pointer(frame.AmountOf(c.Amount))
		}
		if c.Minimum != nil {
			v.Minimum = frame.Pointer(frame.AmountOf(*c.Minimum))
		}
		for _, id := range c.Tags {
			if at := slices.IndexFunc(tags, func(u tag.Usage) bool { return u.ID == id }); at >= 0 {
				v.Tags = append(v.Tags, tags[at].Name)
			}
		}
		views[i] = v
	}
	return views, nil
}

func (a handlers) oneCoupon(ctx context.Context, b business.Business, c coupon.Coupon) (couponView, error) {
	views, err := a.couponViews(ctx, b, c)
	if err != nil {
		return couponView{}, err
	}
	return views[0], nil
}

// edit is what the body changes; what can't be read is added to wrong.
func (a handlers) editCoupon(ctx context.Context, b business.Business, in CouponFields, wrong *fault.Fields) (func(*coupon.Fields), error) {
	tags, err := a.tagIDs(ctx, b, frame.ValueOf(in.Tags.Value), wrong)
	if err != nil {
		return nil, err
	}
	minimum := in.Minimum.Value.Read("minimum", b.Currency, wrong)
	return func(f *coupon.Fields) {
		in.Name.Set(&f.Name)
		in.Max.Set(&f.Max)
		if in.Links.Sent {
			f.Links = named[link.ID](frame.ValueOf(in.Links.Value))
		}
		if in.Products.Sent {
			f.Products = named[product.ID](frame.ValueOf(in.Products.Value))
		}
		if in.Tags.Sent {
			f.Tags = tags
		}
		if in.Minimum.Sent {
			f.Minimum = minimum
		}
	}, nil
}

func named[T ~string](ids []string) []T {
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = T(id)
	}
	return all
}

// tagIDs finds links' tags by their names.
func (a handlers) tagIDs(ctx context.Context, b business.Business, names []string, wrong *fault.Fields) (ids []tag.ID, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	tags, err := a.Tags.List(ctx, b.ID, tag.OfLinks)
	for _, name := range names {
		at := slices.IndexFunc(tags, func(u tag.Usage) bool { return text.Fold(u.Name) == text.Fold(name) })
		if at < 0 {
			wrong.Add("tags", "tag.unknown", "No link tag of yours is called "+name+". Make it first.")
			return nil, err
		}
		ids = append(ids, tags[at].ID)
	}
	return ids, err
}

func (a handlers) createCoupon(ctx context.Context, b business.Business, in *struct{ Body couponBody }) (*madeCoupon, error) {
	var wrong fault.Fields
	edit, err := a.editCoupon(ctx, b, in.Body.CouponFields, &wrong)
	if err != nil {
		return nil, err
	}
	var percent int64
	if typed := in.Body.Percent; typed != nil {
		hundredths, ok := checkout.ReadPercent(*typed)
		if percent = hundredths; !ok || percent <= 0 {
			wrong.Add("percent", "coupon.percent", "Enter a percentage above 0 and up to 100, with at most two decimals.")
		}
	}
	var off money.Amount
	if read := in.Body.Amount.Read("amount", b.Currency, &wrong); read != nil {
		off = *read
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	var f coupon.Fields
	edit(&f)
	c, err := a.Coupons.Create(ctx, b.ID, percent, off, f)
	if err != nil {
		return nil, err
	}
	v, err := a.oneCoupon(ctx, b, c)
	return &madeCoupon{Location: frame.Prefix + "/coupons/" + string(c.ID), ETag: frame.ETag(c.Version), Body: v}, err
}

func (a handlers) listCoupons(ctx context.Context, b business.Business, in *frame.Paging) (*frame.Listed[couponView], error) {
	all, err := a.Coupons.List(ctx, b.ID, coupon.Page[coupon.ID]{})
	if err != nil {
		return nil, err
	}
	all, next, err := frame.PageIn("coupons", all, *in, func(c coupon.Coupon) string { return string(c.ID) })
	if err != nil {
		return nil, err
	}
	views, err := a.couponViews(ctx, b, all...)
	return frame.PageOf(views, next, func(v couponView) couponView { return v }), err
}

func (a handlers) getCoupon(ctx context.Context, b business.Business, in *frame.ByID) (*oneCoupon, error) {
	c, err := a.Coupons.Get(ctx, b.ID, coupon.ID(in.ID))
	if err != nil {
		return nil, err
	}
	v, err := a.oneCoupon(ctx, b, c)
	return &oneCoupon{frame.ETag(c.Version), v}, err
}

type couponChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a coupon that was changed since is refused with 412."`
	Body    CouponFields
}

func (a handlers) changeCoupon(ctx context.Context, b business.Business, in *couponChange) (*oneCoupon, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	edit, err := a.editCoupon(ctx, b, in.Body, &wrong)
	if err == nil {
		err = wrong.Err()
	}
	if err != nil {
		return nil, err
	}
	c, err := a.Coupons.Edit(ctx, b.ID, coupon.ID(in.ID), version, edit)
	if err != nil {
		return nil, err
	}
	v, err := a.oneCoupon(ctx, b, c)
	return &oneCoupon{frame.ETag(c.Version), v}, err
}

func (a handlers) deleteCoupon(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Coupons.Delete(ctx, b.ID, coupon.ID(in.ID))
}
