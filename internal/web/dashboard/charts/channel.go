package charts

import (
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// channel is how a source of views is shown. The order and the colours are
// fixed, so that the same colour means the same source on every chart.
type channel struct {
	key, Label string
	Tone       ui.Tone
}

func channels(reader frame.Reader) []channel {
	return []channel{
		{"direct", reader.T("Direct"), ui.Grey},
		{"email", reader.T("Email"), ui.Blue},
		{"sms", "SMS", ui.Teal},
		{"reminder", reader.T("Reminder"), ui.Orange},
		{"recovery", reader.T("Asked again"), ui.Red},
		{"qr", "QR", ui.QR},
		{"social", reader.T("Social"), ui.Social},
		{"referral", reader.T("Referral"), ui.Purple},
		{"campaign", reader.T("Campaign"), ui.Green},
		{"by_hand", reader.T("By hand"), ui.Accent},
	}
}

func ChannelOf(reader frame.Reader, key string) channel {
	for _, c := range channels(reader) {
		if c.key == key {
			return c
		}
	}
	return channels(reader)[0]
}

// ChannelsView is "Where views came from".
type ChannelsView struct {
	Total string
	Parts []channelPart
}

type channelPart struct {
	Label       string
	Tone        ui.Tone
	Views, Note string
	X, Width    string // on a bar of 1000 units
}

// ChannelsViewOf lays out the shares; channels without a view or a payment are
// left out.
func ChannelsViewOf(reader frame.Reader, counts []visit.Share) ChannelsView {
	by := map[string]visit.Counts{}
	var total int64
	for _, c := range counts {
		key := ChannelOf(reader, c.Value).key
		sum := by[key]
		sum.Views += c.Views
		sum.Payments += c.Payments
		by[key] = sum
		total += c.Views
	}
	v := ChannelsView{Total: reader.N(total, "{{.Count}} view", "{{.Count}} views")}
	x := 0.0
	for _, c := range channels(reader) {
		n := by[c.key]
		if n.Views == 0 && n.Payments == 0 {
			continue
		}
		width := 0.0
		if total > 0 {
			width = float64(n.Views) * 1000 / float64(total)
		}
		v.Parts = append(v.Parts, channelPart{
			Label: c.Label, Tone: c.Tone, Views: reader.Number(n.Views), Note: reader.T("{{.Share}} · {{.Paid}} paid", "Share", reader.Percent(n.Views, total), "Paid", reader.Number(n.Payments)),
			X: Number(x), Width: Number(max(width-2, 0)),
		})
		x += width
	}
	return v
}
