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
	made := &refund{ID: s.id("re_"), Intent: paid.Intent, Status: "succeeded", Amount: amount, Metadata: metadata(form, "metadata")}
	s.refunds = append(s.refunds, made)
	return made.told(), nil
}

// listRefunds follows "List all refunds", of one payment.
func (s *Server) listRefunds(form url.Values) map[string]any {
	data := []any{}
	for _, r := range s.refunds {
		if r.Intent == form.Get("payment_intent") {
			data = append(data, r.told())
		}
	}
	return map[string]any{"object": "list", "data": data, "has_more": false, "url": "/v1/refunds"}
}

func (r *refund) told() map[string]any {
	return map[string]any{
		"id": r.ID, "object": "refund", "status": r.Status, "amount": r.Amount, "payment_intent": r.Intent, "metadata": r.Metadata,
	}
}
