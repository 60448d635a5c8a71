package dashboard

import (
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// channel is how a source of views is shown. The order and the colours are
// fixed, so that the same colour means the same source on every chart.
type channel struct {
	key, label string
	tone       ui.Tone
}

func channels() []channel {
	return []channel{
		{"direct", "Direct", ui.Grey},
		{"email", "Email", ui.Blue},
		{"sms", "SMS", ui.Teal},
		{"reminder", "Reminder", ui.Orange},
		{"qr", "QR", ui.QR},
		{"social", "Social", ui.Social},
		{"referral", "Referral", ui.Purple},
		{"campaign", "Campaign", ui.Green},
	}
}

func channelOf(key string) channel {
	for _, c := range channels() {
		if c.key == key {
			return c
		}
	}
	return channels()[0]
}

// channelsView is "Where views came from".
type channelsView struct {
	Total string
	Parts []channelPart
}

type channelPart struct {
	Label       string
	Tone        ui.Tone
	Views, Note string
	X, Width    string // on a bar of 1000 units
}

// channelsViewOf lays out the shares; channels without a view or a payment are
// left out.
func channelsViewOf(counts []visit.Share) channelsView {
	by := map[string]visit.Counts{}
	var total int64
	for _, c := range counts {
		key := channelOf(c.Value).key
		sum := by[key]
		sum.Views += c.Views
		sum.Payments += c.Payments
		by[key] = sum
		total += c.Views
	}
	v := channelsView{Total: counted(total, "view", "views")}
	x := 0.0
	for _, c := range channels() {
		n := by[c.key]
		if n.Views == 0 && n.Payments == 0 {
			continue
		}
		width := 0.0
		if total > 0 {
			width = float64(n.Views) * 1000 / float64(total)
		}
		v.Parts = append(v.Parts, channelPart{
			Label: c.label, Tone: c.tone, Views: count(n.Views), Note: share(n.Views, total) + " · " + count(n.Payments) + " paid",
			X: number(x), Width: number(max(width-2, 0)),
		})
		x += width
	}
	return v
}
