package link

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

// Draft describes a link to be made. Empty fields take the defaults: the type that
// a product or an amount tells, no limit, a path from the name.
type Draft struct {
	Name          string
	Type          Type
	Amount        *money.Amount
	ProductID     product.ID
	CustomerID    customer.ID // whom the link is for, if it is for one
	Description   string
	Notes         string
	Reference     string
	Path          string
	Tags          []string // names; those that don't exist are made
	Limit         Limit
	HideRemaining bool
	PayerAmount   *Range
	StartsAt      *time.Time
	EndsAt        *time.Time
	After         AfterPayment
	Inactive      bool
}

// Range bounds an amount that the payer chooses, with up to MaxSuggested to
// choose with a press.
type Range struct {
	Min, Max  money.Amount
	Suggested []money.Amount
}

// MaxSuggested is how many amounts may be suggested; more make choosing hard.
const MaxSuggested = 6

// Patch describes changes; nil keeps what is there. A pointer to a nil pointer
// clears.
type Patch struct {
	Name          *string
	Type          *Type
	Amount        *money.Amount
	ProductID     *product.ID
	CustomerID    *customer.ID // "" clears
	Description   *string
	Notes         *string
	Reference     *string
	Path          *string
	Tags          *[]string
	Limit         *Limit
	ShowRemaining *bool
	PayerAmount   **Range
	StartsAt      **time.Time
	EndsAt        **time.Time
	RedirectURL   *string
	ApplyTag      *string // the name of a tag of customers; "" clears
	RemoveTag     *string // the name of a tag of customers; "" clears
	Active        *bool
}

// What the texts of a link may hold.
var (
	nameRule        = text.Rule{Most: 120, Required: true}
	descriptionRule = text.Rule{Most: 500, Lines: true}
	notesRule       = text.Rule{Most: 2000, Lines: true}
	referenceRule   = text.Rule{Most: 60}
)

// maxRedirect is the length of a redirect URL, which browsers all take.
const maxRedirect = 2000

// link is the draft as a link, before it is validated.
func (d Draft) link(b business.Business) Link {
	l := Link{
		BusinessID: b.ID, Name: d.Name, Type: d.Type, Amount: d.Amount, ProductID: d.ProductID, CustomerID: d.CustomerID, Description: d.Description,
		Notes: d.Notes, Reference: d.Reference, Path: d.Path, Limit: d.Limit, ShowRemaining: !d.HideRemaining,
		StartsAt: d.StartsAt, EndsAt: d.EndsAt, After: d.After, Active: !d.Inactive,
	}
	if l.Type == "" {
		l.Type = Amount
		if d.ProductID != "" && d.Amount == nil {
			l.Type = Product
		}
	}
	if l.Limit.Kind == "" {
		l.Limit.Kind = Unlimited
	}
	if d.PayerAmount != nil {
		l.PayerMin, l.PayerMax, l.Suggested = &d.PayerAmount.Min, &d.PayerAmount.Max, d.PayerAmount.Suggested
	}
	return l
}

