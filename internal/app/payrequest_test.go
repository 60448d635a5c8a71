package app

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"smartlinks/internal/payment/sandbox"
)

// granted is the loop that PayRequest documents: who is found is let in.
func (m *merchant) granted(description string) bool {
	m.t.Helper()
	var r struct {
		Success bool
		Data    []struct {
			ID, Status, Description, Currency string
			Amount                            float64
		}
	}
	m.ask(200, "GET", "/api/v1/payments?status=paid&description="+url.QueryEscape(description), nil, &r)
	if !r.Success {
		m.t.Error("no success")
	}
	return len(r.Data) > 0
}

func TestTheLoopOfPayRequestLetsNobodyInWhoHasNotPaid(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		var on struct{ PayRequest bool }
		if m.ask(200, "PATCH", "/api/v1/business", map[string]any{"payrequest": true}, &on); !on.PayRequest {
			t.Fatal("the switch stays off")
		}
		var made struct {
			Success bool
			Data    struct{ ID, URL string }
		}
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "Course 7", "amount": "49.00", "currency": "EUR"}, &made)
		for _, outcome := range []sandbox.Outcome{sandbox.Failed, sandbox.Canceled, sandbox.Expired, sandbox.Pending} {
			if m.pays(made.Data.URL, outcome); m.granted("course 7") {
				t.Errorf("let in after %s", outcome)
			}
		}
		if m.pays(made.Data.URL, sandbox.Paid); !m.granted("COURSE 7") || m.granted("Course 8") {
			t.Error("who paid is not let in, or somebody else is")
		}
		m.ask(422, "GET", "/api/v1/payments?status=succeeded&description=Course", nil, nil)
	})
}

func TestPaymentRequestsAreMadeAtTheRoot(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		type request struct {
			ID, URL, Status, Currency string
			Amount                    float64
			Customer                  struct{ ID, Email string }
			CreatedAt                 time.Time  `json:"created_at"`
			ExpiresAt                 *time.Time `json:"expires_at"`
			DueDate                   string     `json:"due_date"`
		}
		var made request
		m.ask(201, "POST", "/v1/payment-requests", map[string]any{
			"customer": map[string]any{"name": "Bea", "email": "bea@example.com"}, "amount": 120.5, "currency": "EUR", "description": "Invoice 7", "due_date": "2026-12-31", "delivery": []string{"email"},
			"reminders": map[string]any{"enabled": true, "cadence": "weekly", "max": 3},
		}, &made)
		if made.Status != "open" || made.Amount != 120.5 || made.Customer.Email != "bea@example.com" || made.Customer.ID == "" || made.DueDate != "2026-12-31" || made.CreatedAt.IsZero() {
			t.Errorf("made: %+v", made)
		}
		var l struct {
			Limit      struct{ Kind string }
			DueOn      string `json:"due_on"`
			Deliveries []struct{ Channel, Address string }
			Reminders  struct {
				Frequency string
				Max       int
			}
		}
		m.ask(200, "GET", "/api/v1/links/"+made.ID, nil, &l)
		if l.Limit.Kind != "once" || l.DueOn != "2026-12-31" || len(l.Deliveries) != 1 || l.Deliveries[0].Address != "bea@example.com" || l.Reminders.Frequency != "weekly" || l.Reminders.Max != 3 {
			t.Errorf("its link: %+v", l)
		}
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "No request", "amount": 1}, nil)
		var list struct {
			Data  []request
			Total int
		}
		m.ask(422, "GET", "/api/v1/payment-links?description=%20", nil, nil)
		m.pays(made.URL, sandbox.Paid)
		for _, path := range []string{"/v1/payment-requests", "/api/v1/payment-requests?per_page=5&page=1"} {
			if m.ask(200, "GET", path, nil, &list); len(list.Data) != 1 || list.Total != 1 || list.Data[0].ID != made.ID || list.Data[0].Status != "paid" {
				t.Errorf("%s: %+v", path, list)
			}
		}
		for _, wrong := range []map[string]any{
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "bea"}}, {"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "due_date": "soon"},
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "delivery": []string{"fax"}},
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "reminders": map[string]any{"cadence": "hourly"}},
			{"amount": 1, "description": "x"},
		} {
			m.ask(422, "POST", "/v1/payment-requests", wrong, nil)
		}
	})
}

func TestEndpointsAreToldAsPayRequestDid(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		var made struct{ ID, Secret, Format string }
		m.ask(422, "POST", "/api/v1/webhook-endpoints", map[string]any{"url": m.shop, "format": "xml"}, nil)
		m.ask(201, "POST", "/api/v1/webhook-endpoints", map[string]any{"url": m.shop + "/hook", "events": []string{"payment.succeeded"}, "format": "payrequest"}, &made)
		var l struct{ Data struct{ ID, URL string } }
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "Course", "amount": 12.5}, &l)
		m.pays(l.Data.URL, sandbox.Paid)
		h := m.hears()
		mac := hmac.New(sha256.New, []byte(made.Secret))
		mac.Write(h.body)
		if got := h.header.Get("X-PayRequest-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) || h.header.Get("Content-Type") != "application/json" {
			t.Errorf("signed %q", got)
		}
		var e struct {
			Event     string    `json:"event"`
			Timestamp time.Time `json:"timestamp"`
			Data      struct {
				ID          string      `json:"id"`
				Amount      json.Number `json:"amount"`
				Currency    string      `json:"currency"`
				Description string      `json:"description"`
				LinkID      string      `json:"payment_link_id"`
				Method      *string     `json:"payment_method"`
				Reference   *string     `json:"reference"`
				PaidAt      time.Time   `json:"paid_at"`
				Customer    struct {
					ID    string `json:"id"`
					Name  string `json:"name"`
					Email string `json:"email"`
				} `json:"customer"`
			} `json:"data"`
		}
		d := json.NewDecoder(bytes.NewReader(h.body))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil || e.Event != "payment.succeeded" || e.Data.Amount.String() != "12.50" || !bytes.Contains(h.body, []byte(`"amount":12.50`)) || e.Data.LinkID != l.Data.ID ||
			e.Data.Customer.Email != "ann@example.com" || e.Data.Description != "Course" || e.Data.PaidAt.IsZero() || e.Timestamp.IsZero() {
			t.Errorf("%v in %s", err, h.body)
		}
		if m.ask(200, "PATCH", "/api/v1/webhook-endpoints/"+made.ID, map[string]any{"format": "standard"}, &made); made.Format != "standard" {
			t.Errorf("changed: %+v", made)
		}
		m.pays(l.Data.URL, sandbox.Paid)
		if h := m.hears(); h.header.Get("X-PayRequest-Signature") != "" || h.header.Get("Webhook-Signature") == "" {
			t.Errorf("in the standard format: %v", h.header)
		}
	})
}
