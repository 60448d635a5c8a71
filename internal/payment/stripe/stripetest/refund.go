package stripetest

import (
	"net/url"
	"strconv"
)

// makeRefund follows "Create a refund".
func (s *Server) makeRefund(a *account, form url.Values) (map[string]any, *problem) {
	var paid *session
	for _, found := range s.sessions {
		if found.account == a && found.Intent == form.Get("payment_intent") {
			paid = found
		}
	}
	amount, err := strconv.ParseInt(form.Get("amount"), 10, 64)
	switch {
	case paid == nil:
		return nil, missing("payment_intent: " + form.Get("payment_intent"))
	case paid.Charge == "":
		return nil, invalid("This PaymentIntent does not have a successful charge to refund.")
	case err != nil || amount <= 0:
		return nil, invalid("Invalid positive integer")
	case paid.Refunded == paid.Amount:
		return nil, &problem{400, "invalid_request_error", "charge_already_refunded", "Charge has already been refunded."}
	case paid.Refunded+amount > paid.Amount:
		return nil, invalid("Refund amount is greater than unrefunded amount on charge")
	}
	paid.Refunded += amount
	made := &refund{ID: s.id("re_"), Intent: paid.Intent, Currency: paid.Currency, Status: "succeeded", Amount: amount, Metadata: metadata(form, "metadata")}
	if paid.RefundsPend {
		made.Status = "pending"
	}
	s.refunds = append(s.refunds, made)
	return made.object(), nil
}

// listRefunds follows "List all refunds", of one payment.
func (s *Server) listRefunds(form url.Values) map[string]any {
	data := []any{}
	for _, r := range s.refunds {
		if r.Intent == form.Get("payment_intent") {
			data = append(data, r.object())
		}
	}
	return map[string]any{"object": "list", "data": data, "has_more": false, "url": "/v1/refunds"}
}

func (r *refund) object() map[string]any {
	return map[string]any{
		"id": r.ID, "object": "refund", "status": r.Status, "amount": r.Amount, "currency": r.Currency, "payment_intent": r.Intent, "metadata": r.Metadata,
		"failure_reason": r.Failure,
	}
}

// RefundsPend makes the refunds of a session's payment wait, as those of bank
// transfers do, until they are decided.
func (s *Server) RefundsPend(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session(id).RefundsPend = true
}

// DecideRefunds ends those that wait: succeeded, or failed with a reason.
func (s *Server) DecideRefunds(id, status, failure string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	for _, r := range s.refunds {
		if r.Intent == found.Intent && r.Status == "pending" {
			if r.Status, r.Failure = status, failure; status == "failed" {
				found.Refunded -= r.Amount
			}
		}
	}
}

// GiveBack is a refund that the merchant makes in Stripe's dashboard.
func (s *Server) GiveBack(id string, amount int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	found.Refunded += amount
	s.refunds = append(s.refunds, &refund{ID: s.id("re_"), Intent: found.Intent, Currency: found.Currency, Status: "succeeded", Amount: amount})
}

// Dispute lets the payer's bank ask for the money back, or changes the status of
// that ("The Dispute object").
func (s *Server) Dispute(id, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	if len(found.disputes) == 0 {
		found.disputes = []dispute{{ID: s.id("dp_"), Amount: found.Amount, Created: s.Now()}}
	}
	found.disputes[0].Status = status
}

// listDisputes follows "List all disputes", of one payment.
func (s *Server) listDisputes(a *account, form url.Values) map[string]any {
	data := []any{}
	for _, found := range s.sessions {
		if found.account != a || found.Intent != form.Get("payment_intent") {
			continue
		}
		for _, d := range found.disputes {
			data = append(data, map[string]any{
				"id": d.ID, "object": "dispute", "status": d.Status, "amount": d.Amount, "currency": found.Currency, "reason": "product_not_received",
				"created": d.Created.Unix(), "payment_intent": found.Intent, "charge": found.Charge,
			})
		}
	}
	return map[string]any{"object": "list", "data": data, "has_more": false, "url": "/v1/disputes"}
}
