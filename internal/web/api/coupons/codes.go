package coupons

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/web/api/frame"
)

// codes are the operations on promotion codes.
func (a handlers) codes() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Coupons.CodeOf(ctx, b, coupon.CodeID(id))
		return err
	}
	const path, one = "/promotion-codes", "/promotion-codes/{id}"
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: path, ID: "create-promotion-code", Summary: "Create a promotion code", Group: frame.GroupCodes,
		About: "The word that payers type, or ?code=SUMMER10 in a page's URL.", Scope: account.LinksWrite, Status: http.StatusCreated, Needs: []string{"coupon_id"}}, a.createCode)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: path, ID: "list-promotion-codes", Summary: "List promotion codes", Group: frame.GroupCodes,
		About: "The oldest first, with what came of each in the business's mode.", Scope: account.LinksRead}, a.listCodes)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one, ID: "get-promotion-code", Summary: "Read a promotion code", Group: frame.GroupCodes,
		Scope: account.LinksRead, Object: there}, a.getCode)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: one, ID: "change-promotion-code", Summary: "Change a promotion code", Group: frame.GroupCodes,
		About: "Fields that are left out stay. A new ends_at in the past ends it; who is paying already pays what they were shown.", Scope: account.LinksWrite, Object: there}, a.changeCode)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/end", ID: "end-promotion-code", Summary: "End a promotion code now", Group: frame.GroupCodes,
		About: "By the server's clock. One that has ended stays as it is; a null ends_at opens it again. Who is paying already pays what they were shown.", Scope: account.LinksWrite, Object: there}, a.endCode)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: one, ID: "delete-promotion-code", Summary: "Delete a promotion code", Group: frame.GroupCodes,
		About: "Payments made with it stay, and the word is free for another code.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: there}, a.deleteCode)
}

// CodeFields are what may be changed of a code.
type CodeFields struct {
	Max          frame.Optional[int64]     `json:"max_redemptions" required:"false" minimum:"1" doc:"How often it can be used; null for any number. Live and test count apart."`
	StartsAt     frame.Optional[time.Time] `json:"starts_at" required:"false" doc:"Not before; null for at once."`
	EndsAt       frame.Optional[time.Time] `json:"ends_at" required:"false" doc:"Not from then on; null for no end."`
	OncePerEmail frame.Optional[bool]      `json:"once_per_email" required:"false" doc:"Once for each e-mail address, whatever its case."`
}

// codeBody is a new code.
type codeBody struct {
	CodeFields
	Code     string `json:"code,omitempty" example:"SUMMER10" doc:"3 to 40 letters and digits, - and _; capitals and small letters are the same. Made when left out, so that nobody guesses it."`
	CouponID string `json:"coupon_id,omitempty" example:"cpn_…"`
}

// codeView is a code as programs read it.
type codeView struct {
	ID           coupon.CodeID  `json:"id" example:"pmc_…"`
	Code         string         `json:"code" example:"SUMMER10"`
	CouponID     coupon.ID      `json:"coupon_id" example:"cpn_…"`
	Status       coupon.Status  `json:"status" enum:"active,upcoming,ended,used_up"`
	Max          *int64         `json:"max_redemptions" doc:"null for any number."`
	StartsAt     *time.Time     `json:"starts_at"`
	EndsAt       *time.Time     `json:"ends_at"`
	OncePerEmail bool           `json:"once_per_email"`
	Used         int64          `json:"used" doc:"Payments made with it, in the business's mode."`
	Held         int64          `json:"held" doc:"By payers who are paying."`
	Remaining    *int64         `json:"remaining" doc:"By its own bound and its coupon's; null for any number."`
	TakenOff     []frame.Amount `json:"taken_off" nullable:"false" doc:"Of payments made with it, an amount for each currency."`
	Brought      []frame.Amount `json:"brought" nullable:"false" doc:"What those payments came to."`
	Version      int64          `json:"version"`
	CreatedAt    time.Time      `json:"created_at"`
	UpdatedAt    time.Time      `json:"updated_at"`
}

func codeViewOf(c coupon.WithFigures) codeView {
	return codeView{
		ID: c.ID, Code: c.Text, CouponID: c.CouponID, Status: c.Status(), Max: frame.Pointer(c.Max), StartsAt: frame.UTCPointer(c.StartsAt), EndsAt: frame.UTCPointer(c.EndsAt), OncePerEmail: c.OncePerEmail,
		Used: c.Used, Held: c.Held, Remaining: c.Left, TakenOff: amountsOf(c.TakenOff), Brought: amountsOf(c.Brought),
		Version: c.Version, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
}

func amountsOf(amounts []money.Amount) []frame.Amount {
	all := make([]frame.Amount, len(amounts))
	for i, a := range amounts {
		all[i] = frame.AmountOf(a)
	}
	return all
}

type oneCode struct {
	ETag string `header:"ETag"`
	Body codeView
}

type madeCode struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     codeView
}

// edit is what the body changes.
func (in CodeFields) edit(f *coupon.CodeFields) {
	in.Max.Set(&f.Max)
	in.StartsAt.SetPointer(&f.StartsAt)
	in.EndsAt.SetPointer(&f.EndsAt)
	in.OncePerEmail.Set(&f.OncePerEmail)
}

func (a handlers) createCode(ctx context.Context, b business.Business, in *struct{ Body codeBody }) (*madeCode, error) {
	var f coupon.CodeFields
	in.Body.edit(&f)
	c, err := a.Coupons.CreateCode(ctx, b.ID, coupon.ID(in.Body.CouponID), in.Body.Code, f)
	if err != nil {
		return nil, err
	}
	v, err := a.Coupons.CodeOf(ctx, b, c.ID)
	return &madeCode{Location: frame.Prefix + "/promotion-codes/" + string(c.ID), ETag: frame.ETag(c.Version), Body: codeViewOf(v)}, err
}

type codeQuery struct {
	frame.Paging
	CouponID string `query:"coupon_id"`
	Query    string `query:"q" doc:"Part of the code, or of its coupon's name."`
}

func (a handlers) listCodes(ctx context.Context, b business.Business, in *codeQuery) (*frame.Listed[codeView], error) {
	all, err := a.Coupons.Codes(ctx, b, coupon.Filter{Coupon: coupon.ID(in.CouponID), Query: in.Query})
	if err != nil {
		return nil, err
	}
	all, next, err := frame.PageIn("promotion codes", all, in.Paging, func(c coupon.WithFigures) string { return string(c.ID) })
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, codeViewOf), nil
}

func (a handlers) getCode(ctx context.Context, b business.Business, in *frame.ByID) (*oneCode, error) {
	c, err := a.Coupons.CodeOf(ctx, b, coupon.CodeID(in.ID))
	return &oneCode{frame.ETag(c.Version), codeViewOf(c)}, err
}

type codeChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a code that was changed since is refused with 412."`
	Body    CodeFields
}

func (a handlers) changeCode(ctx context.Context, b business.Business, in *codeChange) (*oneCode, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := a.Coupons.EditCode(ctx, b.ID, coupon.CodeID(in.ID), version, in.Body.edit); err != nil {
		return nil, err
	}
	return a.getCode(ctx, b, &in.ByID)
}

func (a handlers) endCode(ctx context.Context, b business.Business, in *frame.ByID) (*oneCode, error) {
	if _, err := a.Coupons.EndCode(ctx, b.ID, coupon.CodeID(in.ID)); err != nil {
		return nil, err
	}
	return a.getCode(ctx, b, in)
}

func (a handlers) deleteCode(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Coupons.DeleteCode(ctx, b.ID, coupon.CodeID(in.ID))
}
