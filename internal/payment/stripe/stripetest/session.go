package stripetest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// totalOf is what the line items cost together.
func totalOf(form url.Values) (total int64, err error) {
	for i := 0; form.Has(fmt.Sprintf("line_items[%d][quantity]", i)); i++ {
		item := fmt.Sprintf("line_items[%d]", i)
		unit, err := strconv.ParseInt(form.Get(item+"[price_data][unit_amount]"), 10, 64)
		if err != nil {
			return 0, err
		}
		n, err := strconv.ParseInt(form.Get(item+"[quantity]"), 10, 64)
		if err != nil {
			return 0, err
		}
		total += unit * n
	}
	return total, nil
}

// makeSession follows "Create a Checkout Session", for the mode payment.
func (s *Server) makeSession(a *account, form url.Values) (map[string]any, *problem) {
	amount, err := totalOf(form)
	currency := form.Get("line_items[0][price_data][currency]")
	expires, expiresErr := strconv.ParseInt(form.Get("expires_at"), 10, 64)
	at := time.Unix(expires, 0)
	switch {
	case form.Get("mode") != "payment":
		return nil, invalid("Invalid mode")
	case err != nil || amount <= 0 || amount > 999_999_999_999:
		return nil, invalid("Invalid positive integer")
	case len(currency) != 3 || strings.ToLower(currency) != currency:
		return nil, invalid("Invalid currency: " + currency)
	case form.Get("line_items[0][price_data][product_data][name]") == "":
		return nil, invalid("Missing required param: line_items")
	case !absolute(form.Get("success_url")) || !absolute(form.Get("cancel_url")):
		return nil, invalid("Not a valid URL")
	case expiresErr != nil || at.Before(s.Now().Add(30*time.Minute)) || at.After(s.Now().Add(24*time.Hour)):
		return nil, invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
	}
	mode := "test_"
	if a.Live {
		mode = "live_"
	}
	made := &session{
		account: a, ID: s.id("cs_" + mode), Intent: s.id("pi_"), Reference: form.Get("client_reference_id"),
		Title: form.Get("line_items[0][price_data][product_data][name]"), Currency: currency, Amount: amount,
		SuccessURL: form.Get("success_url"), CancelURL: form.Get("cancel_url"), Email: form.Get("customer_email"), Locale: form.Get("locale"),
		Status: "open", IntentStatus: "requires_payment_method", Metadata: metadata(form, "metadata"), Created: s.Now(), Expires: at,
	}
	for name, values := range form {
		if strings.HasPrefix(name, "excluded_payment_method_types[") {
			made.excluded = append(made.excluded, values...)
		}
		if strings.HasPrefix(name, "payment_method_types[") {
			made.named = append(made.named, values...)
		}
	}
	slices.Sort(made.named)
	if len(made.named) > 0 && len(made.excluded) > 0 {
		return nil, invalid("You may only specify one of these parameters: payment_method_types, excluded_payment_method_types.")
	}
	for _, way := range made.named {
		if slices.Contains(s.lacks, way) {
			return nil, invalid("The payment method type \"" + way + "\" is invalid. Please ensure the provided type is activated in your dashboard.")
		}
	}
	s.sessions = append(s.sessions, made)
	return s.object(made), nil
}

func absolute(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != ""
}

// ofAccount finds a session of the account.
func (s *Server) ofAccount(a *account, id string) (*session, *problem) {
	found := s.session(id)
	if found == nil || found.account != a {
		return nil, missing("checkout.session: " + id)
	}
	return found, nil
}

// listSessions follows "List all Checkout Sessions": the newest first.
func (s *Server) listSessions(a *account, form url.Values) map[string]any {
	since, _ := strconv.ParseInt(form.Get("created[gte]"), 10, 64)
	limit, err := strconv.Atoi(form.Get("limit"))
	if err != nil {
		limit = 10
	}
	data, more, after := []any{}, false, form.Get("starting_after")
	for i := len(s.sessions) - 1; i >= 0; i-- {
		found := s.session(s.sessions[i].ID)
		if after != "" {
			if found.ID == after {
				after = ""
			}
			continue
		}
		intent := form.Get("payment_intent")
		if found.account != a || found.Created.Unix() < since || intent != "" && found.Intent != intent {
			continue
		}
		if more = len(data) == limit; more {
			break
		}
		data = append(data, s.object(found))
	}
	return map[string]any{"object": "list", "data": data, "has_more": more, "url": "/v1/checkout/sessions"}
}

// expire follows "Expire a Checkout Session".
func (s *Server) expire(a *account, id string) (map[string]any, *problem) {
	found, wrong := s.ofAccount(a, id)
	if wrong != nil {
		return nil, wrong
	}
	if found.Status != "open" {
		return nil, invalid(fmt.Sprintf("Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of %s.", found.Status))
	}
	found.Status = "expired"
	return s.object(found), nil
}

// object is a session in JSON, with its payment expanded.
func (s *Server) object(found *session) map[string]any {
	if found == nil {
		return nil
	}
	paid, address := "unpaid", any(nil)
	if found.IntentStatus == "succeeded" {
		paid = "paid"
	}
	if found.Status == "open" {
		address = s.URL + "/c/pay/" + found.ID
	}
	reported := map[string]any{
		"id": found.ID, "object": "checkout.session", "mode": "payment", "livemode": found.account.Live, "status": found.Status,
		"payment_status": paid, "amount_total": found.Amount, "currency": found.Currency, "client_reference_id": found.Reference,
		"metadata": found.Metadata, "url": address, "created": found.Created.Unix(), "expires_at": found.Expires.Unix(),
		"success_url": found.SuccessURL, "cancel_url": found.CancelURL, "payment_intent": nil,
	}
	if found.IntentStatus != "requires_payment_method" || found.Status == "complete" {
		reported["payment_intent"] = found.intent()
	}
	return reported
}

// intent is a session's payment in JSON.
func (found *session) intent() map[string]any {
	reported := map[string]any{
		"id": found.Intent, "object": "payment_intent", "status": found.IntentStatus, "amount": found.Amount, "amount_received": 0,
		"currency": found.Currency, "metadata": found.Metadata, "livemode": found.account.Live, "latest_charge": nil,
	}
	if found.Charge != "" {
		reported["amount_received"] = found.Amount
		reported["latest_charge"] = map[string]any{
			"id": found.Charge, "object": "charge", "amount": found.Amount, "amount_captured": found.Amount, "amount_refunded": found.Refunded,
			"refunded": found.Refunded == found.Amount, "currency": found.Currency, "created": found.PaidAt.Unix(), "paid": true,
			"status": "succeeded", "disputed": len(found.disputes) > 0, "payment_intent": found.Intent, "metadata": found.Metadata,
			"payment_method_details": map[string]any{"type": "card", "card": map[string]any{"brand": "visa", "last4": "4242"}},
		}
	}
	return reported
}
