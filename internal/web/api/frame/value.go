package frame

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/calendar"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Optional is a field that may be left out, which is not the same as null:
// null clears.
type Optional[T any] struct {
	Sent  bool
	Value *T // nil for null
}

// UnmarshalJSON notes that the field was sent.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	o.Sent = true
	return json.Unmarshal(text, &o.Value)
}

// Schema is that of the value, or null.
func (Optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), false, "")
	s.Nullable = true
	s.PrecomputeMessages()
	return &s
}

// Change is a pointer to the new value, nil when it stays. Null becomes the
// zero value.
func (o Optional[T]) Change() *T {
	if !o.Sent || o.Value != nil {
		return o.Value
	}
	return new(T)
}

// Set changes a field to what was sent. Null becomes the zero value.
func (o Optional[T]) Set(field *T) {
	if o.Sent {
		*field = ValueOf(o.Value)
	}
}

// SetPointer is set where the value itself may be missing.
func (o Optional[T]) SetPointer(field **T) {
	if o.Sent {
		*field = o.Value
	}
}

// Set changes a field to what was sent, if anything was.
func Set[T any](field, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// Amount is money as programs write it.
type Amount struct {
	Value    string `json:"value" example:"49.00" doc:"A decimal string with a point, without separators."`
	Currency string `json:"currency" example:"EUR" doc:"ISO 4217"`
}

// Read checks the amount and notes at the field what is wrong with it.
func (m *Amount) Read(field string, fallback money.Currency, wrong *fault.Fields) *money.Amount {
	return m.read(field, fallback, money.Parse, wrong)
}

// ReadOrNothing is Read where 0 is an amount as well.
func (m *Amount) ReadOrNothing(field string, fallback money.Currency, wrong *fault.Fields) *money.Amount {
	return m.read(field, fallback, money.ParseOrNothing, wrong)
}

func (m *Amount) read(field string, fallback money.Currency, parse func(string, money.Currency) (money.Amount, error), wrong *fault.Fields) *money.Amount {
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
	v, err := parse(m.Value, c)
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

func AmountOf(a money.Amount) Amount {
	return Amount{Value: a.Decimal(), Currency: string(a.Currency)}
}

// MinorOf is amountOf for a figure in minor units.
func MinorOf(minor int64, c money.Currency) Amount {
	return AmountOf(money.Amount{Minor: minor, Currency: c})
}

// Pointer is nil for the zero value, which JSON shows as null.
func Pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// UTC is an instant as the API writes it, nil when there is none.
func UTC(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func UTCPointer(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return UTC(*t)
}

// ReadInstant reads a time of the query: RFC 3339, or a day in the business's
// zone. Nothing is the zero time.
func ReadInstant(name, s string, zone *time.Location, wrong *fault.Fields) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, ok := calendar.ParseInstant(s, zone)
	if !ok {
		wrong.Add(name, "", "Write a time like 2026-02-18T09:42:00Z or a day like 2026-02-18. For everything, leave it out.")
	}
	return t
}

// ETag is the version as an entity tag.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// ReadIfMatch is the version that a change is meant for; 0 is any.
func ReadIfMatch(header string) (int64, error) {
	if header == "" || header == "*" {
		return 0, nil
	}
	s := strings.TrimSuffix(strings.TrimPrefix(header, `"`), `"`)
	version, err := strconv.ParseInt(s, 10, 64)
	if err != nil || version < 1 || ETag(version) != header {
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

// Listed is the answer with a list.
type Listed[T any] struct{ Body list[T] }

func PageOf[T, R any](rows []R, next string, show func(R) T) *Listed[T] {
	out := &Listed[T]{Body: list[T]{Data: make([]T, 0, len(rows)), Next: Pointer(next)}}
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

// Nothing is the answer without a body.
type Nothing struct{}

// ValueOf is what the pointer points to, or the zero value.
func ValueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// PairsOf shows pairs of names and values as an object.
func PairsOf(pairs []checkout.Pair) map[string]string {
	all := map[string]string{}
	for _, p := range pairs {
		all[p.Name] = p.Value
	}
	return all
}

// AddMissing says that a text must not be empty.
func AddMissing(name string, wrong *fault.Fields) {
	wrong.Add(name, "", "Send "+name+".")
}
