package dashboard

import (
	"context"
	"strconv"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/web/ui"
)

// sentRow is a send with its deliveries.
type sentRow struct {
	Name, Href, Email string // of the customer
	Link, LinkHref    string // on pages of customers
	Title             string // "Link sent" or "Reminder 2"
	Status            ui.BadgeProps
	Ways              []sentWay
	Time, Ago, ISO    string
	Again             string
}

// sentWay is one message.
type sentWay struct {
	Label          string // Email or SMS
	Icon           string
	Tone           ui.Tone
	Status         ui.BadgeProps
	StatusIcon     string
	Reason         string
	Time, Ago, ISO string
	UnderWay       bool // it may change at any moment
}

// deletedCustomer stands where a name was.
const deletedCustomer = "Deleted customer"

// sentRows names whom the sends went to.
func (d *Dashboard) sentRows(ctx context.Context, at *room, sends []delivery.Send) ([]sentRow, error) {
	var ids []customer.ID
	for _, s := range sends {
		if s.CustomerID != "" {
			ids = append(ids, s.CustomerID)
		}
	}
	names, err := d.Customers.ByIDs(ctx, at.Business.ID, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]sentRow, len(sends))
	for i, s := range sends {
		rows[i] = sentRowOf(at, s, names)
	}
	return rows, nil
}

func sentRowOf(at *room, s delivery.Send, names map[customer.ID]customer.Customer) sentRow {
	zone := at.Business.Location()
	row := sentRow{Name: deletedCustomer, Title: "Link sent", Status: sentBadge(s.Status), Time: dateTime(s.At, zone), Ago: ago(s.At, at.Now, zone), ISO: s.At.UTC().Format(time.RFC3339)}
	if s.Kind == delivery.KindReminder {
		row.Title = "Reminder " + strconv.FormatInt(s.Number, 10)
	}
	if c, known := names[s.CustomerID]; known {
		row.Name, row.Email, row.Href = c.Name, c.Email, at.Base+"/customers/"+string(c.ID)
		row.Again = sendAgain(at, s.LinkID, c.ID)
	}
	for _, one := range s.Deliveries {
		row.Ways = append(row.Ways, sentWayOf(at, s, one))
	}
	return row
}

func sentWayOf(at *room, s delivery.Send, one delivery.Delivery) sentWay {
	zone, when := at.Business.Location(), s.At
	switch {
	case one.DeliveredAt != nil:
		when = *one.DeliveredAt
	case one.SentAt != nil:
		when = *one.SentAt
	}
	w := sentWay{Label: "Email", Icon: "mail", Tone: ui.Blue, Status: sentBadge(one.Status), StatusIcon: sentIcon(one.Status), Reason: one.Reason, UnderWay: one.Status == message.Queued,
		Time: ui.ShortDateTime(when, at.Now, zone), Ago: ago(when, at.Now, zone), ISO: when.UTC().Format(time.RFC3339)}
	if one.Channel == message.BySMS {
		w.Label, w.Icon, w.Tone = "SMS", "message-square", ui.Teal
	}
	return w
}

// sentBadge is the colour and the word of a state.
func sentBadge(s message.State) ui.BadgeProps {
	switch s {
	case message.Sent:
		return ui.BadgeProps{Label: "Sent", Tone: ui.Blue}
	case message.Delivered:
		return ui.BadgeProps{Label: "Delivered", Tone: ui.Green}
	case message.Failed:
		return ui.BadgeProps{Label: "Failed", Tone: ui.Red}
	}
	return ui.BadgeProps{Label: "Queued", Tone: ui.Orange}
}

func sentIcon(s message.State) string {
	switch s {
	case message.Sent:
		return "check"
	case message.Delivered:
		return "check-check"
	case message.Failed:
		return "circle-alert"
	}
	return "hourglass"
}

// batchRow is a send to many.
type batchRow struct {
	Text, Note string
	Done, All  int
	Running    bool
}

// batchRows are the sends to many that go on, and the last one that ended.
func (d *Dashboard) batchRows(ctx context.Context, at *room, id link.ID) ([]batchRow, error) {
	batches, err := d.Deliveries.Batches(ctx, d.DB, at.Business.ID, id, at.Business.Mode)
	var rows []batchRow
	for i, b := range batches {
		if b.FinishedAt != nil && i > 0 {
			continue
		}
		rows = append(rows, batchRowOf(b))
	}
	return rows, err
}

func batchRowOf(b delivery.Batch) batchRow {
	row := batchRow{Done: int(b.Done), All: int(b.Total), Running: b.FinishedAt == nil, Text: "Sent to " + count(b.Done-b.Failed) + " of " + counted(b.Total, "customer", "customers"), Note: b.Stopped}
	if row.Running {
		row.Text = "Sending: " + count(b.Done) + " of " + counted(b.Total, "customer", "customers")
	}
	if b.Failed > 0 && row.Note == "" {
		row.Note = counted(b.Failed, "customer", "customers") + " can’t be reached. The list of what was sent says why."
	}
	return row
}
