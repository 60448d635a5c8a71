package mollie_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/spectest"
)

// replay is a Mollie that answers with what its document shows.
type replay struct {
	*mollie.Mollie
	at      provider.Account
	answers map[string]reply // by method and path; others get 404
	asked   []string         // bodies of POSTs
}

type reply struct {
	status int
	body   []byte
}

func newReplay(t *testing.T) *replay {
	t.Helper()
	r := &replay{answers: map[string]reply{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if body, err := io.ReadAll(request.Body); err == nil && request.Method == http.MethodPost {
			r.asked = append(r.asked, string(body))
		}
		reported, known := r.answers[request.Method+" "+request.URL.Path]
		if !known {
			reported.status = http.StatusNotFound
		}
		w.Header().Set("Content-Type", "application/hal+json")
		w.WriteHeader(reported.status)
		_, _ = w.Write(reported.body)
	}))
	t.Cleanup(server.Close)
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	ring := keyring.New(d, businesstest.Sealer(t), businesstest.New(t, d), addresstest.Book(), false)
	r.Mollie = mollie.New(ring, server.URL, d.Clock(), nil)
	ring.Open(map[string]keyring.Gate{mollie.Name: r.Mollie})
	r.at = provider.Account{Business: b.ID, Mode: business.Live}
	for name, example := range r.examples(t, "get", "/v2/profiles/me", 200) {
		r.answers["GET /v2/profiles/me"] = reply{200, example}
		if a, err := ring.Connect(t.Context(), b.ID, mollie.Name, keyring.Connection{Key: "live_1"}); err != nil || !strings.HasPrefix(a.Account, "pfl_") || a.Label == "" {
			t.Fatalf("%s: %+v, %v", name, a, err)
		}
	}
	return r
}

func (r *replay) examples(t *testing.T, method, path string, status int) map[string]json.RawMessage {
	t.Helper()
	found := spectest.Examples(t, spectest.Mollie, method, path, status)
	if found == nil {
		t.Skip(spectest.Folder + " is not set")
	}
	return found
}

// reported is what every payment's example says, read without our client.
type reported struct {
	ID, Mode, Status, Method, Description string
	Amount                                struct{ Currency, Value string }
	PaidAt                                string
}

// meant is what each status is to us ("Handling payment status").
var meant = map[string]provider.RemoteStatus{
	"open": provider.RemoteOpen, "pending": provider.RemotePending, "authorized": provider.RemotePending, "paid": provider.RemotePaid,
	"canceled": provider.RemoteCanceled, "expired": provider.RemoteExpired, "failed": provider.RemoteFailed,
}

func (want reported) check(t *testing.T, name string, got provider.Remote) {
	t.Helper()
	if got.Ref != want.ID || got.Status != meant[want.Status] || got.Status == "" || string(got.Mode) != want.Mode || got.AttemptID != "" ||
		got.Amount.Decimal() != want.Amount.Value || string(got.Amount.Currency) != want.Amount.Currency || (got.Method == "") != (want.Method == "") ||
		got.PaidAt.IsZero() != (want.PaidAt == "") {
		t.Errorf("%s: %+v is read as %+v", name, want, got)
	}
}

// Every payment that Mollie's document shows is read, and comes to its state.
func TestThePaymentsOfTheDocumentAreRead(t *testing.T) {
	r := newReplay(t)
	for _, shown := range []struct {
		method, path string
		status       int
	}{{"get", "/v2/payments/{paymentId}", 200}, {"post", "/v2/payments", 201}, {"delete", "/v2/payments/{paymentId}", 200}} {
		for name, example := range r.examples(t, shown.method, shown.path, shown.status) {
			var want reported
			if err := json.Unmarshal(example, &want); err != nil {
				t.Fatal(err)
			}
			r.answers["GET /v2/payments/"+want.ID] = reply{200, example}
			got, err := r.Fetch(t.Context(), r.at, want.ID)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			want.check(t, name, got)
		}
	}
}

