package sending

import (
	"context"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// WaysText is "Email and SMS".
func WaysText(ways []SentWay) string {
	var labels []string
	for _, w := range ways {
		labels = append(labels, w.Label)
	}
	return strings.Join(labels, " and ")
}

// SentRow is a send with its deliveries.
type SentRow struct {
	Name, Href, Email string // of the customer
	Link, LinkHref    string // on pages of customers
	Title             string // "Link sent" or "Reminder 2"
	Status            ui.BadgeProps
	Ways              []SentWay
	Time, Ago, ISO    string
	Again             string
	Record            string // where a payment of theirs is recorded
}

// SentWay is one message.
type SentWay struct {
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
var deletedCustomer = i18n.Mark("Deleted customer")

// SentRows names whom the sends went to.
func (d Pages) SentRows(ctx context.Context, scope *frame.Scope, sends []delivery.Send) ([]SentRow, error) {
	var ids []customer.ID
	for _, s := range sends {
		if s.CustomerID != "" {
			ids = append(ids, s.CustomerID)
		}
	}
	names, err := d.Customers.ByIDs(ctx, scope.Business.ID, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]SentRow, len(sends))
	for i, s := range sends {
		rows[i] = SentRowOf(scope, s, names)
	}
	return rows, nil
}

func SentRowOf(scope *frame.Scope, s delivery.Send, names map[customer.ID]customer.Customer) SentRow {
	zone := scope.Business.Location()
	row := SentRow{Name: scope.T(deletedCustomer), Title: scope.T("Link sent"), Status: sentBadge(scope.Reader, s.Status), Time: scope.DateTime(s.At, zone), Ago: scope.Ago(s.At, scope.Now, zone), ISO: s.At.UTC().Format(time.RFC3339)}
	if s.Kind == delivery.KindReminder {
		row.Title = scope.T("Reminder {{.Number}}", "Number", strconv.FormatInt(s.Number, 10))
	}
	if c, known := names[s.CustomerID]; known {
		row.Name, row.Email, row.Href = c.Name, c.Email, scope.Base+"/customers/"+string(c.ID)
		row.Again = sendAgain(scope, s.LinkID, c.ID)
		row.Record = frame.LinkHref(scope, s.LinkID) + "/record?customer=" + string(c.ID)
	}
	for _, one := range s.Deliveries {
		row.Ways = append(row.Ways, sentWayOf(scope, s, one))
	}
	return row
}

func sentWayOf(scope *frame.Scope, s delivery.Send, one delivery.Delivery) SentWay {
	zone, when := scope.Business.Location(), s.At
	switch {
	case one.DeliveredAt != nil:
		when = *one.DeliveredAt
	case one.SentAt != nil:
		when = *one.SentAt
	}
	w := SentWay{Label: scope.T("Email"), Icon: "mail", Tone: ui.Blue, Status: sentBadge(scope.Reader, one.Status), StatusIcon: sentIcon(one.Status), Reason: scope.Sentence(one.Reason), UnderWay: one.Status == message.Queued,
		Time: scope.ShortDateTime(when, scope.Now, zone), Ago: scope.Ago(when, scope.Now, zone), ISO: when.UTC().Format(time.RFC3339)}
	if one.Channel == message.BySMS {
		w.Label, w.Icon, w.Tone = "SMS", "message-square", ui.Teal
	}
	return w
}

// sentBadge is the colour and the word of a state.
func sentBadge(reader frame.Reader, s message.State) ui.BadgeProps {
	switch s {
	case message.Sent:
		return ui.BadgeProps{Label: reader.T("Sent"), Tone: ui.Blue}
	case message.Delivered:
		return ui.BadgeProps{Label: reader.T("Delivered"), Tone: ui.Green}
	case message.Failed:
		return ui.BadgeProps{Label: reader.T("Failed"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Waiting to be sent"), Tone: ui.Orange}
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

// BatchRows are the sends to many that go on, and the last one that ended.
func (d Pages) BatchRows(ctx context.Context, scope *frame.Scope, id link.ID) ([]batchRow, error) {
	batches, err := d.Deliveries.Batches(ctx, d.DB, scope.Business.ID, id, scope.Business.Mode)
	var rows []batchRow
	for i, b := range batches {
		if b.FinishedAt != nil && i > 0 {
			continue
		}
		rows = append(rows, batchRowOf(scope.Reader, b))
	}
	return rows, err
}

func batchRowOf(reader frame.Reader, b delivery.Batch) batchRow {
	row := batchRow{Done: int(b.Done), All: int(b.Total), Running: b.FinishedAt == nil, Text: reader.T("Sent to {{.Failed}} of {{.Total}}", "Failed", reader.Number(b.Done-b.Failed), "Total", reader.N(b.Total, "{{.Count}} customer", "{{.Count}} customers")), Note: b.Stopped}
	if row.Running {
		row.Text = reader.T("Sending: {{.Done}} of {{.Total}}", "Done", reader.Number(b.Done), "Total", reader.N(b.Total, "{{.Count}} customer", "{{.Count}} customers"))
	}
	if b.Failed > 0 && row.Note == "" {
		row.Note = reader.T("Not reached: {{.Failed}}. The list below says why.", "Failed", reader.N(b.Failed, "{{.Count}} customer", "{{.Count}} customers"))
	}
	return row
}
