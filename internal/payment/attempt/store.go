package attempt

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

// Row is an attempt as it is stored.
type Row struct {
	ID             ID
	BusinessID     business.ID
	Source         Source
	LinkID         *link.ID
	ProductID      *product.ID
	Version        int64
	Title          string
	Description    string
	Reference      string
	DueOn          string
	Quantity       int64
	UnitMinor      int64 `db:"unit_minor,null"` // 0: the amount
	TipMinor       int64
	FeeMinor       int64
	CodeID         coupon.CodeID
	DiscountCode   string
	DiscountMinor  int64
	HoldsCode      bool
	Answers        checkout.Answers
	AmountMinor    int64
	Currency       money.Currency
	Mode           business.Mode
	Provider       string
	ProviderRef    *string
	CheckoutURL    string `db:"checkout_url"`
	State          State
	Reason         string
	HoldsSlot      bool
	HoldUntil      db.Time
	InstantOnly    bool
	Methods        string // apart by blanks
	SyncTries      int64
	PayerName      string
	PayerEmail     string
	PayerNotes     string
	PayerLanguage  string
	PayerSource    string
	Channel        string
	ChannelDetail  string
	Campaign       string
	RecipientToken string
	VisitID        string
	BrowserKey     string
	ReceiptToken   string
	Host           string
	Referrer       string
	Browser        string
	OS             string `db:"os"`
	Language       string
	Country        string
	Device         string
	CreatedAt      db.Time
	UpdatedAt      db.Time

	// What is only searched by.
	SyncAt           db.Time `db:"sync_at,write"`
	PayerEmailFolded string  `db:"payer_email_folded,write"`
	SaidFolded       string  `db:"said_folded,write"`
	PayerKey         string  `db:"payer_key,write"`
}

// RowColumns are the columns of Row.
var RowColumns = db.ColumnsOf[Row]()

// Row is the attempt as it is inserted.
func (a Attempt) Row() Row {
	r := Row{
		ID: a.ID, BusinessID: a.BusinessID, Source: a.Source, LinkID: db.OrNull(a.LinkID), ProductID: db.OrNull(a.ProductID), Version: a.Version,
		Title: a.Title, Description: a.Description, Reference: a.Reference, DueOn: a.DueOn, Quantity: a.Quantity, AmountMinor: a.Amount.Minor, Currency: a.Amount.Currency,
		Mode: a.Mode, Provider: a.Provider, ProviderRef: db.OrNull(a.ProviderRef), CheckoutURL: a.CheckoutURL, State: a.State, Reason: a.Reason,
		HoldsSlot: a.HoldsSlot, HoldUntil: db.At(a.HoldUntil), InstantOnly: a.InstantOnly, Methods: strings.Join(a.Methods, " "),
		PayerName: a.Payer.Name, PayerEmail: a.Payer.Email, PayerNotes: a.Payer.Notes, PayerLanguage: a.Payer.Language, PayerSource: a.MaskedIP,
		Channel: a.Channel, ChannelDetail: a.Detail, Campaign: a.Campaign, RecipientToken: a.RecipientToken, VisitID: a.VisitID,
		BrowserKey: a.BrowserKey, ReceiptToken: a.ReceiptToken, Host: a.Host, Referrer: a.Referrer, Browser: a.Browser, OS: a.OS, Language: a.Language, Country: a.Country, Device: a.Device,
		CreatedAt: db.At(a.CreatedAt), UpdatedAt: db.At(a.CreatedAt),
		PayerEmailFolded: FoldedEmail(a.Payer.Email), SaidFolded: text.Fold(a.Said()), PayerKey: a.SourceKey,
	}
	r.TipMinor, r.FeeMinor, r.Answers = a.Tip, a.Fee, a.Answers
	r.CodeID, r.DiscountCode, r.DiscountMinor, r.HoldsCode = a.CodeID, a.Code, a.Discount, a.HoldsCode
	if a.Unit != a.Amount {
		r.UnitMinor = a.Unit.Minor
	}
	return r
}

// Columns are RowColumns in a list; attempts is a.
var Columns = RowColumns.List("a")

