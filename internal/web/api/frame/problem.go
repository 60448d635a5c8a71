package frame

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/requests"
	"smartlinks/internal/statement/bankfile"
)

// Problem is the body of every error (RFC 9457). Code is stable.
type Problem struct {
	Type   string     `json:"type" doc:"Always about:blank: code tells errors apart."`
	Title  string     `json:"title"`
	Status int        `json:"status"`
	Code   fault.Code `json:"code"`
	Detail string     `json:"detail" doc:"What to do, for people."`
	Errors []mistake  `json:"errors,omitempty"`
	// Missing is of a link that is full, when a payment is recorded.
	Missing int64  `json:"missing,omitempty" doc:"How many places more the link would need."`
	ID      string `json:"id,omitempty" doc:"What is there already, where that is the conflict."`
	// Columns are of a CSV file that nobody has explained yet.
	Columns *newColumns `json:"columns,omitempty" doc:"Of a bank’s CSV file whose columns are new: their names, and what they seem to be."`
}

// mistake is one wrong part of a request.
type mistake struct {
	Location string `json:"location" example:"body.amount.value"`
	Message  string `json:"message"`
}

// statuses are the HTTP statuses of our codes.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Malformed:       http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.SlotTaken:       http.StatusConflict,
	fault.LimitReached:    http.StatusConflict,
	fault.PriceChanged:    http.StatusConflict,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// Error makes a problem an error, as huma wants it.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problem details.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problemOf turns an error into what the program gets. part is where the
// fields are: "body", "query" or "header".
func problemOf(err error, part string) *Problem {
	f := fault.Of(err)
	p := NewProblem(f.Code, f.Message)
	if full := new(payment.FullError); errors.As(err, &full) {
		p.Missing = full.Missing
	}
	if before, same := requests.SameAs(err); same {
		p.ID = string(before)
	}
	if unknown := new(bankfile.NewColumns); errors.As(err, &unknown) {
		p.Columns = &newColumns{unknown.Header, ColumnsView(unknown.Guess)}
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, mistake{Location: part + "." + field.Name, Message: field.Message})
	}
	return p
}

// Renamed calls the wrong fields of an Invalid error as the request does, where a
// room calls them otherwise.
func Renamed(err error, rename func(f fault.Field) string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var wrong fault.Fields
	for _, f := range fault.Of(err).Fields {
		wrong.Add(rename(f), f.Code, f.Message)
	}
	return wrong.Err()
}

