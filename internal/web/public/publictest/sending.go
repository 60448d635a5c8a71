package publictest

import (
	"net/http"
	"net/url"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/attempt"
)

// Sent is a link that went to Amara by e-mail; token is that of her mail.
func (s *Site) Sent(l link.Link, kind delivery.Kind) (who customer.Customer, token string) {
	s.T.Helper()
	who, d := s.Delivered(l, kind)
	return who, d.Token
}

// Delivered is a link that went to Amara by e-mail, with the message that carried it.
func (s *Site) Delivered(l link.Link, kind delivery.Kind) (who customer.Customer, d delivery.Delivery) {
	s.T.Helper()
	who, err := s.Customers.Create(s.T.Context(), s.Business, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
	if err != nil {
		s.T.Fatal(err)
	}
	return who, s.SendTo(l, who, kind)
}

// SendTo sends a link by e-mail and returns the message that carries it.
func (s *Site) SendTo(l link.Link, who customer.Customer, kind delivery.Kind) delivery.Delivery {
	s.T.Helper()
	var made delivery.Send
	if err := s.DB.InTx(s.T.Context(), func(tx *db.Tx) (err error) {
		made, _, err = s.Deliveries.SendTx(s.T.Context(), tx, s.Business, l, delivery.Order{
			CustomerID: who.ID, Channels: []message.Channel{message.ByEmail}, Kind: kind, Reminder: delivery.Reminder{Number: 1, Max: 3},
		})
		return err
	}); err != nil {
		s.T.Fatal(err)
	}
	return made.Deliveries[0]
}

// FullWithList is a link with one place, which is paid, and a waiting list.
func (s *Site) FullWithList(name string, more ...func(*link.Fields)) (link.Link, attempt.ID) {
	s.T.Helper()
	l := s.MustLink(link.Fields{Name: name, Limit: link.Limit{Kind: link.Once}, WaitingList: true}, more...)
	s.Settle(s.Post("/acme/"+l.Path, Payer()), "paid")
	var id attempt.ID
	if err := s.DB.Get(s.T.Context(), &id, `SELECT id FROM payments WHERE link_id = $1`, l.ID); err != nil {
		s.T.Fatal(err)
	}
	return l, id
}

// Wait joins the list of a page, and returns the address in the mail about it.
func (s *Site) Wait(page, email string) string {
	s.T.Helper()
	// The number as an Arabic keyboard writes it.
	if joined := s.Post(page, url.Values{"waiting_email": {email}, "waiting_quantity": {"١"}}); joined.StatusCode != http.StatusOK || !joined.Has("We have written to you") {
		s.T.Fatalf("joining: %d %s", joined.StatusCode, joined.Body)
	}
	var token string
	if err := s.DB.Get(s.T.Context(), &token, `SELECT token FROM waiting_entries WHERE email = $1`, email); err != nil {
		s.T.Fatal(err)
	}
	return "/waiting/" + token
}
