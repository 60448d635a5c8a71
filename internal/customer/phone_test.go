package customer_test

import (
	"regexp"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
)

func TestPhoneNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ locale, typed, want, code string }{
		{"en", "+31 6 1234 5678", "+31612345678", ""},
		{"en", "0031-6-12345678", "+31612345678", ""},
		{"nl", "06 12 34 56 78", "+31612345678", ""},
		{"nl", "(020) 624 1111", "+31206241111", ""},
		{"de", "030 901820", "+4930901820", ""},
		{"en", "+1 (212) 555-0123", "+12125550123", ""},
		{"en", "06 12345678", "", "phone.country"},
		{"en", "+999 12345678", "", "phone.country"},
		{"nl", "06 12", "", "phone.short"},
		{"nl", "+31 6 1234 5678 9012", "", "phone.long"},
		{"nl", "call me", "", "phone.invalid"},
		{"en", "+31 0 00000000", "", "phone.invalid"},
		{"en", "\u202a+31\u00a06\u00a01234\u00a05678\u202c", "+31612345678", ""},
		{"nl", "\u200e06 12345678\u200e", "+31612345678", ""},
		{"en", "\ufeff+31612345678\u2069\u200b", "+31612345678", ""},
		{"en", "tel:+31-6-1234-5678", "+31612345678", ""},
		{"nl", "TEL: 0612345678", "+31612345678", ""},
		{"en", "sms:+31612345678", "+31612345678", ""},
		{"en", "+٣١٦١٢٣٤٥٦٧٨", "+31612345678", ""},
		{"en", "+31 6 12345678 ext. 3", "", "phone.extension"},
		{"en", "tel:+31612345678;ext=12", "", "phone.extension"},
		{"en", "+31612345678x12", "", "phone.extension"},
		{"en", "+1 (212) 555-0123 #4", "", "phone.extension"},
		{"en", "call: me", "", "phone.country"},
		{"en", "+31\u00a06\u202f12\u201134\u201356\u221278", "+31612345678", ""},
		{"en", "+31 (0)6 12345678", "+31612345678", ""},
		{"nl", "tel:612345678;phone-context=+31", "+31612345678", ""},
		{"en", "tel:%2B31%206%2012345678", "+31612345678", ""},
		{"en", "tel://+31612345678", "+31612345678", ""},
		{"en", "＋３１ ６ １２３４５６７８", "+31612345678", ""},
		{"en", "٠٠٣١ ٦ ١٢٣٤٥٦٧٨", "+31612345678", ""},
	} {
		got, refusal := customer.ParsePhone(c.typed, business.Business{Locale: c.locale})
		code := ""
		if refusal != nil {
			code = refusal.Code
		}
		if got != c.want || code != c.code {
			t.Errorf("%q in %s is %q, %q, want %q, %q", c.typed, c.locale, got, code, c.want, c.code)
		}
	}
}

// An Austrian's number is a German's as well, and a Belgian's a Frenchman's: who reads it by
// the language alone writes to a stranger.
func TestANumberWithoutItsCountryIsReadWhereTheBusinessIs(t *testing.T) {
	for _, c := range []struct{ typed, locale, zone, want string }{
		{"0664 1234567", "de", "Europe/Vienna", "+436641234567"},
		{"079 123 45 67", "de", "Europe/Zurich", "+41791234567"},
		{"0470 12 34 56", "fr", "Europe/Brussels", "+32470123456"},
		{"987 654 321", "es", "America/Lima", "+51987654321"},
		{"07400 123456", "en", "Europe/London", "+447400123456"},
		{"06 12345678", "nl", "Europe/Amsterdam", "+31612345678"},
		{"06 12345678", "nl", "Europe/Berlin", ""}, // it is asked for
	} {
		got, refusal := customer.ParsePhone(c.typed, business.Business{Locale: c.locale, TimeZone: c.zone})
		if got != c.want || (c.want == "") != (refusal != nil && refusal.Code == "phone.country") {
			t.Errorf("%q in %s, %s, is %q, %v, not %q", c.typed, c.locale, c.zone, got, refusal, c.want)
		}
	}
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)

func FuzzPhoneNumbersAreRefusedOrE164(f *testing.F) {
	for _, typed := range []string{"+31612345678", "06 12345678", "", "+", "tel:+1;ext=5", "+80012345678", "٠٦١٢٣٤٥٦٧٨"} {
		f.Add(typed, "nl")
	}
	f.Fuzz(func(t *testing.T, typed, locale string) {
		number, refusal := customer.ParsePhone(typed, business.Business{Locale: locale})
		if refusal != nil {
			if number != "" || refusal.Message == "" || refusal.Code == "" {
				t.Errorf("%q: %q with %+v", typed, number, refusal)
			}
			return
		}
		if !e164.MatchString(number) {
			t.Errorf("%q became %q", typed, number)
		}
		if again, refusal := customer.ParsePhone(number, business.Business{Locale: "en"}); refusal != nil || again != number {
			t.Errorf("%q is read as %q the second time, %+v", number, again, refusal)
		}
	})
}
