package delivery

import (
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// tooLong says that the SMS of a letter has more segments than are sent, and what
// to do; "" when it fits.
func (s *Deliveries) tooLong(l draft) string {
	why := sms.TooLong(s.sms(l))
	if why != "" && l.words.None() {
		why += " It holds the link’s name, the business’s and two addresses; the link’s name can be changed."
	}
	return why
}

// refuseLong marks the deliveries by SMS of a send that would be too long.
func (s *Deliveries) refuseLong(sent *Send, l draft) {
	for i := range sent.Deliveries {
		d := &sent.Deliveries[i]
		if d.Channel != message.BySMS || d.Status != message.Queued {
			continue
		}
		l.delivery = *d
		if why := s.tooLong(l); why != "" {
			d.Status, d.Reason, sent.TooLong = message.Failed, why, why
		}
	}
	sent.Status = statusOf(sent.Deliveries)
}

// checkLength refuses what is too long for everybody: for a customer of whom no
// name is known.
func (s *Deliveries) checkLength(b business.Business, l link.Link, r Request) error {
	words, err := ParseWords(r.Message)
	if err != nil || !contains(r.Channels, message.BySMS) {
		return err
	}
	nowhere := strings.Repeat("x", secret.ShortLength)
	return longFault(s.tooLong(draft{
		business: b, link: l, customer: customer.Customer{}, order: Order{Kind: KindSend}, words: words,
		delivery: Delivery{Token: nowhere, OptOutToken: nowhere},
	}))
}

// longFault is an Invalid fault at "message"; nil for "".
func longFault(why string) error {
	var wrong fault.Fields
	if why != "" {
		wrong.Add("message", "message.long", why)
	}
	return wrong.Err()
}