func TestTheListsOfTheDocumentAreRead(t *testing.T) {
	r := newReplay(t)
	for name, example := range r.examples(t, "get", "/v2/payments", 200) {
		var page struct {
			Embedded struct{ Payments []reported } `json:"_embedded"`
			Links    map[string]any                `json:"_links"`
		}
		if err := json.Unmarshal(example, &page); err != nil {
			t.Fatal(err)
		}
		r.answers["GET /v2/payments"] = reply{200, example}
		n, enough := 0, errors.New("enough")
		err := r.List(t.Context(), r.at, time.Time{}, func(got provider.Listed) error {
			if n == len(page.Embedded.Payments) {
				return enough // the next page is the same one
			}
			page.Embedded.Payments[n].check(t, name, got.Remote)
			n++
			return nil
		})
		if n != len(page.Embedded.Payments) || err != nil && !errors.Is(err, enough) {
			t.Errorf("%s: %d of %d were read, %v", name, n, len(page.Embedded.Payments), err)
		}
	}
}

func TestTheRefundsAndChargebacksOfTheDocumentAreRead(t *testing.T) {
	r := newReplay(t)
	states := map[string]provider.RefundState{
		"queued": provider.RefundUnderway, "pending": provider.RefundUnderway, "processing": provider.RefundUnderway,
		"refunded": provider.RefundDone, "failed": provider.RefundRejected, "canceled": provider.RefundRejected,
	}
	for name, list := range r.examples(t, "get", "/v2/payments/{paymentId}/refunds", 200) {
		for made, example := range r.examples(t, "post", "/v2/payments/{paymentId}/refunds", 201) {
			var want reported
			if err := json.Unmarshal(example, &want); err != nil {
				t.Fatal(err)
			}
			r.answers["GET /v2/payments/tr_1/refunds"], r.answers["POST /v2/payments/tr_1/refunds"] = reply{200, list}, reply{201, example}
			got, err := r.Refund(t.Context(), r.at, "tr_1", provider.RefundOrder{Key: "rfd_1", Amount: money.Amount{Minor: 595, Currency: "EUR"}, Description: "2026-00001"})
			if err != nil || got.Ref != want.ID || got.State != states[want.Status] || got.Amount.Decimal() != want.Amount.Value || got.Key != "" {
				t.Errorf("%s, %s: %+v, %v", name, made, got, err)
			}
		}
	}
	for name, example := range r.examples(t, "get", "/v2/payments/{paymentId}/chargebacks", 200) {
		var want struct {
			Embedded struct {
				Chargebacks []struct {
					reported
					ReversedAt *string
				}
			} `json:"_embedded"`
		}
		if err := json.Unmarshal(example, &want); err != nil {
			t.Fatal(err)
		}
		r.answers["GET /v2/payments/tr_1"] = reply{200, example} // embedded in a payment they are the same
		moved, err := r.Movements(t.Context(), r.at, "tr_1")
		if err != nil || len(moved.Disputes) != len(want.Embedded.Chargebacks) || len(moved.Disputes) == 0 {
			t.Fatalf("%s: %+v, %v", name, moved, err)
		}
		for i, c := range want.Embedded.Chargebacks {
			if got := moved.Disputes[i]; got.Ref != c.ID || got.Amount.Decimal() != c.Amount.Value || (got.State == provider.DisputeWon) != (c.ReversedAt != nil) {
				t.Errorf("%s: %+v is read as %+v", name, c, got)
			}
		}
	}
}

// What the document says is wrong with a request is definite only where it is.
func TestTheErrorsOfTheDocumentAreRead(t *testing.T) {
	r := newReplay(t)
	for _, c := range []struct {
		method, path string
		status       int
		want         error
	}{
		{"post", "/v2/payments", 422, provider.ErrRefused}, {"post", "/v2/payments", 429, nil}, {"post", "/v2/payments", 503, nil},
		{"get", "/v2/payments/{paymentId}", 404, provider.ErrUnknown}, {"get", "/v2/payments/{paymentId}", 429, nil},
		{"post", "/v2/payments/{paymentId}/refunds", 409, nil}, {"post", "/v2/payments/{paymentId}/refunds", 422, provider.ErrRefused},
		{"delete", "/v2/payments/{paymentId}", 422, provider.ErrRefused}, {"get", "/v2/methods", 400, provider.ErrRefused},
	} {
		for _, example := range r.examples(t, c.method, c.path, c.status) {
			r.answers["GET /v2/payments/tr_1"] = reply{c.status, example}
			_, err := r.Fetch(t.Context(), r.at, "tr_1")
			for _, kind := range []error{provider.ErrRefused, provider.ErrUnknown, provider.ErrAccount} {
				if err == nil || errors.Is(err, kind) != (kind == c.want) {
					t.Errorf("%d to %s %s is %v, want %v", c.status, c.method, c.path, err, c.want)
				}
			}
		}
	}
}

