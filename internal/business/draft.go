package business

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// Draft describes a business to be made. Empty fields take the defaults: EUR,
// "en", UTC, DefaultBrandColor, and a payment page that is on.
type Draft struct {
	Name         string
	Handle       string
	Currency     money.Currency
	Locale       string
	TimeZone     string
	BrandColor   string
	ContactEmail string
	Page         *Page
	Provider     string // "" takes the installation's
}

// Patch describes changes; nil keeps what is there.
type Patch struct {
	Name         *string
	Handle       *string
	Currency     *money.Currency
	Locale       *string
	TimeZone     *string
	BrandColor   *string
	ContactEmail *string
	Page         *Page  // as a whole
	Legal        *Legal // as a whole
	TermsURL     *string
	PrivacyURL   *string
	Provider     *string
	InstantOnly  *bool
	PayRequest   *bool
	KeepViews    *int   // months, 0 is for ever
	Logo         []byte // a new one: a JPEG, PNG, WebP or GIF file
	RemoveLogo   bool   // without a new one
	Cover        []byte // as Logo
	RemoveCover  bool
	FrameOrigins *[]string // such as https://example.com
}

func (d Draft) business() Business {
	b := Business{
		Handle: d.Handle, Name: d.Name, Currency: d.Currency, Locale: d.Locale, TimeZone: d.TimeZone,
		BrandColor: d.BrandColor, ContactEmail: d.ContactEmail, Provider: d.Provider,
		Page: Page{Enabled: true, PayerAmount: true},
	}
	if d.Page != nil {
		b.Page = *d.Page
	}
	fill(&b.Currency, "EUR")
	fill(&b.Locale, "en")
	fill(&b.TimeZone, "UTC")
	fill(&b.BrandColor, DefaultBrandColor)
	return b
}

func fill[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}

func (p Patch) apply(b *Business) {
	set(&b.Name, p.Name)
	set(&b.Handle, p.Handle)
	if p.Currency != nil && *p.Currency != b.Currency {
		b.Currency = *p.Currency
		// They were amounts of the old currency.
		b.Page.Default, b.Page.Min, b.Page.Max, b.Page.Suggested = nil, nil, nil, nil
	}
	set(&b.Locale, p.Locale)
	set(&b.TimeZone, p.TimeZone)
	set(&b.BrandColor, p.BrandColor)
	set(&b.ContactEmail, p.ContactEmail)
	set(&b.Page, p.Page)
	set(&b.Legal, p.Legal)
	set(&b.TermsURL, p.TermsURL)
	set(&b.PrivacyURL, p.PrivacyURL)
	set(&b.Provider, p.Provider)
	set(&b.InstantOnly, p.InstantOnly)
	set(&b.PayRequest, p.PayRequest)
	set(&b.KeepViews, p.KeepViews)
	set(&b.FrameOrigins, p.FrameOrigins)
	if p.RemoveLogo {
		b.LogoID = ""
	}
	if p.RemoveCover {
		b.CoverID = ""
	}
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// clean brings a new b into the form that is stored, or says all that is wrong.
func (b *Business) clean() error {
	var fields fault.Fields
	b.check(&fields)
	b.checkAsked(&fields)
	return fields.Err()
}

// checkAsked refuses a currency that can't be asked today. One that is stored
// already stays, whatever became of it since.
func (b *Business) checkAsked(fields *fault.Fields) {
	if err := b.Currency.Check(); err != nil && !fields.Has("currency") {
		fields.Add("currency", "currency.charged", err.Error())
	}
}

// check cleans b and notes what is wrong.
func (b *Business) check(fields *fault.Fields) {
	b.Name = text.Rule{Most: 80, Required: true}.Clean("name", b.Name, fields.Add)
	checkHandle(b.Handle, fields)
	if !b.Currency.Known() {
		fields.Add("currency", "currency.unknown", b.Currency.Check().Error())
	}
	if !i18n.Supported(b.Locale) {
		fields.Add("locale", "locale.unknown", "Choose one of these languages: "+strings.Join(i18n.Codes(), ", ")+".")
	}
	if !knownZone(b.TimeZone) {
		fields.Add("time_zone", "time_zone.unknown", "Give a time zone by its name, like Europe/Amsterdam.")
	}
	if b.KeepViews < 0 || b.KeepViews > 120 {
		fields.Add("keep_views", "keep_views.range", "Choose from 1 to 120 months, or for ever.")
	}
	if !brandColor.MatchString(b.BrandColor) {
		fields.Add("brand_color", "color.invalid", "Give the colour as # and six digits, like "+DefaultBrandColor+".")
	}
	b.BrandColor = strings.ToUpper(b.BrandColor)
	b.cleanContact(fields)
	b.Legal.clean(fields)
	b.TermsURL = checkPageURL("terms_url", b.TermsURL, fields)
	b.PrivacyURL = checkPageURL("privacy_url", b.PrivacyURL, fields)
	b.Page.clean(b.Currency, fields)
	b.FrameOrigins = checkOrigins(b.FrameOrigins, fields)
}

var brandColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// knownZone refuses "Local", the zone of whatever machine this runs on.
func knownZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

func (b *Business) cleanContact(fields *fault.Fields) {
	if b.ContactEmail == "" {
		return
	}
	address, err := mailaddr.Parse(b.ContactEmail)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		fields.Add("contact_email", refusal.Code, refusal.Message)
		return
	}
	b.ContactEmail = address.Typed
}

// clean checks the page of a business that takes the currency.
func (p *Page) clean(currency money.Currency, fields *fault.Fields) {
	p.Title = text.Rule{Most: 80}.Clean("page.title", p.Title, fields.Add)
	p.Description = text.Rule{Most: 500, Lines: true}.Clean("page.description", p.Description, fields.Add)
	p.Success = text.Rule{Most: 500, Lines: true}.Clean("page.success", p.Success, fields.Add)
	amount := func(name string, a *money.Amount) {
		switch {
		case a == nil:
		case a.Currency != currency:
			fields.Add(name, "amount.currency", "Give this amount in "+string(currency)+", the currency of the business.")
		case a.Minor <= 0:
			fields.Add(name, "amount.positive", "Give an amount above zero.")
		case a.Cmp(money.Max(currency)) > 0:
			fields.Add(name, "amount.large", "Give an amount of at most "+money.Max(currency).Decimal()+".")
		}
	}
	amount("page.default", p.Default)
	amount("page.min", p.Min)
	amount("page.max", p.Max)
	if above(p.Min, p.Max) {
		fields.Add("page.max", "amount.order", "The maximum can't be below the minimum.")
		return
	}
	p.checkSuggested(currency, fields)
	if above(p.Min, p.Default) || above(p.Default, p.Max) {
		fields.Add("page.default", "amount.order", "Choose an amount between the minimum and the maximum.")
	}
}

// MaxSuggested is how many amounts may be suggested; more make choosing hard.
const MaxSuggested = 6

func (p *Page) checkSuggested(currency money.Currency, fields *fault.Fields) {
	if len(p.Suggested) > MaxSuggested {
		fields.Add("page.suggested", "amount.many", fmt.Sprintf("Suggest at most %d amounts.", MaxSuggested))
	}
	for _, a := range p.Suggested {
		if a.Currency != currency || a.Minor <= 0 || a.Cmp(money.Max(currency)) > 0 || above(p.Min, &a) || above(&a, p.Max) {
			fields.Add("page.suggested", "amount.outside", "Suggest amounts that the page takes.")
			return
		}
	}
}

// above reports whether both amounts are there and a is the larger one.
func above(a, b *money.Amount) bool { return a != nil && b != nil && a.Minor > b.Minor }
