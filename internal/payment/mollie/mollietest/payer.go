package mollietest

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
)

// Do gives a payment a status, whatever it was before, as a bank would.
func (s *Server) Do(id, status string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	if found == nil {
		return fmt.Errorf("mollietest: no payment %s", id)
	}
	found.Status = status
	if status == "paid" {
		found.Paid, found.Method = s.Now(), "ideal"
	}
	return nil
}

// Alter makes Mollie tell other things about a payment than were asked for.
// Empty ones stay.
func (s *Server) Alter(id, value, currency, attempt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	if value != "" {
		found.Amount.Value = value
	}
	if currency != "" {
		found.Amount.Currency = currency
	}
	if attempt != "" {
		found.Metadata = map[string]string{"attempt": attempt}
	}
}

// Report calls the payment's webhook, and returns the status of the answer.
func (s *Server) Report(id string) (int, error) {
	s.mu.Lock()
	found := s.payment(id)
	to := ""
	if found != nil {
		to = found.WebhookURL
	}
	s.mu.Unlock()
	if to == "" {
		return 0, fmt.Errorf("mollietest: no webhook for %s", id)
	}
	response, err := http.PostForm(to, url.Values{"id": {id}})
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// showCheckout is the hosted page.
func (s *Server) showCheckout(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(r.PathValue("id"))
	if found == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Checkout</title><h1>%s</h1><p>%s %s</p><form method="post">
		<button name="status" value="paid">Pay</button><button name="status" value="pending">Wait</button>
		<button name="status" value="failed">Fail</button><button name="status" value="canceled">Cancel</button></form></html>`,
		html.EscapeString(found.Description), html.EscapeString(found.Amount.Value), html.EscapeString(found.Amount.Currency))
}

// payCheckout is its form: the webhook is called, and the payer goes back.
func (s *Server) payCheckout(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if err := s.Do(id, r.FormValue("status")); err != nil {
		http.NotFound(w, r)
		return
	}
	if _, err := s.Report(id); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	s.mu.Lock()
	to := s.payment(id).RedirectURL
	s.mu.Unlock()
	http.Redirect(w, r, to, http.StatusSeeOther)
}
