package delivery

import (
	"context"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/secret"
)

// Preview is what a send would bring, as the recipient will see it.
type Preview struct {
	Email email.Mail
	SMS   string
}

// Preview writes what a send of the link to the customer would bring. Neither
// need be stored, and nothing is. The way to the link leads nowhere in it.
// A message that can't be read is an Invalid fault at "message".
func (s *Deliveries) Preview(ctx context.Context, b business.Business, l link.Link, c customer.Customer, o Order) (p Preview, err error) {
	words, err := ParseWords(o.Message)
	if err != nil {
		return Preview{}, err
	}
	nowhere := strings.Repeat("x", secret.ShortLength)
	made := draft{business: b, link: l, customer: c, order: o, words: words, delivery: Delivery{Token: nowhere, OptOutToken: nowhere}}
	p.SMS = s.sms(made)
	p.Email, err = s.Messages.Render(ctx, b, s.ask(made), made.language())
	p.Email.To.Name, p.Email.To.Address = c.Name, c.Email
	return p, err
}

// Someone stands for a recipient in a preview while none is chosen.
func Someone() customer.Customer {
	return customer.Customer{Fields: customer.Fields{Name: "Amara Okafor", Email: "amara@example.com", Phone: "+31612345678"}}
}

// AllWays are the channels, for previews and forms.
func AllWays() []message.Channel { return []message.Channel{message.ByEmail, message.BySMS} }
