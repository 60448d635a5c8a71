package links

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api/frame"
)

// SendRow is what is told of a send or a reminder: one row for each occasion,
// not for each channel.
type SendRow struct {
	SendID     delivery.SendID   `json:"send_id"`
	Number     *int64            `json:"number,omitempty" doc:"Of a reminder, from 1; none when it was skipped."`
	Reason     string            `json:"reason,omitempty" doc:"Why a reminder was skipped."`
	CustomerID *string           `json:"customer_id"`
	Channels   []message.Channel `json:"channels" nullable:"false" enum:"email,sms"`
	Deliveries []DeliveryView    `json:"deliveries" nullable:"false"`
}

// sends are what the rows of a page tell of, with the names of whom they went to.
type sends struct {
	found map[delivery.SendID]delivery.Send
	names map[customer.ID]customer.Customer
}

func (a Handlers) sendsOf(ctx context.Context, b business.Business, rows []visit.Row) (s sends, err error) {
	var ids []delivery.SendID
	for _, r := range rows {
		if r.SendID != "" {
			ids = append(ids, delivery.SendID(r.SendID))
		}
	}
	if s.found, err = a.Deliveries.ByIDs(ctx, a.DB, b.ID, ids); err != nil {
		return s, err
	}
	var who []customer.ID
	for _, sent := range s.found {
		if sent.CustomerID != "" {
			who = append(who, sent.CustomerID)
		}
	}
	s.names, err = a.Customers.ByIDs(ctx, b.ID, who)
	return s, err
}

// row is a line of the activity, whatever it tells of.
func (s sends) row(r visit.Row) activityRow {
	row := rowOf(r)
	sent, isSend := s.found[delivery.SendID(r.SendID)]
	if !isSend {
		return row
	}
	row.Status = Occasion(sent)
	row.SendRow = &SendRow{SendID: sent.ID, CustomerID: frame.Pointer(string(sent.CustomerID)), Channels: []message.Channel{}, Deliveries: []DeliveryView{}}
	if sent.Skipped != "" {
		row.Reason, row.Channels = sent.Skipped, sent.Channels
	} else if sent.Kind == delivery.KindReminder {
		row.Number = &sent.Number
	}
	if c, known := s.names[sent.CustomerID]; known {
		row.Customer = &person{c.Name, c.Email}
	}
	for _, d := range sent.Deliveries {
		row.Channels = append(row.Channels, d.Channel)
		row.Deliveries = append(row.Deliveries, DeliveryViewOf(sent, d))
	}
	return row
}

// Occasion is the status of a send as a whole: once a gateway has it, it is
// sent, and its deliveries tell more.
func Occasion(s delivery.Send) string {
	switch {
	case s.Skipped != "":
		return "skipped"
	case s.Status == message.Delivered:
		return string(message.Sent)
	}
	return string(s.Status)
}
