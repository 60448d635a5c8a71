// Package fault holds the errors that people and programs may see: a code, a
// plain sentence that says what to do, the fields that are wrong, and the cause
// for the log. It knows no HTTP; the web room maps codes to statuses.
package fault

import (
	"errors"
	"strings"
)

// Code tells programs what kind of error it is. Codes are stable.
type Code string

// The codes of all errors that may leave the application.
const (
	Invalid         Code = "invalid"         // the input is wrong; Fields says where
	Malformed       Code = "malformed"       // the request can't be read at all
	Unauthenticated Code = "unauthenticated" // nobody is signed in, or the token is unknown
	Forbidden       Code = "forbidden"       // signed in, but not allowed to
	NotFound        Code = "not_found"       // there is none, or it is not yours
	Conflict        Code = "conflict"        // it contradicts what is there
	Stale           Code = "stale"           // it was changed since it was read
	SlotTaken       Code = "slot_taken"      // all slots are held; one may free up
	LimitReached    Code = "limit_reached"   // the link has all its payments
	PriceChanged    Code = "price_changed"   // the page that was filled in shows an old price
	TooMany         Code = "too_many"        // throttled; try again later
	TooLarge        Code = "too_large"       // the body is larger than accepted
	Unavailable     Code = "unavailable"     // something that we need is away
	Internal        Code = "internal"        // our mistake; the cause is in the log
)

// Field is one wrong input. Name is its path in the request ("amount.value"),
// Code names the rule for translation ("email.incomplete") and may be empty,
// Message is the English sentence that tells how to mend it.
type Field struct {
	Name    string
	Code    string
	Message string
}

// Error is an error with a code and a sentence for people.
type Error struct {
	Code    Code
	Message string
	Fields  []Field
	cause   error
}

// New makes an error without a cause.
func New(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// Wrap makes an error that keeps its cause for the log.
func Wrap(cause error, code Code, message string) *Error {
	return &Error{Code: code, Message: message, cause: cause}
}

// Error returns the sentence, with the wrong fields and the cause behind it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		b.WriteString(" [" + f.Name + ": " + f.Message + "]")
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Of returns err as an *Error. Whatever is not one is Internal outside and
// keeps its cause.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Wrap(err, Internal, "Something went wrong on our side. Nothing was changed; please try again.")
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// Fields collects what is wrong with an input, so that all of it is told at once.
type Fields []Field

// Add notes a wrong field.
func (f *Fields) Add(name, code, message string) {
	*f = append(*f, Field{Name: name, Code: code, Message: message})
}

// Has reports whether the field is already noted.
func (f Fields) Has(name string) bool {
	for _, field := range f {
		if field.Name == name {
			return true
		}
	}
	return false
}

// Err returns an Invalid error with the fields, or nil when there are none.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	message := "Check the marked field and try again."
	if len(f) > 1 {
		message = "Check the marked fields and try again."
	}
	return &Error{Code: Invalid, Message: message, Fields: f}
}
