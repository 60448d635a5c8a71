package mollie

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

func TestKeysTellTheirMode(t *testing.T) {
	m := New(nil, "", nil, nil)
	for key, want := range map[string]business.Mode{"test_abc": business.Test, "live_abc": business.Live, "access_abc": "", "sk_test_abc": "", "": ""} {
		if mode, err := m.Mode(key); mode != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", key, mode, err)
		}
	}
	if _, err := m.Mode("access_abc"); !strings.Contains(err.Error(), "organization access token") {
		t.Errorf("an access token is explained as %v", err)
	}
}

// Only Mollie's own word is definite. A busy or broken Mollie, and a proxy that
// answers in its place, decide nothing.
func TestOnlyDefiniteRefusalsAreOnes(t *testing.T) {
	kinds := []error{provider.ErrAccount, provider.ErrUnknown, provider.ErrRefused}
	for status, want := range map[int]error{
		400: provider.ErrRefused, 401: provider.ErrAccount, 403: provider.ErrAccount, 404: provider.ErrUnknown, 409: nil, 410: provider.ErrUnknown,
		422: provider.ErrRefused, 429: nil, 500: nil, 502: nil, 503: nil,
	} {
		own := refusal(status, fmt.Appendf(nil, `{"status": %d, "title": "Title", "detail": "why", "field": "amount"}`, status))
		if !strings.Contains(own.Error(), "why (amount)") {
			t.Errorf("%d does not say why: %v", status, own)
		}
		for _, kind := range kinds {
			if errors.Is(own, kind) != (kind == want) {
				t.Errorf("%d is %v, want %v", status, own, want)
			}
			for _, foreign := range []string{"", "<h1>Forbidden</h1>", `{"status": 200}`, `{"error": "denied"}`, "[]", `{"status": 422}`, `{"status": 401}`} {
				if !strings.Contains(foreign, fmt.Sprint(status)) && errors.Is(refusal(status, []byte(foreign)), kind) {
					t.Errorf("%d with %q is believed to be %v", status, foreign, kind)
				}
			}
		}
	}
}

func TestEveryDocumentedStatusIsKnownAndNoOther(t *testing.T) {
	for said, want := range map[string]provider.RemoteStatus{
		"open": provider.RemoteOpen, "pending": provider.RemotePending, "authorized": provider.RemotePending, "paid": provider.RemotePaid,
		"failed": provider.RemoteFailed, "canceled": provider.RemoteCanceled, "expired": provider.RemoteExpired,
		"": "mollie's ", "PAID": "mollie's PAID", "settled": "mollie's settled",
	} {
		if got := status(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	for _, a := range []money.Amount{{Minor: 4900, Currency: "EUR"}, {Minor: 500, Currency: "JPY"}, {Minor: 1, Currency: "USD"}} {
		if back, err := amountOf(a).money(); back != a || err != nil {
			t.Errorf("%s became %s, %v", a, back, err)
		}
	}
	for _, nothing := range []string{"0.00", "0"} { // "Create payment": 0.00 for a card that is only checked
		if got, err := (amount{"EUR", nothing}).money(); err != nil || got != (money.Amount{Currency: "EUR"}) {
			t.Errorf("%s is %v, %v", nothing, got, err)
		}
	}
	for _, wrong := range []amount{{"EUR", "49.000"}, {"EUR", "49,00"}, {"JPY", "5.00"}, {"XXQ", "1.00"}, {"EUR", ""}, {"", "1.00"}, {"EUR", "1e3"}} {
		if got, err := wrong.money(); err == nil {
			t.Errorf("%+v is read as %s", wrong, got)
		}
	}
}

// Mollie refuses a payment whose webhook it can't reach, so it gets none then.
func TestOnlyReachableAddressesAreWebhooks(t *testing.T) {
	m := New(nil, "", nil, nil)
	for hook, want := range map[string]bool{
		"https://pay.example.com/hooks/mollie/b": true, "http://203.0.113.9/hooks": true, "http://localhost:8080/hooks": false,
		"http://127.0.0.1/hooks": false, "http://10.0.0.5/hooks": false, "http://192.168.1.4/hooks": false, "http://[::1]/hooks": false,
		"http://shop.local/hooks": false, "http://intranet/hooks": false, "http://[fe80::1]/hooks": false, "::": false,
	} {
		if got := m.reachable(hook); got != want {
			t.Errorf("%s: %v", hook, got)
		}
	}
	if !New(nil, "http://127.0.0.1:9", nil, nil).reachable("http://127.0.0.1/hooks") {
		t.Error("a stand-in calls any address")
	}
}

func TestAWebhookIsAnIDAndNothingElse(t *testing.T) {
	m := New(nil, "", nil, nil)
	for body, want := range map[string]string{
		"id=tr_7UhSN1zuXS": "tr_7UhSN1zuXS", "id=tr_1&status=paid": "tr_1", "id=ord_1": "", "id=": "", "": "", "%zz": "",
		`{"id": "tr_1"}`: "", "id=" + "tr_" + strings.Repeat("a", maxID): "",
	} {
		event, err := m.Verify(t.Context(), "biz_1", http.Header{}, []byte(body))
		if event != (provider.Event{Object: want}) || errors.Is(err, provider.ErrForged) != (want == "") {
			t.Errorf("%q: %+v, %v", body, event, err)
		}
	}
}

func TestWordsAreMollies(t *testing.T) {
	for language, want := range map[string]string{"en": "en_US", "nl": "nl_NL", "de": "de_DE", "ar": "", "": "", "xx": ""} {
		if got := locale(language); got != want {
			t.Errorf("%q: %q", language, got)
		}
	}
	for method, want := range map[string]string{"": "", "ideal": "iDEAL", "creditcard": "Card", "eps": "EPS", "trustly": "Trustly"} {
		if got := methodName(method); got != want {
			t.Errorf("%q: %q", method, got)
		}
	}
	if m := New(nil, "", nil, nil); !m.Bounds("KWD").Lacking || !m.Bounds("BGN").Lacking || !m.Bounds("RUB").Lacking || m.Bounds("EUR").Lacking {
		t.Error("the currencies are not Mollie's")
	}
}
