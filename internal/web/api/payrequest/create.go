package payrequest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payrequest"
	"smartlinks/internal/web/api/frame"
)

// createPath is PayRequest's older call.
const createPath = "/create"

// RootRoutes are the addresses at the root of the site where PayRequest's programs
// expect the API.
func RootRoutes() []string {
	return []string{"POST /create", "/v1" + requestsPath}
}

// Mount adds the addresses beside the API's own at which PayRequest's programs expect
// it. inside is the API.
func Mount(api *frame.API, mux *http.ServeMux, inside http.Handler) {
	call := handlers{api}.fromForm(inside)
	for _, path := range []string{frame.Prefix + createPath, "/api/create/{$}", "/api/create", "/create"} {
		mux.Handle("POST "+path, call)
	}
	mux.Handle("/v1"+requestsPath, under("/api", inside))
}

// calls is the operation of PayRequest's older API.
func (a handlers) calls() {
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodPost, Path: createPath, ID: "create", Summary: "Create a one-time link by PayRequest's older call",
		About: "Also at /create and /api/create/ of the site, as JSON or as a form, with the token in the body. The same token, type, title, amount, currency and e-mail get the same link while it can be paid, and then the page of its payment.",
		Scope: account.LinksWrite, Status: http.StatusOK}), a.callForLink)
}

// callBody is a call of the older API. All of it is text; fromForm sees to that.
type callBody struct {
	Token       string `json:"token,omitempty" doc:"An API token, when there is no Authorization header."`
	Type        string `json:"type,omitempty" example:"paymentlink" doc:"paymentlink, direct or link."`
	ID          string `json:"id,omitempty" doc:"The link's reference; the title when left out."`
	Title       string `json:"title" example:"1042" doc:"What you know it by, such as an invoice's number."`
	Amount      typed  `json:"amount" doc:"12.25 or 12,25."`
	Currency    string `json:"currency,omitempty" doc:"ISO 4217; the business's own when left out."`
	Name        string `json:"name,omitempty" doc:"Of who is to pay."`
	Email       string `json:"email,omitempty" doc:"Of who is to pay: they become a customer."`
	Description string `json:"description,omitempty" doc:"Payers read it on the page; what is beyond 500 characters is cut."`
	Response    string `json:"response,omitempty" doc:"Where the payer goes after payment."`
	Callback    string `json:"callback,omitempty" doc:"Is posted status=PAID, title, link and amount as a form, once for a payment, and again for three days until it answers 2xx."`
	TestMode    string `json:"testmode,omitempty" doc:"true is refused by a business that takes real money."`
}

// callFields are those that are read. Others, which some programs send, change nothing.
var callFields = []string{"token", "type", "id", "title", "amount", "currency", "name", "email", "description", "response", "callback", "testmode"}

type calledView struct {
	Status string `json:"status" enum:"success"`
	URL    string `json:"url" doc:"Send the payer there."`
}

type calledLink struct {
	Location string `header:"Location"`
	Body     calledView
}

func (a handlers) callForLink(ctx context.Context, b business.Business, in *struct{ Body callBody }) (*calledLink, error) {
	address, id, err := a.Calls.Create(ctx, b, payrequest.Call{
		Token: frame.CallerOf(ctx).ID, Type: in.Body.Type, Title: in.Body.Title, Amount: string(in.Body.Amount), Currency: in.Body.Currency,
		Name: in.Body.Name, Email: in.Body.Email, Description: in.Body.Description, Reference: in.Body.ID, Response: in.Body.Response, Callback: in.Body.Callback,
		TestMode: in.Body.TestMode,
	})
	if err != nil {
		return nil, err
	}
	return &calledLink{Location: frame.Prefix + "/links/" + string(id), Body: calledView{"success", address}}, nil
}

// under leads to the same path below another.
func under(root string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = root+r.URL.Path, ""
		next.ServeHTTP(w, r)
	})
}

// fromForm makes a call, form or JSON, one of the API: the token of its body goes into
// the header, and the rest is JSON. Its errors are always in PayRequest's shape.
func (a handlers) fromForm(next http.Handler) http.Handler {
	return itsErrors(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := readCall(w, r)
		if err != nil {
			a.Refused(r.Context(), err, "body").Send(w)
			return
		}
		r = r.Clone(r.Context())
		if token := sent["token"]; token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		delete(sent, "token")
		body, err := json.Marshal(sent)
		if err != nil {
			a.Refused(r.Context(), err, "body").Send(w)
			return
		}
		r.URL.Path, r.URL.RawPath = frame.Prefix+createPath, ""
		r.Header.Set("Content-Type", "application/json")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		next.ServeHTTP(w, r)
	}))
}

// readCall are the fields of a call, as texts. JSON is told by its first letter,
// because libcurl says of every text that it is a form.
func readCall(w http.ResponseWriter, r *http.Request) (map[string]string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, frame.MaxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, fault.New(fault.TooLarge, "Send at most 1 MiB.")
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, "The body ended too early. Send it again.")
	}
	if kind, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		return readParts(body, parameters["boundary"])
	}
	if text := bytes.TrimSpace(body); len(text) > 0 && text[0] == '{' {
		return readObject(text)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fault.New(fault.Malformed, "Send the fields as a form, or as one JSON object.")
	}
	sent := map[string]string{}
	for name, values := range form {
		if slices.Contains(callFields, name) {
			sent[name] = values[len(values)-1]
		}
	}
	return sent, nil
}

// readObject reads a JSON object, whose values may be numbers or booleans too.
func readObject(text []byte) (map[string]string, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fault.New(fault.Malformed, "Send a body that is one JSON object, or a form.")
	}
	var wrong fault.Fields
	sent := map[string]string{}
	for _, name := range callFields {
		switch value := strings.TrimSpace(string(object[name])); {
		case value == "" || value == "null":
		case value[0] == '"':
			var s string
			if err := json.Unmarshal(object[name], &s); err != nil {
				return nil, err
			}
			sent[name] = s
		case value[0] == '{' || value[0] == '[':
			wrong.Add(name, "", "Send a text.")
		default:
			sent[name] = value
		}
	}
	return sent, wrong.Err()
}
