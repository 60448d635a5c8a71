package dashboard

import (
	"net/url"

	"smartlinks/internal/delivery"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// activityRow is a view, a payment or a send. Sub is the masked address, the
// receipt, or by which ways it was sent to whom.
type activityRow struct {
	Payment, Sent  bool
	Ways           []sentWay // of a send
	Icon           string
	Tone           ui.Tone
	Title, Sub     string
	Dir            string // of Sub
	Referrer       string
	Channel        string
	ChannelTone    ui.Tone
	Email, Receipt string
	Amount         string
	Badge          ui.BadgeProps
	Plain          bool // paid, as most are: on a phone the amount says enough
	Time, Ago, ISO string
}

func activityRowOf(at *room, row visit.Row, sends sentNames) activityRow {
	zone := at.Business.Location()
	r := activityRow{Time: dateTime(row.At, zone), Ago: ago(row.At, at.Now, zone), ISO: isoTime(row.At)}
	if row.Payment != nil {
		return r.ofPayment(*row.Payment)
	}
	if row.View == nil {
		return r.ofSend(at, sends, delivery.SendID(row.SendID))
	}
	return r.ofView(*row.View)
}

func (r activityRow) ofPayment(p visit.PaymentRow) activityRow {
	r.Payment, r.Icon, r.Tone = true, "credit-card", ui.Green
	r.Title, r.Email, r.Receipt = firstOf(p.PayerName, p.PayerEmail, "Someone"), p.PayerEmail, p.Receipt
	r.Sub, r.Dir = p.Channel, "auto"
	if p.Receipt != "" {
		r.Sub = "Receipt " + p.Receipt
	}
	r.Amount = asMoney(money.Amount{Minor: p.AmountMinor, Currency: money.Currency(p.Currency)})
	r.Badge = paymentBadge(p.Status)
	r.Plain = r.Badge.Tone == ui.Green
	return r
}

func (r activityRow) ofView(v visit.View) activityRow {
	r.Icon, r.Tone, r.Dir = "eye", ui.Blue, "ltr"
	r.Title, r.Sub = agent(v.Browser, v.OS), v.IP
	r.Referrer = firstOf(referrerHost(v.Referrer), "No referrer")
	c := channelOf(v.Channel)
	r.Channel, r.ChannelTone = c.label, c.tone
	switch v.Class {
	case visit.Bot:
		r.Channel, r.ChannelTone, r.Tone = "Bot", ui.Outline, ui.Grey
	case visit.Preview:
		r.Channel, r.ChannelTone, r.Tone = "Link preview", ui.Outline, ui.Grey
	case visit.Own:
		r.Channel, r.ChannelTone, r.Tone = "Your team", ui.Outline, ui.Grey
	}
	return r
}

// agent writes "Chrome / Mac", or what is known of it.
func agent(browser, os string) string {
	switch {
	case browser == "" && os == "":
		return "Unknown device"
	case browser == "":
		return os
	case os == "":
		return browser
	}
	return browser + " / " + os
}

// referrerHost is the site that a view came from, without path and "www.".
func referrerHost(referrer string) string {
	u, err := url.Parse(referrer)
	if err != nil || u.Host == "" {
		return referrer
	}
	host := u.Hostname()
	if len(host) > 4 && host[:4] == "www." {
		host = host[4:]
	}
	return host
}

// paymentBadge is the colour and the word of a payment's status.
func paymentBadge(status string) ui.BadgeProps {
	switch status {
	case "refunded":
		return ui.BadgeProps{Label: "Refunded", Tone: ui.Grey}
	case "partially_refunded":
		return ui.BadgeProps{Label: "Partly refunded", Tone: ui.Grey}
	case "refund_pending":
		return ui.BadgeProps{Label: "Refund pending", Tone: ui.Orange}
	case "refund_failed":
		return ui.BadgeProps{Label: "Refund failed", Tone: ui.Red}
	case "overflow":
		return ui.BadgeProps{Label: "Over the limit", Tone: ui.Red}
	case "accepted_late":
		return ui.BadgeProps{Label: "Paid late", Tone: ui.Green}
	}
	return ui.BadgeProps{Label: "Paid", Tone: ui.Green}
}
