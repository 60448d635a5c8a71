package dashboard

import (
	"context"

	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// deliveryView is the card that says to whom a link went.
type deliveryView struct {
	SendHref string
	None     bool
	Rows     []sentRow // the newest
	Summary  string    // of many
	More     string    // how many are not shown, "" for none
	Batches  []batchRow
	Methods  []methodRow
}

// methodRow is what came of the messages of one kind by one channel.
type methodRow struct{ Label, Text string }

// cardSends is how many sends the card shows.
const cardSends = 3

func (d *Dashboard) fillDeliveries(ctx context.Context, at *room, l link.Link, v *linkView) error {
	card := deliveryView{SendHref: v.Href + "/send"}
	sum, err := d.Deliveries.Summary(ctx, d.DB, at.Business.ID, l.ID, at.Business.Mode)
	if err != nil {
		return err
	}
	if card.Batches, err = d.batchRows(ctx, at, l.ID); err != nil {
		return err
	}
	card.None = sum.Sends() == 0 && len(card.Batches) == 0
	sends, _, err := d.Deliveries.Sends(ctx, d.DB, at.Business.ID, at.Business.Mode, delivery.Query{Link: l.ID, Limit: cardSends})
	if err != nil {
		return err
	}
	if card.Rows, err = d.sentRows(ctx, at, sends); err != nil {
		return err
	}
	if more := sum.Sends() - int64(len(sends)); more > 0 {
		card.Summary, card.More = summaryText(sum), "All "+count(sum.Sends())+" sends"
	}
	methods, err := d.Deliveries.Methods(ctx, d.DB, at.Business.ID, l.ID, at.Business.Mode)
	for _, m := range methods {
		card.Methods = append(card.Methods, methodRowOf(m))
	}
	v.Delivery = card
	return err
}

func methodRowOf(m delivery.Method) methodRow {
	label := map[message.Channel]string{message.ByEmail: "Email", message.BySMS: "SMS"}[m.Channel]
	if m.Kind == delivery.KindReminder {
		label = "Reminders by " + label
	}
	return methodRow{label, count(m.Sent) + " sent · " + count(m.Opened) + " opened · " + count(m.Paid) + " paid (" + conversion(m.Paid, m.Sent) + ")"}
}

// summaryText is "To 120 customers: 110 sent, 6 queued, 4 failed".
func summaryText(s delivery.Summary) string {
	text := "To " + counted(s.Recipients, "customer", "customers")
	between := ": "
	for _, part := range []struct {
		n    int64
		word string
	}{{s.Delivered, "delivered"}, {s.Sent, "sent"}, {s.Queued, "queued"}, {s.Failed, "failed"}} {
		if part.n > 0 {
			text += between + count(part.n) + " " + part.word
			between = ", "
		}
	}
	return text
}

// SendLabel is what the card's button says.
func (v deliveryView) SendLabel() string {
	if v.None {
		return "Send"
	}
	return "Send to others"
}
