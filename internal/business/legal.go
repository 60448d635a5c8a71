package business

import (
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Legal is who a business is before the law, as receipts bear it. All of it may
// be empty.
type Legal struct {
	Name               string // "" prints the business's name
	Address            string // several lines
	RegistrationNumber string // of the chamber of commerce or the like
	VATNumber          string
	VATRate            *Rate // of what it sells; nil prints no VAT
}

// Rate is a share in hundredths of a percent: 2100 is 21 %.
type Rate int64

// maxRate is 100 %.
const maxRate Rate = 100_00

// String is the rate in percent without a sign and without needless digits:
// "21", "5.5".
func (r Rate) String() string {
	whole, rest := int64(r)/100, int64(r)%100
	s := strconv.FormatInt(whole, 10)
	if rest == 0 {
		return s
	}
	return s + "." + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
}

// ParseRate reads a percentage as people type it: "21", "5.5", "5,5 %". It
// reports false for what is none, has more than two decimals, or lies outside
// 0–100.
func ParseRate(typed string) (Rate, bool) {
	s := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(typed), "%"))
	whole, rest, point := strings.Cut(strings.Replace(text.Digits(s), ",", ".", 1), ".")
	if len(whole) == 0 || len(whole) > 3 || len(rest) > 2 || point && rest == "" || !digits(whole) || !digits(rest) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(rest + "00")[:2], 10, 64)
	return Rate(n), err == nil && Rate(n) <= maxRate
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Included is the VAT within a gross amount of minor units, rounded half up:
// gross × rate ÷ (100 % + rate).
func (r Rate) Included(gross int64) int64 {
	whole := int64(maxRate) + int64(r)
	// Split, so that no product passes 63 bits for any amount that is accepted.
	return gross/whole*int64(r) + (gross%whole*int64(r)*2+whole)/(2*whole)
}

// VAT is an amount of minor units with the tax in it.
type VAT struct {
	Rate            Rate
	Net, Tax, Gross int64
}

// Split tells the VAT of a gross amount. before is the part of the same sum that was split
// before, so that the tax of all parts together is that of the sum.
func (r Rate) Split(before, gross int64) VAT {
	tax := r.Included(before+gross) - r.Included(before)
	return VAT{Rate: r, Net: gross - tax, Tax: tax, Gross: gross}
}

// clean brings l into the form that is stored.
func (l *Legal) clean(fields *fault.Fields) {
	l.Name = text.Rule{Most: 120}.Clean("legal.name", l.Name, fields.Add)
	l.Address = text.Rule{Most: 300, Lines: true}.Clean("legal.address", l.Address, fields.Add)
	l.RegistrationNumber = text.Rule{Most: 40}.Clean("legal.registration_number", l.RegistrationNumber, fields.Add)
	l.VATNumber = text.Rule{Most: 40}.Clean("legal.vat_number", l.VATNumber, fields.Add)
	if l.VATRate != nil && (*l.VATRate < 0 || *l.VATRate > maxRate) {
		fields.Add("legal.vat_rate", "rate.invalid", "Give a percentage from 0 to 100, like 21 or 5.5.")
	}
}

// maxPageURL is the length of an address that every browser takes.
const maxPageURL = 2000

// checkPageURL accepts full http and https addresses, because payers follow
// them.
func checkPageURL(name, s string, fields *fault.Fields) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(s) > maxPageURL ||
		strings.ContainsAny(s, " \t\r\n") {
		fields.Add(name, "url.invalid", "Give a full address, like https://example.com/terms.")
	}
	return s
}
