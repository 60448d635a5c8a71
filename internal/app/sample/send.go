package sample

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
)

// sentAfter is how many days after a sample link was made it was sent.
const sentAfter = 2

// send brings a link to the customers who got it, and lets the messages arrive.
func (h *history) send(ctx context.Context, b business.Business, l link.Link, s sampleLink) error {
	if len(s.sentTo) == 0 {
		return nil
	}
	h.goTo(h.now.AddDate(0, 0, sentAfter-s.days))
	rooms := h.System
	request := delivery.Request{Channels: delivery.AllWays()}
	err := rooms.DB.InTx(ctx, func(tx *db.Tx) error {
		request.Customers = nil
		for _, name := range s.sentTo {
			id, _, err := rooms.Customers.MatchOrCreate(ctx, tx, b.ID, customer.Payer{Name: name, Email: sampleAddress(name), Language: "en"})
			if err != nil {
				return err
			}
			request.Customers = append(request.Customers, id)
		}
		_, err := rooms.Deliveries.StartTx(ctx, tx, b, l, request)
		return err
	})
	if err != nil {
		return err
	}
	return rooms.Messages.SendDue(ctx)
}
