package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// optional is a field that may be left out, which is not the same as null:
// null clears.
type optional[T any] struct {
	Sent  bool
	Value *T // nil for null
}

// UnmarshalJSON notes that the field was sent.
func (o *optional[T]) UnmarshalJSON(text []byte) error {
	o.Sent = true
	return json.Unmarshal(text, &o.Value)
}

// Schema is that of the value, or null.
func (optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), false, "")
	s.Nullable = true
	s.PrecomputeMessages()
	return &s
}

// change is a pointer to the new value, nil when it stays. Null becomes the
// zero value.
func (o optional[T]) change() *T {
	if !o.Sent || o.Value != nil {
		return o.Value
	}
	return new(T)
}

// set changes a field to what was sent. Null becomes the zero value.
func (o optional[T]) set(field *T) {
	if o.Sent {
		*field = value(o.Value)
	}
}

// setPointer is set where the value itself may be missing.
func (o optional[T]) setPointer(field **T) {
	if o.Sent {
		*field = o.Value
	}
}

// set changes a field to what was sent, if anything was.
func set[T any](field, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// amount is money as programs write it.
type amount struct {
	Value    string `json:"value" example:"49.00" doc:"A decimal string with a point, without separators."`
	Currency string `json:"currency" example:"EUR" doc:"ISO 4217"`
}

// read checks the amount and notes at the field what is wrong with it.
func (m *amount) read(field string, fallback money.Currency, wrong *fault.Fields) *money.Amount {
	if m == nil {
		return nil
	}
	c := fallback
	if m.Currency != "" {
		var err error
		if c, err = money.ParseCurrency(m.Currency); err != nil {
			addParse(wrong, field+".currency", err)
			return nil
		}
	}
	v, err := money.Parse(m.Value, c)
	if err != nil {
		addParse(wrong, field+".value", err)
		return nil
	}
	return &v
}

func addParse(wrong *fault.Fields, field string, err error) {
	code, message := "", err.Error()
	var parse *money.ParseError
	if errors.As(err, &parse) {
		code, message = string(parse.Reason), parse.Message
	}
	wrong.Add(field, code, message)
}

func amountOf(a money.Amount) amount {
	return amount{Value: a.Decimal(), Currency: string(a.Currency)}
}

// minorOf is amountOf for a figure in minor units.
func minorOf(minor int64, c money.Currency) amount {
	return amountOf(money.Amount{Minor: minor, Currency: c})
}

// pointer is nil for the zero value, which JSON shows as null.
func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// utc is an instant as the API writes it, nil when there is none.
func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func utcPtr(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return utc(*t)
}

// readInstant reads a time of the query: RFC 3339, or a day in the business's
// zone. Nothing is the zero time.
func readInstant(name, s string, zone *time.Location, wrong *fault.Fields) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, ok := calendar.ParseInstant(s, zone)
	if !ok {
		wrong.Add(name, "", "Write a time like 2026-02-18T09:42:00Z or a day like 2026-02-18. For everything, leave it out.")
	}
	return t
}

// etag is the version as an entity tag.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// readIfMatch is the version that a change is meant for; 0 is any.
func readIfMatch(header string) (int64, error) {
	if header == "" || header == "*" {
		return 0, nil
	}
	s := strings.TrimSuffix(strings.TrimPrefix(header, `"`), `"`)
	version, err := strconv.ParseInt(s, 10, 64)
	if err != nil || version < 1 || etag(version) != header {
		// Whatever else it is, it isn't the current one.
		return 0, fault.New(fault.Stale, "If-Match names no version of this. Read it again and send its ETag.")
	}
	return version, nil
}

// list is a page of anything.
type list[T any] struct {
	Data []T     `json:"data" nullable:"false"`
	Next *string `json:"next_cursor" doc:"Send it as cursor for the next page; null at the end."`
}

// listed is the answer with a list.
type listed[T any] struct{ Body list[T] }

func pageOf[T, R any](rows []R, next string, show func(R) T) *listed[T] {
	out := &listed[T]{Body: list[T]{Data: make([]T, 0, len(rows)), Next: pointer(next)}}
	for _, row := range rows {
		out.Body.Data = append(out.Body.Data, show(row))
	}
	return out
}

// Paging is how lists are asked for. It is exported, as all that is embedded
// here, because huma reads embedded structs only then.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
	Cursor string `query:"cursor"`
}

// ByID names the object of a path.
type ByID struct {
	ID string `path:"id"`
}

// nothing is the answer without a body.
type nothing struct{}
