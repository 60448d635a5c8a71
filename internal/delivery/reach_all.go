package delivery

import (
	"context"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// ReachAll tells how each of many customers can be reached now, in their order. Those who
// are not stored count by what is known of them.
func (s *Deliveries) ReachAll(ctx context.Context, from db.Reader, b business.Business, all []customer.Customer) ([]Reach, error) {
	mail, err := s.Messages.MailReady(ctx, from, b.ID)
	if err != nil {
		return nil, err
	}
	text, err := s.Messages.SMSSender(ctx, from, b)
	if err != nil {
		return nil, err
	}
	reaches := make([]Reach, 0, len(all))
	for part := range slices.Chunk(all, 200) {
		closed, err := s.suppressedAmong(ctx, from, b.ID, part)
		if err != nil {
			return nil, err
		}
		for _, c := range part {
			theirs := map[message.Channel]*Suppression{}
			for _, channel := range AllWays() {
				if found, is := closed[addressOf{channel, folded(channel, addressFor(c, channel))}]; is {
					theirs[channel] = &found
				}
			}
			reaches = append(reaches, reachOf(c, theirs, mail, text))
		}
	}
	return reaches, nil
}

func addressFor(c customer.Customer, channel message.Channel) string {
	if channel == message.BySMS {
		return c.Phone
	}
	return c.Email
}

type addressOf struct {
	channel message.Channel
	address string
}

// suppressedAmong finds what is known against the addresses of customers.
func (s *Deliveries) suppressedAmong(ctx context.Context, from db.Reader, businessID business.ID, all []customer.Customer) (map[addressOf]Suppression, error) {
	arguments := []any{businessID}
	for _, c := range all {
		arguments = append(arguments, folded(message.ByEmail, c.Email), c.Phone)
	}
	var rows []Suppression
	err := from.Select(ctx, &rows, `SELECT channel, address, cause, reason, created_at FROM suppressions
		WHERE business_id = $1 AND address IN (`+db.In(len(arguments)-1, 2)+`)`, arguments...)
	found := map[addressOf]Suppression{}
	for _, r := range rows {
		found[addressOf{r.Channel, r.Address}] = r
	}
	return found, err
}

// Parts is how many parts the SMS of a link to a customer has, as gateways charge it, with
// the merchant's own words or ours.
func (s *Deliveries) Parts(b business.Business, l link.Link, c customer.Customer, kind Kind, words string) (int64, error) {
	parsed, err := ParseWords(words)
	if err != nil {
		return 0, err
	}
	nowhere := strings.Repeat("x", secret.ShortLength)
	text := s.sms(draft{business: b, link: l, customer: c, order: Order{Kind: kind, Message: words}, words: parsed, delivery: Delivery{Token: nowhere, OptOutToken: nowhere}})
	return int64(sms.Count(text).Segments), nil
}
