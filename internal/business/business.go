// Package business keeps the merchants of this installation: their handles,
// settings and payment pages.
package business

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
	"smartlinks/internal/secret"
)

// ID names a business: "biz_…".
type ID string

// Mode tells real money from play money.
type Mode string

// The modes. Nothing that belongs to one is ever counted in the other.
const (
	Live Mode = "live"
	Test Mode = "test"
)

// Sandbox is the name of the provider that moves play money.
const Sandbox = "sandbox"

// BankTransfer is the name of the provider that is the business's own bank.
const BankTransfer = "bank_transfer"

// DefaultBrandColor is the colour of a business that chose none.
const DefaultBrandColor = "#474CD9"

// Business is a merchant on this installation.
type Business struct {
	ID           ID
	Host         string // the own domain at which a payer looks at it; "" at the installation
	Handle       string // the first segment of its URLs
	Name         string
	Currency     money.Currency // of new links and products, and of the payment page
	Locale       string         // one of Locales
	TimeZone     string         // IANA name
	BrandColor   string         // #RRGGBB
	ContactEmail string         // shown to payers; may be empty
	Page         Page
	Legal        Legal
	TermsURL     string   // of the terms that payers agree to; may be empty
	PrivacyURL   string   // of the privacy statement; may be empty
	LogoID       string   // of an image of the business; "" shows the initial
	CoverID      string   // of the picture at the head of its pages; "" for none
	FrameOrigins []string // the sites that may show its pages in a frame
	Provider     string   // who moves its money; "" while nobody does
	KeepViews    int      // months that single views are kept, 0 for ever; totals always are
	PayRequest   bool     // its programs were written for PayRequest, and are answered as it did
	InstantOnly  bool     // limited links offer only ways to pay that confirm at once
	Transfers    bool     // payers may send the money from their bank
	// ChecklistHidden reports whether the list of what is left to set up was put away.
	ChecklistHidden bool
	Mode            Mode // Test while the provider is the sandbox, nobody, or reached by a test key
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// Page is the payment page at /{handle}, where payers choose the amount. Its
// amounts are in the business's currency.
type Page struct {
	Enabled     bool
	Title       string        // "" shows the business's name
	Description string        // also of amount links that have none
	Success     string        // thanks after payment; "" shows ours
	Default     *money.Amount // filled in beforehand
	Min, Max    *money.Amount
	Suggested   []money.Amount // what the payer can choose with a press
	PayerAmount bool           // amount links may let payers change the amount
}

// Location is the business's time zone. It falls back to UTC for a zone that
// this build no longer knows.
func (b Business) Location() *time.Location {
	if zone, err := time.LoadLocation(b.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// Segment is the first segment of its pages where a payer looks at them: the handle, and
// none at its own domain.
func (b Business) Segment() string {
	if b.Host != "" {
		return ""
	}
	return b.Handle
}

// Businesses is the store of businesses. It is safe for concurrent use.
type Businesses struct {
	db              *db.DB
	sealer          *secret.Sealer
	defaultProvider string
	pictures        *picture.Decoder
	zoned           []func(ctx context.Context, tx *db.Tx, id ID) error
}

// New returns the store. Signing secrets are sealed by sealer. defaultProvider
// moves the money of businesses that have set none: Sandbox in an installation
// for testing, else "".
func New(d *db.DB, sealer *secret.Sealer, defaultProvider string, pictures *picture.Decoder) *Businesses {
	return &Businesses{db: d, sealer: sealer, defaultProvider: defaultProvider, pictures: pictures}
}

// OnZone adds what else happens when a business's time zone becomes another one, in the
// transaction that changes it. It is for wiring, before the store is used.
func (s *Businesses) OnZone(do func(ctx context.Context, tx *db.Tx, id ID) error) {
	s.zoned = append(s.zoned, do)
}
