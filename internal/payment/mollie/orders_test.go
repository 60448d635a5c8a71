package mollie_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/mollie/mollietest"
	"smartlinks/internal/payment/ordertest"
	"smartlinks/internal/payment/provider"
)

// Whatever a payment is made of, Mollie is asked for lines that its document allows, and
// that sum up to the amount. The stand-in holds each request to the document.
func TestLinesOfEveryOrderSumUpToItsAmount(t *testing.T) {
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	api := mollietest.New(t, d.Clock().Wall)
	api.Account("live_1", "pfl_1", "Acme")
	var asked []byte
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if asked = body; r.Method != http.MethodPost {
			asked = nil
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		api.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	ring := keyring.New(d, businesstest.Sealer(t), businesstest.New(t, d), addresstest.Book(), false)
	m := mollie.New(ring, front.URL, d.Clock(), nil)
	ring.Open(map[string]keyring.Gate{mollie.Name: m})
	if _, err := ring.Connect(t.Context(), b.ID, mollie.Name, keyring.Connection{Key: "live_1"}); err != nil {
		t.Fatal(err)
	}
	type value struct {
		Currency money.Currency
		Value    string
	}
	minor := func(v value) int64 {
		if strings.Trim(v.Value, "0.") == "" {
			return 0
		}
		a, err := money.Parse(v.Value, v.Currency)
		if err != nil {
			t.Fatal(err)
		}
		return a.Minor
	}
	orders := 0
	free := ordertest.Each(t, provider.Account{Business: b.ID, Mode: business.Live}, d.Clock().Now(), func(t *testing.T, c ordertest.Case) {
		orders++
		if _, err := m.Start(t.Context(), c.Order); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		var reported struct {
			Amount   value
			Metadata map[string]string
			Lines    []struct {
				Description            string
				Quantity               int64
				UnitPrice, TotalAmount value
				DiscountAmount         *value
			}
		}
		if err := json.Unmarshal(asked, &reported); err != nil {
			t.Fatalf("%s: %v in %s", c.Name, err, asked)
		}
		sum := int64(0)
		for _, l := range reported.Lines {
			line := minor(l.UnitPrice) * l.Quantity
			if l.DiscountAmount != nil {
				line -= minor(*l.DiscountAmount)
			}
			if line != minor(l.TotalAmount) {
				t.Errorf("%s: a line of %d says %s: %s", c.Name, line, l.TotalAmount.Value, asked)
			}
			sum += line
		}
		if minor(reported.Amount) != c.Parts.Total() || sum != c.Parts.Total() && len(reported.Lines) > 0 {
			t.Errorf("%s: lines of %d, and %s is asked: %s", c.Name, sum, reported.Amount.Value, asked)
		}
		if len(reported.Lines) > 0 && reported.Lines[0].Quantity != c.Parts.Quantity { // Mollie has a discount of its own
			t.Errorf("%s: the number is lost: %s", c.Name, asked)
		}
		kept, _ := json.Marshal(reported.Metadata)
		if len(kept) > 1024 || reported.Metadata["attempt"] != string(c.Order.AttemptID) || reported.Metadata["event"] != "c26" {
			t.Errorf("%s: metadata of %d bytes: %s", c.Name, len(kept), kept)
		}
	})
	if orders < 150 || free == 0 || strings.Contains(string(asked), "null") {
		t.Errorf("%d orders, %d of nothing", orders, free)
	}
}
