package sending

import (
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
)

// DeliveryView is the card that says to whom a link went.
type DeliveryView struct {
	SendHref string
	None     bool
	Rows     []SentRow // the newest
	Summary  string    // of many
	More     string    // how many are not shown, "" for none
	Batches  []batchRow
	Methods  []methodRow
}

// methodRow is what came of the messages of one kind by one channel.
type methodRow struct{ Label, Text string }

// CardSends is how many sends the card shows.
const CardSends = 3

func MethodRowOf(reader frame.Reader, m delivery.Method) methodRow {
	label := map[message.Channel]string{message.ByEmail: reader.T("Email"), message.BySMS: "SMS"}[m.Channel]
	if m.Kind == delivery.KindReminder {
		label = reader.T("Reminders by {{.Label}}", "Label", label)
	}
	return methodRow{label, reader.T("{{.Sent}} sent · {{.Opened}} opened · {{.Paid}} paid ({{.Paid2}})", "Sent", reader.Number(m.Sent), "Opened", reader.Number(m.Opened), "Paid", reader.Number(m.Paid), "Paid2", reader.Conversion(m.Paid, m.Sent))}
}

// SummaryText is "To 120 customers: 110 sent, 6 queued, 4 failed".
func SummaryText(reader frame.Reader, s delivery.Summary) string {
	text := reader.T("To {{.Recipients}}", "Recipients", reader.N(s.Recipients, "{{.Count}} customer", "{{.Count}} customers"))
	between := ": "
	for _, part := range []struct {
		n    int64
		word string
	}{{s.Delivered, "delivered"}, {s.Sent, "sent"}, {s.Queued, "queued"}, {s.Failed, "failed"}} {
		if part.n > 0 {
			text += between + reader.Number(part.n) + " " + part.word
			between = ", "
		}
	}
	return text
}

// SendLabel is what the card's button says.
func (v DeliveryView) SendLabel(reader frame.Reader) string {
	if v.None {
		return reader.T("Send")
	}
	return reader.T("Send to others")
}
