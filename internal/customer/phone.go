package customer

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/width"

	"smartlinks/internal/business"
)

// PhoneRefusal says why a phone number can't be used: a code for translation
// and the English sentence that says how to mend it.
type PhoneRefusal struct{ Code, Message string }

// maxPhone bounds what is looked at, in characters; E.164 has 15 digits.
const maxPhone = 60

// ParsePhone returns a number as E.164 (ITU-T): "+31612345678". A number
// without + and country code is read as one of the business's country, where that
// is known ([business.Business.Region]).
func ParsePhone(typed string, b business.Business) (string, *PhoneRefusal) {
	typed = dialled(typed)
	if utf8.RuneCountInString(typed) > maxPhone {
		return "", &PhoneRefusal{"phone.long", "This is too long for a phone number. Use at most 15 digits."}
	}
	typed = withPlus(typed)
	region := b.Region()
	if region == "" && !strings.HasPrefix(typed, "+") {
		return "", &PhoneRefusal{"phone.country", "Start with + and the country code, like +31 6 12345678."}
	}
	number, err := phonenumbers.Parse(typed, region)
	if err != nil {
		return "", refusalOf(err)
	}
	switch phonenumbers.IsPossibleNumberWithReason(number) {
	case phonenumbers.TOO_SHORT:
		return "", &PhoneRefusal{"phone.short", "This number is too short. Check that no digit is missing."}
	case phonenumbers.TOO_LONG:
		return "", &PhoneRefusal{"phone.long", "This number is too long. Check that no digit is doubled."}
	case phonenumbers.INVALID_COUNTRY_CODE:
		return "", unknownCountry()
	}
	if number.GetExtension() != "" {
		return "", &PhoneRefusal{"phone.extension", "This number has an extension, which messages can't reach. Leave it out, or use a mobile number."}
	}
	if !phonenumbers.IsValidNumber(number) {
		return "", &PhoneRefusal{"phone.invalid", "No such number exists in this country. Check the country code and the digits."}
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// dialled is what remains of a number that was pasted: contact books put marks of
// direction and characters of no width around it, pages make addresses of it (tel:,
// RFC 3966). Blanks and dashes are plain ones, characters of usual width.
func dialled(typed string) string {
	seen := strings.TrimSpace(width.Fold.String(strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Cf, c):
			return -1
		case unicode.IsSpace(c):
			return ' '
		case unicode.Is(unicode.Pd, c):
			return '-'
		}
		return c
	}, typed)))
	if scheme, number, found := strings.Cut(seen, ":"); found && (strings.EqualFold(scheme, "tel") || strings.EqualFold(scheme, "sms")) {
		if plain, err := url.PathUnescape(number); err == nil {
			number = plain
		}
		return strings.TrimSpace(strings.TrimLeft(number, "/")) // tel://, as some write it
	}
	return seen
}

// withPlus writes + for the 00 that a number begins with, in digits of any script: the
// international prefix of most countries.
func withPlus(typed string) string {
	runes := []rune(typed)
	if len(runes) < 2 || phonenumbers.NormalizeDigitsOnly(string(runes[:2])) != "00" {
		return typed
	}
	return "+" + string(runes[2:])
}

func refusalOf(err error) *PhoneRefusal {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return unknownCountry()
	case errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return &PhoneRefusal{"phone.short", "This number is too short. Check that no digit is missing."}
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return &PhoneRefusal{"phone.long", "This number is too long. Check that no digit is doubled."}
	}
	return &PhoneRefusal{"phone.invalid", "This is not a phone number. Write it like +31 6 12345678."}
}

func unknownCountry() *PhoneRefusal {
	return &PhoneRefusal{"phone.country", "This country code does not exist. Start with one that does, like +31."}
}

// ShownPhone is a number as people read it: "+31 6 12345678".
func ShownPhone(e164 string) string {
	number, err := phonenumbers.Parse(e164, "ZZ")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
}
