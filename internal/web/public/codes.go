package public

import (
	"net/http"

	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/offer"
)

// How many wrong codes one network may try: nobody finds a code by trying, and whoever
// misspells theirs has room.
const (
	guessesAtOnce    = 10
	guessesPerSecond = 1.0 / 30
)

// withCodes says whether the page asks for a promotion code: where one may count, and where
// one came with the address or the form.
func (p *Public) withCodes(r *http.Request, o offer.Offer) offer.Offer {
	sale, counts := o.Sale(money.Amount{})
	if !counts {
		return o
	}
	if r.URL.Query().Get(payform.CodeField) != "" || r.PostForm.Get(payform.CodeField) != "" {
		o.Codes = true
		return o
	}
	reach, err := p.cached.Reach(r.Context(), o.Business.ID)
	if err != nil { // a code in the address counts all the same
		p.Log.WarnContext(r.Context(), "what codes are for can't be read", "business", o.Business.ID, "error", err)
		return o
	}
	o.Codes = reach.Covers(o.Link, product.ID(sale.Product), o.Currency, p.DB.Clock().Now())
	return o
}

// readCode looks up the code that was typed, for the sum of the page. That a use is left is
// decided when the payment starts.
func (p *Public) readCode(r *http.Request, o offer.Offer, f *form) {
	typed := f.asked.Code()
	if typed == "" || !o.Codes {
		return
	}
	network, now := guard.Network(guard.ClientIP(r)), p.DB.Clock().Wall()
	if p.Limits && p.guessers.Empty(network, now) {
		f.asked.Refuse(0)
		f.wrong.Add(payform.CodeField, payform.CodeWait, "Too many codes were tried. Wait a few minutes, or pay without one.")
		return
	}
	sale, _ := o.Sale(f.asked.Listed(o.Asks()))
	use, err := p.Coupons.Find(r.Context(), p.DB, o.Business, typed, sale, p.DB.Clock().Now())
	if err == nil {
		f.asked.Apply(use.Off)
		return
	}
	f.asked.Refuse(use.Off.Least)
	if !fault.Is(err, fault.Invalid) {
		f.wrong.Add(payform.CodeField, payform.CodeUnread, "This code can't be checked right now. Try again in a moment.")
		if r.Context().Err() == nil { // else nobody waits for it any more
			p.Log.ErrorContext(r.Context(), "a code can't be looked up", "business", o.Business.ID, "error", err)
		}
		return
	}
	f.wrong.Add(payform.CodeField, coupon.Unusable, "This code can't be used here. Check the spelling, or pay without it.")
	if p.Limits && use.Off.Least == 0 {
		p.guessers.Spend(network, now)
	}
}

// codeOf is the code that a payment is to be started with.
func codeOf(o offer.Offer, f form) string {
	if !o.Codes {
		return ""
	}
	return f.asked.Code()
}