// apply returns the link with the changes, before it is validated.
func (p Patch) apply(l Link) Link {
	set(&l.Name, p.Name)
	set(&l.Type, p.Type)
	set(&l.ProductID, p.ProductID)
	set(&l.CustomerID, p.CustomerID)
	set(&l.Description, p.Description)
	set(&l.Notes, p.Notes)
	set(&l.Reference, p.Reference)
	set(&l.Path, p.Path)
	set(&l.Limit, p.Limit)
	set(&l.ShowRemaining, p.ShowRemaining)
	set(&l.StartsAt, p.StartsAt)
	set(&l.EndsAt, p.EndsAt)
	set(&l.After.RedirectURL, p.RedirectURL)
	set(&l.After.ApplyTag, p.ApplyTag)
	set(&l.After.RemoveTag, p.RemoveTag)
	set(&l.Active, p.Active)
	if p.Amount != nil {
		l.Amount = p.Amount
	}
	if p.PayerAmount != nil {
		l.PayerMin, l.PayerMax, l.Suggested = nil, nil, nil
		if r := *p.PayerAmount; r != nil {
			l.PayerMin, l.PayerMax, l.Suggested = &r.Min, &r.Max, r.Suggested
		}
	}
	// What belongs to the other type goes with the change of type.
	if l.Type == Product && p.Amount == nil {
		l.Amount, l.PayerMin, l.PayerMax, l.Suggested = nil, nil, nil, nil
	}
	if l.Type == Amount && p.ProductID == nil {
		l.ProductID = ""
	}
	return l
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// validate cleans the link and returns everything that is wrong with it as one
// fault. It is the only place of these rules; forms and API both come here.
func (s *Links) validate(ctx context.Context, r db.Reader, l *Link) error {
	var wrong fault.Fields
	l.Name = nameRule.Clean("name", l.Name, wrong.Add)
	l.Description = descriptionRule.Clean("description", l.Description, wrong.Add)
	l.Notes = notesRule.Clean("notes", l.Notes, wrong.Add)
	l.Reference = referenceRule.Clean("reference", l.Reference, wrong.Add)
	if l.Path = trimPath(l.Path); l.Path == "" && !wrong.Has("name") {
		l.Path = SuggestPath(l.Name)
	}
	if l.Path != "" {
		checkPath(l.Path, &wrong)
	}
	checkLimit(&l.Limit, &wrong)
	if err := s.checkPrice(ctx, r, l, &wrong); err != nil {
		return err
	}
	checkPayerAmount(l, &wrong)
	if err := checkCustomer(ctx, r, l, &wrong); err != nil {
		return err
	}
	checkInstant("starts_at", l.StartsAt, &wrong)
	checkInstant("ends_at", l.EndsAt, &wrong)
	if l.StartsAt != nil && l.EndsAt != nil && !l.EndsAt.After(*l.StartsAt) {
		wrong.Add("ends_at", "ends_at.order", "Choose an end after the start.")
	}
	l.After.RedirectURL = checkRedirect(strings.TrimSpace(l.After.RedirectURL), &wrong)
	return wrong.Err()
}

// checkInstant refuses a time that nobody means, such as the year 1, in which programs
// have the times that they miss.
func checkInstant(name string, at *time.Time, wrong *fault.Fields) {
	if at != nil && !calendar.Sane(*at) {
		wrong.Add(name, name+".range", "Choose a time between the years 2 and 9999, or leave it out.")
	}
}

// checkPrice checks what the link asks, and takes over its currency.
func (s *Links) checkPrice(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	switch l.Type {
	case Amount:
		if l.ProductID != "" {
			wrong.Add("product_id", "product.unexpected", "A link that asks an amount has no product. Leave it out, or choose the type product.")
		}
		if l.Amount == nil {
			wrong.Add("amount.value", "amount.missing", "Enter an amount.")
			return nil
		}
		checkAmount("amount", *l.Amount, wrong)
		l.Currency = l.Amount.Currency
	case Product:
		if l.Amount != nil {
			wrong.Add("amount", "amount.unexpected", "The price comes from the product. Leave the amount out, or choose the type amount.")
		}
		return s.checkProduct(ctx, r, l, wrong)
	default:
		wrong.Add("type", "type.unknown", "Choose the type amount or product.")
	}
	return nil
}

func (s *Links) checkProduct(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	if l.ProductID == "" {
		wrong.Add("product_id", "product.missing", "Choose a product.")
		return nil
	}
	err := r.Get(ctx, &l.Currency, `SELECT currency FROM products WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`,
		l.BusinessID, l.ProductID)
	if errors.Is(err, db.ErrNoRows) {
		wrong.Add("product_id", "product.unknown", "There is no such product. Choose one from your catalogue.")
		return nil
	}
	return err
}

func checkAmount(field string, a money.Amount, wrong *fault.Fields) {
	switch {
	case !a.Currency.Known():
		wrong.Add(field+".currency", string(money.BadCurrency), a.Currency.Check().Error())
	case a.Minor <= 0:
		wrong.Add(field+".value", string(money.NotPositive), "Enter an amount above zero.")
	case a.Cmp(money.Max(a.Currency)) > 0:
		wrong.Add(field+".value", string(money.TooLarge), "Enter an amount of at most "+money.Max(a.Currency).Decimal()+".")
	}
}

// checkPayerAmount checks the range in which the payer may choose.
func checkPayerAmount(l *Link, wrong *fault.Fields) {
	if !l.PayerChooses() {
		return
	}
	if l.Type == Product {
		wrong.Add("payer_amount", "payer_amount.product", "A product has one price. Leave this out.")
		return
	}
	for field, a := range map[string]money.Amount{"payer_amount.min": *l.PayerMin, "payer_amount.max": *l.PayerMax} {
		checkAmount(field, a, wrong)
		if l.Amount != nil && a.Currency != l.Amount.Currency {
			wrong.Add(field+".currency", "payer_amount.currency", "Use the currency of the amount.")
		}
	}
	switch {
	case wrong.Has("payer_amount.min.value") || wrong.Has("payer_amount.max.value"):
	case l.PayerMin.Cmp(*l.PayerMax) > 0:
		wrong.Add("payer_amount.max.value", "payer_amount.order", "Choose a maximum that is not below the minimum.")
	case l.Amount != nil && (l.Amount.Cmp(*l.PayerMin) < 0 || l.Amount.Cmp(*l.PayerMax) > 0):
		wrong.Add("amount.value", "payer_amount.suggestion", "Choose an amount between the minimum and the maximum.")
	default:
		checkSuggested(l, wrong)
	}
}

// checkSuggested checks the amounts to choose with a press.
func checkSuggested(l *Link, wrong *fault.Fields) {
	if len(l.Suggested) > MaxSuggested {
		wrong.Add("payer_amount.suggestions", "payer_amount.many", fmt.Sprintf("Suggest at most %d amounts.", MaxSuggested))
	}
	for _, a := range l.Suggested {
		if a.Currency != l.PayerMin.Currency || a.Cmp(*l.PayerMin) < 0 || a.Cmp(*l.PayerMax) > 0 {
			wrong.Add("payer_amount.suggestions", "payer_amount.outside", "Suggest amounts between the minimum and the maximum.")
			return
		}
	}
}

// checkAsked refuses a currency that can't be asked today. A link that has one
// already keeps it. A product was checked when it got its price.
func checkAsked(l Link) error {
	var wrong fault.Fields
	if err := l.Currency.Check(); err != nil && l.Type == Amount {
		wrong.Add("amount.currency", string(money.NotCharged), err.Error())
	}
	return wrong.Err()
}

// checkAccepted lets the provider refuse what it could not collect, now and not
// when somebody pays. A product was asked about when it got its price.
func (s *Links) checkAccepted(b business.Business, l Link) error {
	if s.accepts == nil {
		return nil
	}
	var wrong fault.Fields
	for field, a := range map[string]*money.Amount{"amount.value": l.Amount, "payer_amount.min.value": l.PayerMin, "payer_amount.max.value": l.PayerMax} {
		if a == nil {
			continue
		}
		if why := s.accepts(b, *a); why != "" {
			wrong.Add(field, "amount.provider", why)
		}
	}
	return wrong.Err()
}

// checkLimit completes the limit by its kind.
func checkLimit(l *Limit, wrong *fault.Fields) {
	switch l.Kind {
	case Unlimited:
		l.Max = 0
	case Once:
		l.Max = 1
	case Multiple:
		if l.Max < 1 || l.Max > MaxLimit {
			wrong.Add("limit.max", "limit.max", fmt.Sprintf("Choose a number from 1 to %d.", MaxLimit))
		}
	default:
		wrong.Add("limit.kind", "limit.kind", "Choose unlimited, once or multiple.")
	}
}

// checkRedirect accepts absolute http and https URLs, because payers are sent
// there.
func checkRedirect(s string, wrong *fault.Fields) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case len(s) > maxRedirect:
		wrong.Add("after_payment.redirect_url", "redirect.long", fmt.Sprintf("Use at most %d characters.", maxRedirect))
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		wrong.Add("after_payment.redirect_url", "redirect.form", "Enter an address without spaces, like https://example.com/thanks.")
	case err == nil && u.Scheme == "" || err != nil && !strings.Contains(s, "://"):
		wrong.Add("after_payment.redirect_url", "redirect.scheme", "Add https:// at the start of the address.")
	case err != nil || u.Hostname() == "" && isWeb(u):
		wrong.Add("after_payment.redirect_url", "redirect.form", "Enter a full address, like https://example.com/thanks.")
	case !isWeb(u):
		wrong.Add("after_payment.redirect_url", "redirect.scheme", "Use an address that starts with https:// or http://.")
	case u.User != nil:
		wrong.Add("after_payment.redirect_url", "redirect.user", "Leave user name and password out of the address.")
	}
	return s
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }
