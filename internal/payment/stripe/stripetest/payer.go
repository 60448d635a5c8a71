package stripetest

import (
	"fmt"
	"html"
	"net/http"
)

// Outcome is what a payer does at the checkout.
type Outcome string

// The outcomes.
const (
	Paid    Outcome = "paid"
	Pending Outcome = "pending" // a method that takes days
	Failed  Outcome = "failed"  // such a method that did not come through
	Expired Outcome = "expired"
)

// Do lets something happen to a session, whatever its status was: a payer who
// was quick enough pays also after the end.
func (s *Server) Do(id string, outcome Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	if found == nil {
		return fmt.Errorf("stripetest: no session %s", id)
	}
	switch outcome {
	case Paid:
		found.IntentStatus, found.Charge, found.PaidAt = "succeeded", s.id("ch_"), s.Now()
		if found.Status == "open" {
			found.Status = "complete"
		}
	case Pending:
		found.Status, found.IntentStatus = "complete", "processing"
	case Failed:
		found.Status, found.IntentStatus = "complete", "requires_payment_method"
	case Expired:
		found.Status = "expired"
	}
	return nil
}

// Alter makes Stripe tell other things about a session than were asked for. An
// empty status, currency or reference, and a zero amount, stay.
func (s *Server) Alter(id, status, currency, attempt string, amount int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	if status != "" {
		found.Status = status
	}
	if currency != "" {
		found.Currency = currency
	}
	if attempt != "" {
		found.Metadata = map[string]string{"attempt": attempt}
	}
	if amount != 0 {
		found.Amount = amount
	}
}

// kinds are the events of outcomes.
func kind(outcome Outcome) string {
	switch outcome {
	case Failed:
		return "checkout.session.async_payment_failed"
	case Expired:
		return "checkout.session.expired"
	}
	return "checkout.session.completed"
}

// showCheckout is the hosted page.
func (s *Server) showCheckout(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(r.PathValue("id"))
	if found == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if found.Status != "open" {
		fmt.Fprint(w, `<!doctype html><html lang="en"><title>Checkout</title><h1>This checkout has ended.</h1></html>`)
		return
	}
	fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Checkout</title><h1>%s</h1><p>%d %s</p><form method="post">
		<button name="outcome" value="paid">Pay</button><button name="outcome" value="pending">Pay by bank transfer</button></form>
		<a href="%s">Back</a></html>`, html.EscapeString(found.Title), found.Amount, html.EscapeString(found.Currency), html.EscapeString(found.CancelURL))
}

// payCheckout is its form: the payer goes back, and the endpoints hear of it.
func (s *Server) payCheckout(w http.ResponseWriter, r *http.Request) {
	id, outcome := r.PathValue("id"), Outcome(r.FormValue("outcome"))
	if err := s.Do(id, outcome); err != nil {
		http.NotFound(w, r)
		return
	}
	if _, err := s.Report(kind(outcome), id); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	s.mu.Lock()
	to := s.session(id).SuccessURL
	s.mu.Unlock()
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Asked is what a session asks, in Stripe's units: "4900 eur".
func (s *Server) Asked(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.session(id)
	return fmt.Sprint(found.Amount, " ", found.Currency)
}

// Payment is the id of a session's payment.
func (s *Server) Payment(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session(id).Intent
}

// Excluded are the ways to pay that a session does not offer.
func (s *Server) Excluded(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session(id).excluded
}

// Named are the only ways to pay that a session offers, in the order of their names; all
// when there are none.
func (s *Server) Named(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session(id).named
}

// Lack takes ways to pay from all accounts.
func (s *Server) Lack(ways ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lacks = ways
}