func NewProblem(code fault.Code, detail string) *Problem {
	status, known := statuses[code]
	if !known {
		status = http.StatusInternalServerError
	}
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// Refused is the problem of a handler's error; what is our mistake goes to the
// log.
func (a *API) Refused(ctx context.Context, err error, part string) *Problem {
	p := problemOf(err, part)
	if (p.Code == fault.Internal || errors.Is(err, db.ErrAway)) && !errors.Is(err, context.Canceled) {
		a.Log.ErrorContext(ctx, "API operation failed", "error", err)
	}
	return p
}

// Send writes the problem outside huma.
func (p *Problem) Send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Del("Content-Length")
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="smartlinks"`)
	}
	w.WriteHeader(p.Status)
	// The program is gone when this fails, and nothing is left to do.
	_ = json.NewEncoder(w).Encode(p)
}

// Explain turns the errors of huma's own validation into problems of ours.
func Explain(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := NewProblem(codeOf(model.Status), "Something in this request is wrong.")
	p.Status, p.Title = model.Status, http.StatusText(model.Status)
	switch model.Status {
	case http.StatusBadRequest:
		p.Detail = "Send a body that is one JSON object."
	case http.StatusUnsupportedMediaType:
		p.Detail = "Send JSON, with Content-Type: application/json."
	case http.StatusUnprocessableEntity:
		p.Detail = "Some fields are wrong. Change them and send it again."
	}
	for _, e := range model.Errors {
		p.Errors = append(p.Errors, MistakeOf(e))
	}
	return p, nil
}

func codeOf(status int) fault.Code {
	switch status {
	case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return fault.Malformed
	case http.StatusUnprocessableEntity:
		return fault.Invalid
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	}
	return fault.Internal
}

// elsewhere are fields that belong to another request. They are refused and never
// dropped, because who sends them relies on what they do.
var elsewhere = map[string]string{
	"body.deliver": "A link is sent when it is made, or by POST /links/{id}/send.",
	"body.message": "A message goes with a send: POST /links/{id}/send.",
}

// MistakeOf puts a validation error where the field is, also one that is
// missing.
func MistakeOf(e *huma.ErrorDetail) mistake {
	missing, ok := strings.CutPrefix(e.Message, "expected required property ")
	if ok {
		name := strings.TrimSuffix(missing, " to be present")
		return mistake{Location: e.Location + "." + name, Message: "Send " + name + "."}
	}
	if number, field, unread := unreadNumber(e.Message); unread {
		return mistake{Location: e.Location + field, Message: "Send a whole number in plain digits, such as 12, in place of " + number + "."}
	}
	return mistake{Location: e.Location, Message: plain(e)}
}

// unreadNumber reads what encoding/json says of 1e3 and of numbers beyond 64 bits, which the
// schema lets pass as whole. Of the path to the field it names our types too: they are capital.
func unreadNumber(said string) (number, field string, ok bool) {
	rest, ok := strings.CutPrefix(said, "json: cannot unmarshal number ")
	if !ok {
		return "", "", false
	}
	number, rest, _ = strings.Cut(rest, " into Go ")
	if path, in := strings.CutPrefix(rest, "struct field "); in {
		path, _, _ = strings.Cut(path, " ")
		_, path, _ = strings.Cut(path, ".") // the type of the body
		for name := range strings.SplitSeq(path, ".") {
			if name != "" && (name[0] < 'A' || name[0] > 'Z') {
				field += "." + name
			}
		}
	}
	if len(number) > 40 {
		number = "one so long"
	}
	return number, field, true
}

// sentences say what to do about what the validation says, whose end stands for “…”.
var sentences = []struct{ said, say string }{
	{validation.MsgExpectedString, "Send text in quotation marks, such as \"12\"."},
	{validation.MsgExpectedInteger, "Send a whole number without quotation marks, such as 12."},
	{"expected number >= ", "Send a number of at least …."},
	{"expected number <= ", "Send a number of at most …."},
	{validation.MsgExpectedNumber, "Send a number without quotation marks, such as 12."},
	{validation.MsgExpectedBoolean, "Send true or false, without quotation marks."},
	{validation.MsgExpectedObject, "Send an object, such as {\"name\": \"value\"}."},
	{validation.MsgExpectedArrayItemsUnique, "Send each value once."},
	{"expected array length >= ", "Send at least …."},
	{"expected array length <= ", "Send at most …."},
	{validation.MsgExpectedArray, "Send a list in square brackets, such as [\"value\"]."},
	{"expected value to be one of ", "Send one of these: …."},
	{"expected length >= ", "Send at least … characters."},
	{"expected length <= ", "Send at most … characters."},
}

// plain says what a validation error means and what to do.
func plain(e *huma.ErrorDetail) string {
	if sentence, known := elsewhere[e.Location]; known {
		return sentence
	}
	switch {
	case e.Message == "unexpected property" && elsewhere[e.Location] != "":
		return elsewhere[e.Location]
	case e.Message == "unexpected property":
		name := e.Location[strings.LastIndexByte(e.Location, '.')+1:]
		return "There is no field " + strconv.Quote(name) + ". Leave it out."
	case e.Location == "body" && (strings.Contains(e.Message, "JSON") || strings.HasPrefix(e.Message, "invalid character")):
		return "This can't be read as JSON: " + e.Message + "."
	case e.Message == validation.MsgExpectedRFC3339DateTime:
		return "Write a time like 2026-02-18T09:42:00Z (RFC 3339)."
	case e.Message == validation.MsgExpectedRFC3339Date:
		return "Write a day like 2026-02-18 (RFC 3339)."
	case strings.HasPrefix(e.Message, "expected value to match "):
		return "Send a value of the kind that /api/docs shows for this."
	case e.Message == "":
		return "This is wrong."
	}
	for _, known := range sentences {
		bound, found := strings.CutPrefix(e.Message, known.said)
		if found && (bound != "") == strings.Contains(known.say, "…") {
			return strings.ReplaceAll(known.say, "…", plainNumber(strings.Trim(bound, `"`)))
		}
	}
	return strings.ToUpper(e.Message[:1]) + strings.TrimSuffix(e.Message[1:], ".") + "."
}

// plainNumber is a bound as people write it: 1000000, where the validation says 1e+06.
func plainNumber(bound string) string {
	if n, err := strconv.ParseFloat(bound, 64); err == nil {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return bound
}

// Explained answers what no route takes with a problem, where the router would
// send plain text.
func Explained(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refusal := NewAnswer()
		mux.ServeHTTP(refusal, r)
		p := NewProblem(fault.NotFound, "There is nothing at this address. See /api/docs.")
		if refusal.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", refusal.header.Get("Allow"))
			p.Detail = "This address takes other methods: " + refusal.header.Get("Allow") + "."
			p.Code, p.Status, p.Title = fault.Malformed, refusal.status, http.StatusText(refusal.status)
		}
		p.Send(w)
	})
}
