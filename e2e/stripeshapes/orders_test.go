package stripeshapes_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/ordertest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/stripe"
)

// Whatever a payment is made of, Stripe is asked for line items that its specification
// allows, and that sum up to the amount.
func TestLineItemsOfEveryOrderSumUpToItsAmount(t *testing.T) {
	t.Parallel()
	stripeAPI := newInspector(t)
	var asked url.Values
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if asked, err = url.ParseQuery(string(body)); err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		stripeAPI.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	ring := keyring.New(d, businesstest.Sealer(t), businesstest.New(t, d), addresstest.Book(), true)
	s := stripe.New(ring, front.URL, d.Clock(), nil)
	ring.Open(map[string]keyring.Gate{stripe.Name: s})
	if _, err := ring.Connect(t.Context(), b.ID, stripe.Name, keyring.Connection{Key: "sk_test_123"}); err != nil {
		t.Fatal(err)
	}
	orders := 0
	free := ordertest.Each(t, provider.Account{Business: b.ID, Mode: business.Test}, d.Clock().Now(), func(t *testing.T, c ordertest.Case) {
		orders++
		if _, err := s.Start(t.Context(), c.Order); err != nil {
			t.Fatalf("%s: %v, %v", c.Name, err, stripeAPI.wrong)
		}
		sum, lines, number := int64(0), 0, func(name string) int64 {
			n, err := strconv.ParseInt(asked.Get(name), 10, 64)
			if err != nil {
				t.Errorf("%s: %s is %q", c.Name, name, asked.Get(name))
			}
			return n
		}
		for ; asked.Has("line_items[" + strconv.Itoa(lines) + "][quantity]"); lines++ {
			at := "line_items[" + strconv.Itoa(lines) + "]"
			sum += number(at+"[quantity]") * number(at+"[price_data][unit_amount]")
		}
		if sum != c.Parts.Total() {
			t.Errorf("%s: lines of %d: %v", c.Name, sum, asked)
		}
		want := 1 // the goods; tip and fee have lines of their own, also with a discount
		for _, part := range []int64{c.Parts.Tip, c.Parts.Fee} {
			if part > 0 {
				want++
			}
		}
		if lines != want && c.Parts.Currency != "KWD" { // whose single lines Stripe may not charge
			t.Errorf("%s: %d lines, want %d: %v", c.Name, lines, want, asked)
		}
		if c.Parts.Discount > 0 && lines == want {
			if name := asked.Get("line_items[0][price_data][product_data][name]"); !strings.HasSuffix(name, "Workshop, "+c.Parts.Code) || number("line_items[0][quantity]") != 1 {
				t.Errorf("%s: %q", c.Name, name)
			}
		}
		pairs := 0
		for name, values := range asked {
			if key, is := strings.CutPrefix(name, "metadata["); is {
				pairs++
				if len([]rune(key)) > 41 || len([]rune(values[0])) > 500 {
					t.Errorf("%s: metadata %s", c.Name, name)
				}
			}
		}
		if pairs != 50 || asked.Get("metadata[attempt]") != string(c.Order.AttemptID) || asked.Get("metadata[event]") != "c26" {
			t.Errorf("%s: %d pairs of metadata", c.Name, pairs)
		}
	})
	if orders < 150 || free == 0 {
		t.Errorf("%d orders, %d of nothing", orders, free)
	}
}
