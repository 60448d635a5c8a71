// Package coupon keeps what is taken off a price: coupons, which say how much and for what,
// and promotion codes, which give them to whoever types one. A use of a code is held with
// the attempt to pay, used when it is paid and given back otherwise; held and used together
// never pass what a code or its coupon allows, however many pay at once.
package coupon

import (
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// ID names a coupon: "cpn_…".
type ID string

// Fields are what a business says of a coupon and may change at any time.
type Fields struct {
	Name string
	// Max is how often all its codes together can be used, in live and in test mode each;
	// 0 is any number.
	Max int64 `db:"max_redemptions,null"`
	// Minimum is what must be bought at least, nil for nothing.
	Minimum *money.Amount `db:"-"`
	// Links, Products and Tags (of links) are what it is for; without any it is for all.
	Links    []link.ID    `db:"-"`
	Products []product.ID `db:"-"`
	Tags     []tag.ID     `db:"-"`
	// ForAll makes a coupon one for everything that is for nothing, because all that it was
	// for is gone.
	ForAll bool `db:"-"`
}

// everywhere reports whether the fields name nothing that the coupon is for.
func (f Fields) everywhere() bool { return len(f.Links)+len(f.Products)+len(f.Tags) == 0 }

// Coupon is what a code takes off. Its percentage or amount never changes, so that its
// figures are of one thing.
type Coupon struct {
	ID         ID          `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	Fields
	Percent    int64        `db:"percent,once"` // hundredths of a percent; 0: an amount
	Amount     money.Amount `db:"-"`
	Everywhere bool         // for all that is sold; else for its targets alone, also when they are gone
	Version    int64        `db:"version,read"`
	CreatedAt  time.Time    `db:"created_at,once"`
	UpdatedAt  time.Time
}

// Off is what the coupon takes off.
func (c Coupon) Off() checkout.Off {
	return checkout.Off{Percent: c.Percent, Amount: c.Amount.Minor}
}

// CodeID names a promotion code: "pmc_…".
type CodeID string

// CodeFields are what a business says of a code and may change at any time.
type CodeFields struct {
	Max          int64 `db:"max_redemptions,null"` // 0 is any number; live and test count apart
	StartsAt     *time.Time
	EndsAt       *time.Time // not used from then on
	OncePerEmail bool       // also while a use is held
}

// Code gives a coupon to whoever types it.
type Code struct {
	ID         CodeID      `db:"id,once"`
	BusinessID business.ID `db:"business_id,once"`
	CouponID   ID          `db:"coupon_id,once"`
	Text       string      `db:"code,once"` // in capitals
	CodeFields
	Version   int64     `db:"version,read"`
	CreatedAt time.Time `db:"created_at,once"`
	UpdatedAt time.Time
}

// Status is how a code stands.
type Status string

// The statuses.
const (
	Active   Status = "active"
	Upcoming Status = "upcoming"
	Ended    Status = "ended"
	UsedUp   Status = "used_up"
)

// Figures are what came of a code, or of all codes of a coupon, in one mode. Amounts are by
// currency, in the order of their names.
type Figures struct {
	Held, Used int64
	TakenOff   []money.Amount
	Brought    []money.Amount // what was paid with it
}

// WithFigures is a code with what came of it.
type WithFigures struct {
	Code
	Figures
	CouponName string
	// Left is how many uses can still be had, by the code's bound and its coupon's; nil
	// without a bound. Held uses are not left.
	Left *int64
	now  time.Time
	gone bool // nothing that is not used remains
}

// Status is how the code stands now.
func (c WithFigures) Status() Status {
	switch {
	case c.EndsAt != nil && !c.now.Before(*c.EndsAt):
		return Ended
	case c.gone:
		return UsedUp
	case c.StartsAt != nil && c.now.Before(*c.StartsAt):
		return Upcoming
	}
	return Active
}

// Coupons is the store of coupons and codes. It is safe for concurrent use.
type Coupons struct{ db *db.DB }

// New returns the store.
func New(d *db.DB) *Coupons { return &Coupons{d} }
