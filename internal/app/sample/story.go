package sample

import (
	"context"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// samplePhone is the number of a sample payer: one that belongs to nobody, and of
// which the mailbox tells what becomes of an SMS. Some payers have none.
func samplePhone(i int) string {
	if i%4 == 1 {
		return ""
	}
	return fmt.Sprintf("+467017406%02d", 5+i)
}

// makeCustomers writes down whom the studio knew from the start.
func (h *history) makeCustomers(ctx context.Context, b business.Business) error {
	h.goTo(h.begin)
	for i, name := range samplePayers {
		draft := customer.Fields{Name: name, Email: sampleAddress(name), Phone: samplePhone(i), Language: sampleLanguages[i%len(sampleLanguages)]}
		if name == "Jonas Lindqvist" {
			draft.Tags, draft.Notes = tag.Named("Regular"), "Rents the studio on Fridays."
		}
		if name == "Priya Raman" {
			draft.Tags = tag.Named("Regular", "Press")
		}
		if _, err := h.System.Customers.Create(ctx, b, draft); err != nil {
			return err
		}
	}
	return nil
}

// plan is a link that was sent and reminds.
type plan struct {
	sampleLink
	set  reminder.Settings
	days []int // on which reminders fell due, counted back from today
}

// samplePlans are one that is under way and one that the payer ends later.
var samplePlans = []plan{
	{sampleLink{name: "Family Portrait Balance", description: "The second half of your portrait session.", price: 24000, tags: []string{"Portrait"}, views: 11, days: 13,
		sentTo: []string{"Noor Bakker", "Elif Kaya", "Priya Raman", "Kwame Mensah", "Yuki Tanaka"}},
		reminder.Settings{Frequency: reminder.Every3Days, Max: 4}, []int{8, 5, 2}},
	{sampleLink{name: "Wedding Album Final Payment", description: "Forty pages, linen cover, two copies.", price: 42000, tags: []string{"Portrait"}, limit: link.Limit{Kind: link.Once}, views: 5, days: 40,
		sentTo: []string{albumPayer}},
		reminder.Settings{Frequency: reminder.Weekly, Max: 3}, []int{31}},
}

// albumPayer pays for the album after the first reminder.
const albumPayer = "Sanne de Vries"

// remind makes the links that remind, sends them, and lets reminders fall due. It
// returns their views. It comes before anything is paid, so that no receipt waits
// to be mailed.
func (h *history) remind(ctx context.Context, b business.Business) (views []visit.View, err error) {
	if err := h.optOut(ctx, b, message.BySMS, samplePhone(slices.Index(samplePayers, "Yuki Tanaka"))); err != nil {
		return nil, err
	}
	if err := h.optOut(ctx, b, message.ByEmail, sampleAddress("Kwame Mensah")); err != nil {
		return nil, err
	}
	for _, p := range samplePlans {
		l, product, err := h.makeLink(ctx, b, p.sampleLink)
		if err != nil {
			return nil, err
		}
		seen := h.openings(b, l, p.sampleLink)
		views = append(views, seen...)
		h.links[p.name] = sale{link: l, product: product, from: seen[0]}
		if err := h.System.DB.InTx(ctx, func(tx *db.Tx) error { return h.System.Reminders.SetTx(ctx, tx, b, l.ID, &p.set) }); err != nil {
			return nil, err
		}
		if err := h.send(ctx, b, l, p.sampleLink); err != nil {
			return nil, err
		}
		for _, day := range p.days {
			h.goTo(h.now.AddDate(0, 0, -day).Add(time.Minute))
			if _, err := h.System.Reminders.SendDue(ctx); err != nil {
				return nil, err
			}
			if err := h.System.Messages.SendDue(ctx); err != nil {
				return nil, err
			}
		}
	}
	return views, nil
}

func (h *history) optOut(ctx context.Context, b business.Business, by message.Channel, address string) error {
	h.goTo(h.now.AddDate(0, 0, -20))
	return h.System.DB.InTx(ctx, func(tx *db.Tx) error {
		return h.System.Deliveries.OptOut(ctx, tx, b.ID, by, address)
	})
}

// turns is what goes otherwise than paid: refunds, disputes, and payments that
// fail, wait, end, or are given up.
func (h *history) turns(b business.Business) []act {
	day := func(days float64) time.Time { return h.now.Add(-time.Duration(days * float64(24*time.Hour))) }
	try := func(at time.Time, name, who string, outcome sandbox.Outcome) act {
		return act{at, func(ctx context.Context) error {
			_, err := h.try(ctx, b, h.links[name], who, outcome)
			return err
		}}
	}
	bank := func(at time.Time, name string, which int, outcome sandbox.Outcome) act {
		return act{at, func(ctx context.Context) error {
			a, err := h.sold(name, which)
			if err == nil {
				_, err = h.decide(ctx, b, a, outcome, attempt.CauseWebhook)
			}
			return err
		}}
	}
	refund := func(at time.Time, name string, which int, cents int64, why string) act {
		return act{at, func(ctx context.Context) error {
			a, err := h.sold(name, which)
			if err != nil {
				return err
			}
			r := payment.RefundRequest{Reason: why, AskedBy: "Marit de Boer"}
			if cents > 0 {
				r.Amount = &money.Amount{Minor: cents, Currency: b.Currency}
			}
			_, err = h.System.Payments.Refund(ctx, b.ID, a.ID, r)
			return err
		}}
	}
	return []act{
		{day(29), func(ctx context.Context) error {
			return h.pay(ctx, b, h.links["Wedding Album Final Payment"], albumPayer)
		}},
		bank(day(20), "Early Bird Conference 2026", 3, sandbox.Disputed),
		bank(day(9), "Early Bird Conference 2026", 3, sandbox.DisputeWon),
		bank(day(4), "Premium Bundle", 5, sandbox.Disputed),
		refund(day(12), "Portrait Session Gift Card", 1, 0, "Bought twice by mistake."),
		refund(day(3), "Premium Bundle", 9, 3000, "One frame arrived damaged."),
		refund(day(0.6), "Early Bird Conference 2026", 20, 0, "Can’t come after all."),
		try(day(2.2), "Studio Rental Half Day", "Kwame Mensah", sandbox.Canceled),
		try(day(1.1), "Premium Bundle", "Lukas Weber", sandbox.Expired),
		try(day(0.4), "Premium Bundle", "Omar Haddad", sandbox.Failed),
		try(day(0.09), "Portrait Session Gift Card", "Ana Souza", sandbox.Failed),
		try(day(0.03), "Studio Rental Half Day", "Yuki Tanaka", sandbox.Pending),
	}
}

// sold is one of a link's payments, by its place.
func (h *history) sold(name string, which int) (attempt.Attempt, error) {
	if which >= len(h.paid[name]) {
		return attempt.Attempt{}, fault.New(fault.NotFound, "The demo has sold too few of "+name+".")
	}
	return h.paid[name][which], nil
}