func (r Row) Attempt() Attempt {
	a := Attempt{
		ID: r.ID, BusinessID: r.BusinessID, Source: r.Source, Version: r.Version, Title: r.Title, Description: r.Description,
		Reference: r.Reference, DueOn: r.DueOn, Quantity: r.Quantity, Amount: money.Amount{Minor: r.AmountMinor, Currency: r.Currency}, Mode: r.Mode, Provider: r.Provider,
		CheckoutURL: r.CheckoutURL, State: r.State, Reason: r.Reason, HoldsSlot: r.HoldsSlot, HoldUntil: r.HoldUntil.Time, InstantOnly: r.InstantOnly, Tries: r.SyncTries,
		Payer: Payer{r.PayerName, r.PayerEmail, r.PayerNotes, r.PayerLanguage}, BrowserKey: r.BrowserKey, ReceiptToken: r.ReceiptToken, Host: r.Host,
		Attribution: Attribution{Channel: r.Channel, Detail: r.ChannelDetail, Campaign: r.Campaign,
			RecipientToken: r.RecipientToken, VisitID: r.VisitID, MaskedIP: r.PayerSource,
			Referrer: r.Referrer, Browser: r.Browser, OS: r.OS, Language: r.Language, Country: r.Country, Device: r.Device},
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
	a.Unit, a.Tip, a.Fee, a.Answers = a.Amount, r.TipMinor, r.FeeMinor, r.Answers
	a.CodeID, a.Code, a.Discount, a.HoldsCode = r.CodeID, r.DiscountCode, r.DiscountMinor, r.HoldsCode
	if r.UnitMinor != 0 {
		a.Unit.Minor = r.UnitMinor
	}
	if r.Methods != "" {
		a.Methods = strings.Fields(r.Methods)
	}
	if r.LinkID != nil {
		a.LinkID = *r.LinkID
	}
	if r.ProductID != nil {
		a.ProductID = *r.ProductID
	}
	if r.ProviderRef != nil {
		a.ProviderRef = *r.ProviderRef
	}
	return a
}

// ErrNotFound says that the business has no such attempt.
var ErrNotFound = fault.New(fault.NotFound, "There is no such payment.")

// Find returns an attempt of the business, or ErrNotFound.
func Find(ctx context.Context, r db.Reader, businessID business.ID, id ID) (Attempt, error) {
	return one(ctx, r, `SELECT `+Columns+` FROM attempts a WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// FindByRef finds the attempt of a provider's id.
func FindByRef(ctx context.Context, r db.Reader, businessID business.ID, provider, ref string) (Attempt, error) {
	return one(ctx, r, ByRefSQL, businessID, provider, ref)
}

// ByRefSQL is the attempt of a provider's id: $1 business, $2 provider, $3 id.
var ByRefSQL = `SELECT ` + Columns + ` FROM attempts a WHERE a.business_id = $1 AND a.provider = $2 AND a.provider_ref = $3`

// Lock reads an attempt and locks its row until the transaction ends: a write
// does that on both engines.
func Lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Attempt, error) {
	return one(ctx, tx, `UPDATE attempts SET updated_at = updated_at WHERE business_id = $1 AND id = $2 RETURNING `+ReturnedColumns, businessID, id)
}

// one scans an attempt, or returns a NotFound fault.
func one(ctx context.Context, r db.Reader, query string, arguments ...any) (Attempt, error) {
	var found Row
	err := r.Get(ctx, &found, query, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		return Attempt{}, ErrNotFound
	}
	return found.Attempt(), err
}

// ReturnedColumns are RowColumns as RETURNING takes them: SQLite knows no alias there.
var ReturnedColumns = RowColumns.List("")

// AddToTimeline adds a line to the attempt's timeline.
func AddToTimeline(ctx context.Context, tx *db.Tx, a Attempt, state State, cause Cause, detail string) error {
	return tx.Queue(ctx, db.Exec(nil, `
		INSERT INTO attempt_events (attempt_id, seq, business_id, at, state, cause, detail)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6 FROM attempt_events WHERE attempt_id = $1`,
		a.ID, a.BusinessID, db.At(tx.Now()), state, cause, detail))
}