// Whatever methods an account has, those that are named for a payment that must
// confirm at once are ones that a payment may name.
func TestTheMethodsOfTheDocumentAreNamedOnlyWhereTheyConfirmAtOnce(t *testing.T) {
	r := newReplay(t)
	for name, example := range r.examples(t, "get", "/v2/methods", 200) {
		r.answers["GET /v2/methods"] = reply{200, example}
		now := time.Now()
		_, _ = r.Start(t.Context(), provider.Order{
			AttemptID: "pay_1", Account: r.at, Amount: money.Amount{Minor: 1000, Currency: "EUR"}, Description: "Workshop", InstantOnly: true,
			ReturnURL: "https://pay.example/pay/pay_1", WebhookURL: "https://pay.example/hooks/mollie/b", CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}) // no answer: what was asked counts
		var asked struct{ Method []string }
		if err := json.Unmarshal([]byte(r.asked[len(r.asked)-1]), &asked); err != nil || len(asked.Method) == 0 || slices.Contains(asked.Method, "banktransfer") {
			t.Errorf("%s: asked for %q, %v", name, asked.Method, err)
		}
	}
}

// Each method that Mollie has was looked at: a new one fails here until somebody did.
func TestEveryMethodOfTheDocumentIsPlaced(t *testing.T) {
	for _, list := range []string{"method", "method-id"} {
		methods := spectest.Values(t, spectest.Mollie, "/components/schemas/"+url.PathEscape(list))
		for _, method := range methods {
			if mollie.Placed(method) != 1 {
				t.Errorf("%s is in %d of the lists", method, mollie.Placed(method))
			}
		}
	}
}

// A link's ways to pay are named as the document has them, and none that needs more than we
// send.
func TestWaysToPayAreNamedAsTheDocumentHasThem(t *testing.T) {
	known := spectest.Values(t, spectest.Mollie, "/components/schemas/method")
	for way, name := range mollie.WayNames() {
		if !slices.Contains(known, name) || mollie.Needy(name) || provider.WayName(way) == "" {
			t.Errorf("%s is %s", way, name)
		}
	}
	r := newReplay(t)
	for name, example := range r.examples(t, "get", "/v2/methods", 200) {
		r.answers["GET /v2/methods"] = reply{200, example}
		now := time.Now()
		o := provider.Order{
			AttemptID: "pay_1", Account: r.at, Amount: money.Amount{Minor: 1000, Currency: "EUR"}, Description: "Workshop", Methods: []string{"card", "trustly", "klarna"},
			ReturnURL: "https://pay.example/pay/pay_1", WebhookURL: "https://pay.example/hooks/mollie/b", CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}
		for instant, want := range map[bool][]string{false: {"creditcard", "trustly"}, true: {"creditcard"}} {
			o.InstantOnly = instant
			_, _ = r.Start(t.Context(), o) // no answer: what was asked counts
			var asked struct{ Method []string }
			if err := json.Unmarshal([]byte(r.asked[len(r.asked)-1]), &asked); err != nil || instant && asked.Method == nil {
				continue // the example has no card
			}
			if !slices.Equal(asked.Method, want) {
				t.Errorf("%s, instant %v: asked for %q", name, instant, asked.Method)
			}
		}
	}
	o := provider.Order{AttemptID: "pay_2", Account: r.at, Amount: money.Amount{Minor: 1000, Currency: "EUR"}, Description: "Workshop", Methods: []string{"klarna"}, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}
	if _, err := r.Start(t.Context(), o); !errors.Is(err, provider.ErrRefused) {
		t.Errorf("none is ours: %v", err)
	}
}
