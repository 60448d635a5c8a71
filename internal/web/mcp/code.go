package mcp

import (
	"context"
	"net/http"
)

// codeView is a promotion code, as the API answers it and as assistants read it. The words
// of codes are letters, digits and -_. alone.
type codeView struct {
	ID           string   `json:"id"`
	Code         string   `json:"code" jsonschema:"What payers type, or ?code=SUMMER10 behind the address of a page"`
	CouponID     string   `json:"coupon_id" jsonschema:"Of what it gives: codes of one coupon take off the same"`
	Status       string   `json:"status"`
	StartsAt     *string  `json:"starts_at,omitempty" jsonschema:"Not before"`
	EndsAt       *string  `json:"ends_at,omitempty" jsonschema:"Not from then on"`
	OncePerEmail bool     `json:"once_per_email" jsonschema:"Once for each e-mail address"`
	Max          *int64   `json:"max_redemptions,omitempty" jsonschema:"How often it can be used; left out for any number"`
	Used         int64    `json:"used" jsonschema:"Payments made with it"`
	Held         int64    `json:"held" jsonschema:"By payers who are paying now"`
	Remaining    *int64   `json:"remaining,omitempty" jsonschema:"Uses that are left; left out for any number"`
	TakenOff     []amount `json:"taken_off" jsonschema:"Of the payments made with it, an amount for each currency"`
	Brought      []amount `json:"brought" jsonschema:"What those payments came to, before refunds"`
}

type codesFound struct {
	Codes []codeView `json:"codes"`
	Next  *string    `json:"next_cursor,omitempty" jsonschema:"Left out at the end of the list"`
}

type findCodes struct {
	Query    string `json:"query,omitempty" jsonschema:"Part of the code, or of its coupon's name"`
	CouponID string `json:"coupon_id,omitempty" jsonschema:"Of this coupon, cpn_…"`
	listing
}

func (s *server) codeTools(t *sdkServer) {
	add(s, t, tool{name: "find_codes", title: "Find promotion codes", hints: hints{reads: true},
		about: "Lists promotion codes with what came of each: how often it was used and is left, what it took off and what it brought. Use it to answer how a discount goes, or why a code is refused: its status says so.",
	}, func(ctx context.Context, in findCodes) (out codesFound, err error) {
		var found page[codeView]
		err = s.ask(ctx, request{method: http.MethodGet, path: "/promotion-codes", query: in.query("q", in.Query, "coupon_id", in.CouponID)}, &found)
		return codesFound{Codes: append([]codeView{}, found.Data...), Next: found.Next}, err
	})
}
