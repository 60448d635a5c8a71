// Package checkout has the rules of what a payer is asked beside price, name and
// e-mail: how many, and what their payment is made of. It knows no table: links and
// products keep its Rules, and attempts what payers answered.
package checkout

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf8"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Rules are what a link or a product asks of its payers. The zero value asks nothing more.
// They are stored as JSON, and nothing as an empty text.
type Rules struct {
	Quantity  *Quantity  `json:"quantity,omitempty"` // nil: one
	Questions []Question `json:"questions,omitempty"`
	Collect   Collect    `json:"collect,omitzero"`
	Consent   *Consent   `json:"consent,omitempty"`
	Marketing *Marketing `json:"marketing,omitempty"`
	Tip       *Tip       `json:"tip,omitempty"`
	CoverFee  *CoverFee  `json:"cover_fee,omitempty"`
	Methods   []string   `json:"methods,omitempty"`  // the ways to pay; none: all that the business has
	Metadata  []Pair     `json:"metadata,omitempty"` // the merchant's own, by key; payers don't see it
}

// Nothing reports whether there are no rules.
func (r Rules) Nothing() bool { return reflect.ValueOf(r).IsZero() }

// Over are the rules of a link that sells a product: what the link asks itself wins, part by
// part, and what it does not ask is asked as the product has it. The questions are one part.
func (r Rules) Over(product Rules) Rules {
	r.Quantity, r.Consent, r.Marketing = cmp.Or(r.Quantity, product.Quantity), cmp.Or(r.Consent, product.Consent), cmp.Or(r.Marketing, product.Marketing)
	r.Tip, r.CoverFee = cmp.Or(r.Tip, product.Tip), cmp.Or(r.CoverFee, product.CoverFee)
	if len(r.Questions) == 0 {
		r.Questions = product.Questions
	}
	r.Collect = Collect{cmp.Or(r.Collect.Phone, product.Collect.Phone), cmp.Or(r.Collect.Address, product.Collect.Address), cmp.Or(r.Collect.Company, product.Collect.Company)}
	return r
}

// Same reports whether payers are asked the same, and may pay in the same ways.
func (r Rules) Same(b Rules) bool {
	r.Metadata, b.Metadata = nil, nil
	return r.Nothing() && b.Nothing() || reflect.DeepEqual(r, b)
}

// AsksNothing reports whether payers are asked nothing more.
func (r Rules) AsksNothing() bool {
	r.Metadata, r.Methods = nil, nil
	return r.Nothing()
}

// Consent is a text that payers agree to.
type Consent struct {
	Text     string `json:"text"`
	Required bool   `json:"required,omitempty"`
}

// Marketing asks whether a payer wants to be written to.
type Marketing struct {
	Text string `json:"text"`
}

// How long the texts of a consent and of an offer may be, in characters.
const (
	MaxConsent   = 500
	MaxMarketing = 300
)

var (
	consentRule   = text.Rule{Most: MaxConsent, Required: true, Lines: true}
	marketingRule = text.Rule{Most: MaxMarketing, Required: true}
	metaValueRule = text.Rule{Most: 500}
)

// The bounds of a merchant's own metadata.
const (
	MaxMetadata    = 50
	maxMetadataKey = 40
)

func (r *Rules) cleanMetadata(wrong *fault.Fields) {
	if len(r.Metadata) > MaxMetadata {
		wrong.Add("metadata", "metadata.many", fmt.Sprintf("Use at most %d pairs.", MaxMetadata))
		return
	}
	for i, p := range r.Metadata {
		if n := utf8.RuneCountInString(p.Name); n == 0 || n > maxMetadataKey || text.Plain(p.Name) != p.Name {
			wrong.Add("metadata", "metadata.key", fmt.Sprintf("Use keys of 1 to %d characters.", maxMetadataKey))
		}
		r.Metadata[i].Value = metaValueRule.Clean("metadata", p.Value, wrong.Add)
	}
}

