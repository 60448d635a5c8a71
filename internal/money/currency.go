package money

import (
	"slices"
	"strings"
)

// Currency is an ISO 4217 alphabetic code in upper case.
type Currency string

// decimals of the currencies that can be charged, from ISO 4217's list one
// (2024-06-25). Providers refuse what they don't offer when a link is saved.
var decimals = map[Currency]int{
	"AED": 2, "ALL": 2, "AMD": 2, "ANG": 2, "ARS": 2, "AUD": 2, "AWG": 2, "AZN": 2, "BAM": 2, "BBD": 2, "BDT": 2,
	"BGN": 2, "BHD": 3, "BIF": 0, "BMD": 2, "BND": 2, "BOB": 2, "BRL": 2, "BSD": 2, "BWP": 2, "BYN": 2, "BZD": 2,
	"CAD": 2, "CDF": 2, "CHF": 2, "CLP": 0, "CNY": 2, "COP": 2, "CRC": 2, "CVE": 2, "CZK": 2, "DJF": 0, "DKK": 2,
	"DOP": 2, "DZD": 2, "EGP": 2, "ETB": 2, "EUR": 2, "FJD": 2, "FKP": 2, "GBP": 2, "GEL": 2, "GIP": 2, "GMD": 2,
	"GNF": 0, "GTQ": 2, "GYD": 2, "HKD": 2, "HNL": 2, "HTG": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2, "ISK": 0,
	"JMD": 2, "JOD": 3, "JPY": 0, "KES": 2, "KGS": 2, "KHR": 2, "KMF": 0, "KRW": 0, "KWD": 3, "KYD": 2, "KZT": 2,
	"LAK": 2, "LBP": 2, "LKR": 2, "LRD": 2, "LSL": 2, "MAD": 2, "MDL": 2, "MGA": 2, "MKD": 2, "MMK": 2, "MNT": 2,
	"MOP": 2, "MUR": 2, "MVR": 2, "MWK": 2, "MXN": 2, "MYR": 2, "MZN": 2, "NAD": 2, "NGN": 2, "NIO": 2, "NOK": 2,
	"NPR": 2, "NZD": 2, "OMR": 3, "PAB": 2, "PEN": 2, "PGK": 2, "PHP": 2, "PKR": 2, "PLN": 2, "PYG": 0, "QAR": 2,
	"RON": 2, "RSD": 2, "RUB": 2, "RWF": 0, "SAR": 2, "SBD": 2, "SCR": 2, "SEK": 2, "SGD": 2, "SHP": 2, "SOS": 2,
	"SRD": 2, "SZL": 2, "THB": 2, "TJS": 2, "TND": 3, "TOP": 2, "TRY": 2, "TTD": 2, "TWD": 2, "TZS": 2, "UAH": 2,
	"UGX": 0, "USD": 2, "UYU": 2, "UZS": 2, "VND": 0, "VUV": 0, "WST": 2, "XAF": 0, "XCD": 2, "XOF": 0, "XPF": 0,
	"YER": 2, "ZAR": 2, "ZMW": 2,
}

// ParseCurrency reads a code, in any case. The error is a *ParseError.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if !c.Known() {
		return "", &ParseError{Reason: BadCurrency, Message: "Use a currency code of three letters, like EUR."}
	}
	return c, nil
}

// Currencies are all known codes, in alphabetical order.
func Currencies() []Currency {
	all := make([]Currency, 0, len(decimals))
	for c := range decimals {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}

// Known reports whether it is a currency that can be charged.
func (c Currency) Known() bool {
	_, known := decimals[c]
	return known
}

// Decimals is the number of digits behind the point: 0, 2 or 3.
func (c Currency) Decimals() int {
	if d, known := decimals[c]; known {
		return d
	}
	return 2
}

// scale is how many minor units make a major one.
func (c Currency) scale() int64 {
	scale := int64(1)
	for range c.Decimals() {
		scale *= 10
	}
	return scale
}
