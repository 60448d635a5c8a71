package delivery

import (
	"context"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/texting"
)

// keyPrefix begins the keys of our messages; the delivery's id follows.
const keyPrefix = "delivery/"

// draft is what one message is made of.
type draft struct {
	business business.Business
	link     link.Link
	customer customer.Customer
	order    Order
	words    Words
	delivery Delivery
}

// language is the customer's, or the business's.
func (l draft) language() string {
	if l.customer.Language != "" {
		return l.customer.Language
	}
	return l.business.Locale
}

// firstName greets people. A customer who is known by their address alone is
// not greeted by it.
func (l draft) firstName() string {
	if l.customer.Name == l.customer.Email {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(l.customer.Name), " ")
	return first
}

// name is the customer's, "" when nothing but an address is known.
func (l draft) name() string {
	if l.customer.Name == l.customer.Email {
		return ""
	}
	return l.customer.Name
}

// stage is which mail it is.
func (l draft) stage() message.Kind {
	switch {
	case l.order.Kind == KindSend:
		return message.KindLink
	case l.order.Reminder.Number <= 1:
		return message.KindReminderFirst
	case l.order.Reminder.Number >= l.order.Reminder.Max:
		return message.KindReminderLast
	}
	return message.KindReminderMiddle
}

func (s *Deliveries) recipientURL(businessID business.ID, domain, token string) string {
	return s.Addresses.OfLink(string(businessID), domain, address.Recipient(token))
}

func (s *Deliveries) optOutURL(businessID business.ID, domain, token string) string {
	return s.Addresses.OfLink(string(businessID), domain, address.OptOut(token))
}

// values are those of the variables in the merchant's words.
func (s *Deliveries) values(l draft) map[string]string {
	return map[string]string{
		"link": s.recipientURL(l.business.ID, l.link.Domain, l.delivery.Token), "customer_name": l.name(), "first_name": l.firstName(),
		"amount": l.link.Price().Format(l.language()), "link_name": l.link.Name, "business_name": l.business.Name,
	}
}

// ask is what a mail tells.
func (s *Deliveries) ask(l draft) message.Ask {
	ask := message.Ask{
		Stage: l.stage(), CustomerName: l.name(), FirstName: l.firstName(), LinkName: l.link.Name, Description: l.link.Description,
		Amount: l.link.Price(), Message: l.words.Fill(s.values(l)), URL: s.recipientURL(l.business.ID, l.link.Domain, l.delivery.Token), OptOutURL: s.optOutURL(l.business.ID, l.link.Domain, l.delivery.OptOutToken),
		Note: l.order.Note, Test: l.business.Mode == business.Test, Number: l.order.Reminder.Number, Max: l.order.Reminder.Max,
	}
	if due, ok := l.link.Due(l.business.Location()); ok {
		ask.Due, ask.DueIn = due, daysBetween(s.DB.Clock().Now().In(l.business.Location()), due)
	}
	// Who is sent a link that is not open yet would find it closed, and not know until when.
	if at := l.link.StartsAt; at != nil && at.After(s.DB.Clock().Now()) {
		ask.Opens = *at
	}
	if at := l.link.EndsAt; at != nil {
		ask.Ends = *at
	}
	if l.link.Limit.Limited() {
		ask.Limit, ask.Units = l.link.Limit.Max, l.link.Limit.ByUnits()
	}
	return ask
}

// daysBetween is how many calendar days the second day is behind the first, in their zone.
func daysBetween(from, to time.Time) int64 {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int64(day(to).Sub(day(from)) / (24 * time.Hour))
}

// plainSpaces are those that SMS has no cheap letters for.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// sms is what an SMS says. The merchant's own words replace all of ours, but
// for the way to the link and the way out.
func (s *Deliveries) sms(l draft) string {
	t, url := s.Messages.Localizer(l.language()), s.recipientURL(l.business.ID, l.link.Domain, l.delivery.Token)
	name, sum := l.firstName(), l.link.Price().Format(l.language())
	said := ""
	switch {
	case !l.words.None():
		if said = l.words.Fill(s.values(l)); !l.words.HasLink() {
			said += " " + url
		}
	case l.order.Kind == KindReminder:
		said = t.T("sms.reminder", "Business", l.business.Name, "Amount", sum, "Title", l.link.Name, "URL", url)
	case name == "":
		said = t.T("sms.link_nameless", "Business", l.business.Name, "Amount", sum, "Title", l.link.Name, "URL", url)
	default:
		said = t.T("sms.link", "Business", l.business.Name, "Name", name, "Amount", sum, "Title", l.link.Name, "URL", url)
	}
	return plainSpaces.Replace(said + " " + t.T("sms.stop", "URL", s.optOutURL(l.business.ID, l.link.Domain, l.delivery.OptOutToken)))
}

// queue hands a message over to the room that brings it on its way.
func (s *Deliveries) queue(ctx context.Context, tx *db.Tx, l draft) error {
	if l.delivery.Channel == message.BySMS {
		return s.Messages.QueueSMS(ctx, tx, texting.SMS{
			BusinessID: l.business.ID, To: l.delivery.Address, Text: s.sms(l), Key: keyPrefix + l.delivery.ID,
		})
	}
	return s.Messages.Queue(ctx, tx, message.Mail{
		BusinessID: l.business.ID, To: l.delivery.Address, ToName: l.name(), Language: l.language(),
		Key: keyPrefix + l.delivery.ID, Data: s.ask(l),
	})
}
