package links

import (
	"cmp"
	"net/url"

	"smartlinks/internal/delivery"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/ui"
)

// activityRow is a view, a payment or a send. Sub is the masked address, the
// receipt, or by which ways it was sent to whom.
type activityRow struct {
	Payment, Sent  bool
	Ways           []sending.SentWay // of a send
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

func activityRowOf(scope *frame.Scope, row visit.Row, sends sentNames) activityRow {
	zone := scope.Business.Location()
	r := activityRow{Time: scope.DateTime(row.At, zone), Ago: scope.Ago(row.At, scope.Now, zone), ISO: frame.IsoTime(row.At)}
	if row.Payment != nil {
		return r.ofPayment(scope.Reader, *row.Payment)
	}
	if row.View == nil {
		return r.ofSend(scope, sends, delivery.SendID(row.SendID))
	}
	return r.ofView(scope.Reader, *row.View)
}

func (r activityRow) ofPayment(reader frame.Reader, p visit.PaymentRow) activityRow {
	r.Payment, r.Icon, r.Tone = true, "credit-card", ui.Green
	r.Title, r.Email, r.Receipt = cmp.Or(p.PayerName, p.PayerEmail, reader.T("Someone")), p.PayerEmail, p.Receipt
	r.Sub, r.Dir = charts.ChannelOf(reader, p.Channel).Label, "auto"
	if p.Receipt != "" {
		r.Sub = reader.T("Receipt {{.Receipt}}", "Receipt", p.Receipt)
	}
	r.Amount = reader.Money(money.Amount{Minor: p.AmountMinor, Currency: money.Currency(p.Currency)})
	r.Badge = frame.PaymentBadge(reader, p.Status)
	if p.Receipt == "" && attempt.MoneyStatus(p.Status) == attempt.RefundFailed {
		r.Badge = frame.PaymentBadge(reader, string(history.StatusOverflow)) // what there is to do says its page
	}
	r.Plain = r.Badge.Tone == ui.Green
	return r
}

func (r activityRow) ofView(reader frame.Reader, v visit.View) activityRow {
	r.Icon, r.Tone, r.Dir = "eye", ui.Blue, "ltr"
	r.Title, r.Sub = agent(reader, v.Browser, v.OS), v.IP
	if v.Country != "" {
		r.Sub = reader.Line(valueWords(reader, visit.FacetCountry, v.Country), v.IP)
	}
	r.Referrer = cmp.Or(referrerHost(v.Referrer), reader.T("No referrer"))
	c := charts.ChannelOf(reader, v.Channel)
	r.Channel, r.ChannelTone = c.Label, c.Tone
	switch v.Class {
	case visit.Bot:
		r.Channel, r.ChannelTone, r.Tone = reader.T("Bot"), ui.Outline, ui.Grey
	case visit.Preview:
		r.Channel, r.ChannelTone, r.Tone = reader.T("Link preview"), ui.Outline, ui.Grey
	case visit.Own:
		r.Channel, r.ChannelTone, r.Tone = reader.T("Your team"), ui.Outline, ui.Grey
	}
	return r
}

// agent writes "Chrome / Mac", or what is known of it.
func agent(reader frame.Reader, browser, os string) string {
	switch {
	case browser == "" && os == "":
		return reader.T("Unknown device")
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