// Value is how the rules are stored.
func (r Rules) Value() (driver.Value, error) {
	if r.Nothing() {
		return "", nil
	}
	text, err := json.Marshal(r)
	return string(text), err
}

// Scan reads what Value stored.
func (r *Rules) Scan(from any) error {
	*r = Rules{}
	return scan(from, r)
}

// scan reads JSON of a text column; nothing from an empty one.
func scan(from, to any) error {
	switch text := from.(type) {
	case string:
		if text == "" {
			return nil
		}
		return json.Unmarshal([]byte(text), to)
	case []byte:
		if len(text) == 0 {
			return nil
		}
		return json.Unmarshal(text, to)
	}
	return fmt.Errorf("checkout: %T is no text", from)
}

// MaxQuantity is how many units one payment buys at most.
const MaxQuantity = 1000

// Quantity is between what a payer chooses how many units they buy.
type Quantity struct {
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// Clean refuses rules that nobody could keep, at the fields of the API.
func (r *Rules) Clean(wrong *fault.Fields) {
	r.cleanQuestions(wrong)
	r.Collect.clean(wrong)
	if r.Consent != nil {
		r.Consent.Text = consentRule.Clean("consent.text", r.Consent.Text, wrong.Add)
	}
	if r.Marketing != nil {
		r.Marketing.Text = marketingRule.Clean("marketing.text", r.Marketing.Text, wrong.Add)
	}
	r.Tip.clean(wrong)
	r.CoverFee.clean(wrong)
	r.cleanMethods(wrong)
	r.cleanMetadata(wrong)
	if q := r.Quantity; q != nil {
		if q.Min < 1 || q.Min > MaxQuantity {
			wrong.Add("quantity.min", "quantity.min", fmt.Sprintf("Choose a number from 1 to %d.", MaxQuantity))
		}
		if q.Max < 1 || q.Max > MaxQuantity {
			wrong.Add("quantity.max", "quantity.max", fmt.Sprintf("Choose a number from 1 to %d.", MaxQuantity))
		} else if q.Max < q.Min {
			wrong.Add("quantity.max", "quantity.order", "Choose a maximum that is not below the minimum.")
		}
	}
}

// Least is how many units a payment buys at least.
func (r Rules) Least() int64 {
	if r.Quantity == nil {
		return 1
	}
	return r.Quantity.Min
}

// Most is how many units a payment buys at most.
func (r Rules) Most() int64 {
	if r.Quantity == nil {
		return 1
	}
	return r.Quantity.Max
}

// What may be wrong with the number of units that a payer wants. These are the codes
// of the field "quantity".
const (
	NoNumber = "quantity.number" // it is no whole number
	TooLow   = "quantity.low"
	TooHigh  = "quantity.high"
)

// CheckQuantity refuses a number of units that the rules don't allow.
func (r Rules) CheckQuantity(n int64, wrong *fault.Fields) {
	switch {
	case n < r.Least():
		wrong.Add("quantity", TooLow, fmt.Sprintf("Choose at least %d.", r.Least()))
	case n > r.Most():
		wrong.Add("quantity", TooHigh, fmt.Sprintf("Choose at most %d.", r.Most()))
	}
}

// ReadQuantity reads how many units a payer wants as they typed it, with digits of
// Latin or Arabic script alone: 1.5, 1e3 and +2 are no numbers of units. Nothing typed
// is the least.
func (r Rules) ReadQuantity(typed string, wrong *fault.Fields) int64 {
	if typed == "" {
		return r.Least()
	}
	n := int64(0)
	for _, digit := range text.Digits(typed) {
		if digit < '0' || digit > '9' {
			wrong.Add("quantity", NoNumber, "Enter a whole number, like 2.")
			return 0
		}
		if n = n*10 + int64(digit-'0'); n > 1_000_000 {
			break
		}
	}
	r.CheckQuantity(n, wrong)
	return n
}
