package frame

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Problems are what is wrong with a form: by input, and for the whole of it.
type Problems struct {
	Errors      map[string]string
	Problem     string
	ProblemHref string // where to see what the problem speaks of
}

// ProblemsOf maps an error to a form. rename gives the input of a field whose
// API path differs from it. An error that no form can mend is not ok.
func ProblemsOf(reader Reader, err error, rename map[string]string) (p Problems, ok bool) {
	f := fault.Of(err)
	switch f.Code {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
	default:
		return Problems{}, false
	}
	p.Errors = map[string]string{}
	for _, field := range f.Fields {
		input, known := rename[field.Name]
		if !known {
			input = field.Name
		}
		if p.Errors[input] == "" {
			p.Errors[input] = reader.Sentence(field.Message)
		}
	}
	if len(f.Fields) == 0 {
		p.Problem = reader.Sentence(f.Message)
	}
	return p, true
}

// RefusedStatus is the status of a form that comes back with what is wrong: 422, or 200 for a
// part of a page that htmx draws anew, which leaves any other as it is.
func RefusedStatus(r *http.Request) int {
	if asksForPart(r) {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

// asksForPart reports whether htmx asks, for a part of a page.
func asksForPart(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// StaleProblem tells that somebody else was faster. What was typed stays.
func StaleProblem(reader Reader, href string) Problems {
	return Problems{
		Problem:     reader.T("Somebody changed this while you were editing, so nothing was saved. Save again to replace their changes with yours. "),
		ProblemHref: href,
	}
}

// AmountFrom reads an amount that people typed. What can't be read is noted
// under name and becomes zero, which every feature refuses: so nothing is
// stored, and all that is wrong is told at once.
func AmountFrom(reader Reader, typed string, c money.Currency, name string, unread *fault.Fields) money.Amount {
	a, err := money.ParseTypedIn(typed, c, reader.Lang())
	if err != nil {
		unread.Add(name, "", err.Error()) // a sentence for people
		return money.Amount{Currency: c}
	}
	return a
}

// OptionalAmount is amountFrom for an amount that may be left out.
func OptionalAmount(reader Reader, typed string, c money.Currency, name string, unread *fault.Fields) *money.Amount {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	a := AmountFrom(reader, typed, c, name, unread)
	return &a
}

// Merged joins what the form could not read with what the feature refused, so
// that all of it is told at once.
func Merged(unread fault.Fields, err error) error {
	if len(unread) == 0 {
		return err
	}
	if err != nil {
		f := fault.Of(err)
		if f.Code != fault.Invalid {
			return err
		}
		for _, field := range f.Fields {
			if !unread.Has(field.Name) {
				unread = append(unread, field)
			}
		}
	}
	return unread.Err()
}

// Ticked tells whether a checkbox or a switch was sent as on.
func Ticked(form url.Values, name string) bool { return form.Get(name) == "on" }

// VersionFrom reads the version that a form was filled from; 0 when missing.
func VersionFrom(form url.Values) int64 {
	v, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || v < 0 {
		return 0
	}
	return v
}

// DescribedBy is the id of the text that explains a field that always has a
// hint: its error while there is one.
func DescribedBy(field string, errors map[string]string) string {
	if errors[field] != "" {
		return field + "-error"
	}
	return field + "-hint"
}
