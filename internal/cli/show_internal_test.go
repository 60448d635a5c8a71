package cli

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
)

// A payer's name may hold what moves a terminal's cursor or hides other text.
func TestNamesCannotSteerTheTerminal(t *testing.T) {
	var out bytes.Buffer
	err := table(&out, []string{"NAME", "NOTE"}, [][]string{{"Jo\x1b[2Jnas\u202e\u009b31m", "two\nlines\tand"}})
	if err != nil || strings.ContainsAny(out.String(), "\x1b\u202e\u009b\t") || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// A payment may buy several units: one of 3 tickets is not 1 of 10.
func TestALimitIsOfPaymentsOrOfUnits(t *testing.T) {
	ten := int64(10)
	for want, l := range map[string]limit{"1": {Used: 1, UnitsUsed: 3}, "1 of 10": {Max: &ten, Counts: "payments", Used: 1, UnitsUsed: 3}, "3 of 10 units": {Max: &ten, Counts: "units", Used: 1, UnitsUsed: 3}} {
		if got := l.String(); got != want {
			t.Errorf("%+v is %q", l, got)
		}
	}
}

// Two businesses can have links of one path, and one of them may be deleted by its address.
func TestAnAddressOfAnotherBusinessIsNoLinkOfOurs(t *testing.T) {
	const under, own = "https://pay.example.com/acme/Sale", "https://pay.acme.example/Sale"
	for _, c := range []struct {
		typed, address string
		want           bool
	}{
		{"Sale", under, true}, {"Sale", own, true}, {"acme/Sale", under, true}, {under, under, true}, {own, own, true},
		{"pay.acme.example/Sale", own, true}, {"pay.acme.example/Sale", "http://pay.acme.example:8080/Sale", true}, {"pay.other.example/Sale", own, false},
		{under + "/", under, true}, {"HTTPS://Pay.example.com/acme/Sale", under, true}, {"http://127.0.0.1:8080/acme/Sale", under, true}, {under, own, true},
		{"other/Sale", under, false}, {"https://pay.example.com/other/Sale", under, false}, {"https://pay.other.example/Sale", own, false},
	} {
		if got := leadsTo(c.typed, c.address); got != c.want {
			t.Errorf("%s can be %s: %v", c.typed, c.address, got)
		}
	}
}

// Paths are told apart by their capitals, and lists go on behind their first page.
func TestALinkIsFoundByItsPathAsItIsWritten(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/v1/links/"):
			fmt.Fprintf(w, `{"id": %q}`, path.Base(r.URL.Path))
		case r.URL.Query().Get("cursor") == "":
			fmt.Fprint(w, `{"data": [{"id": "lnk_1", "path": "sale", "url": "https://pay.example.com/acme/sale"}], "next_cursor": "more"}`)
		default:
			fmt.Fprint(w, `{"data": [{"id": "lnk_2", "path": "Sale", "url": "https://pay.example.com/acme/Sale"}], "next_cursor": null}`)
		}
	}))
	defer api.Close()
	at, err := server{URL: api.URL, Token: "sl_x"}.client(Streams{Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{"sale": "lnk_1", "Sale": "lnk_2", "SALE": "lnk_1", api.URL + "/acme/Sale?via=qr#form": "lnk_2"} {
		if l, _, err := at.find(t.Context(), typed); err != nil || l.ID != want {
			t.Errorf("%s is %s, %v", typed, l.ID, err)
		}
	}
}

// A search finds a payment by a part of a number, by its amount or its payer; money goes back
// for a whole name alone.
func TestAPaymentIsFoundByItsWholeNameAlone(t *testing.T) {
	const ana = `{"id": "pay_1", "code": "P-2345-6789", "receipt": "2026-00012", "customer": {"name": "Ana"}}`
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/payments" {
			fmt.Fprintf(w, `{"data": [{"id": "pay_2", "code": "P-9999-9999", "receipt": "TEST-2026-00012"}, {"id": "pay_3", "receipt": null}, %s]}`, ana)
			return
		}
		fmt.Fprintf(w, `{"id": %q}`, path.Base(r.URL.Path))
	}))
	defer api.Close()
	at, err := server{URL: api.URL, Token: "sl_x"}.client(Streams{Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{"pay_1": "pay_1", "p-2345-6789": "pay_1", "2026-00012": "pay_1", " TEST-2026-00012 ": "pay_2", "Ana": "", "00012": "", "2345": ""} {
		p, _, err := at.payment(t.Context(), typed)
		if p.ID != want || (err != nil) != (want == "") {
			t.Errorf("%q is %q, %v", typed, p.ID, err)
		}
	}
}

// What a bank took is neither kept nor refunded, and money that a member wrote down may be
// nobody's.
func TestAPaymentShowsWhatADisputeTook(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"id": "pay_1", "title": "Tour", "amount": {"value": "20.00", "currency": "EUR"}, "refunded": {"value": "0.00", "currency": "EUR"},
			"lost": {"value": "20.00", "currency": "EUR"}, "net": {"value": "0.00", "currency": "EUR"}, "dispute": "lost", "paid_at": "2026-12-02T08:42:00Z", "customer": {"name": "", "email": ""}}`)
	}))
	defer api.Close()
	var out bytes.Buffer
	if err := (paymentCommand{server: server{URL: api.URL, Token: "sl_x"}, Payment: "pay_1"}).Run(t.Context(), Streams{Out: &out, Random: rand.Reader}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, "Dispute lost Refunded 0.00 EUR Lost 20.00 EUR Kept 0.00 EUR") || strings.Contains(got, "Payer") {
		t.Error(out.String())
	}
}
