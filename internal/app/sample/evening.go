package sample

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/recovery"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
)

// made is a sample link that is there before anything happens to it.
func (h *history) made(ctx context.Context, b business.Business, s sampleLink) (sale, []visit.View, error) {
	l, p, err := h.makeLink(ctx, b, s)
	if err != nil {
		return sale{}, nil, err
	}
	seen := h.openings(b, l, s)
	h.links[s.name] = sale{link: l, product: p, from: seen[0]}
	return h.links[s.name], seen, h.send(ctx, b, l, s)
}

// ago is so many days before today.
func (h *history) ago(days float64) time.Time {
	return h.now.Add(-time.Duration(days * float64(24*time.Hour)))
}

// café is the studio's counter: guests choose what they pay, and tip.
func (h *history) café(ctx context.Context, b business.Business) ([]visit.View, []act, error) {
	euros := func(cents int64) money.Amount { return money.Amount{Minor: cents, Currency: b.Currency} }
	s, seen, err := h.made(ctx, b, sampleLink{
		name: "Café Noord", description: "Coffee, cake and what you had. Scan, pay, stay.", price: 850, tags: []string{"Café"}, views: 120, days: 41,
		with: func(f *link.Fields) {
			f.PayerAmount = &link.Range{Min: euros(200), Max: euros(6000), Suggested: []money.Amount{euros(450), euros(850), euros(1400)}}
			f.Checkout.Tip = &checkout.Tip{Percent: []int64{5, 10, 15}, Own: true}
		},
	})
	var acts []act
	for i, paid := range h.salesAmong(seen, s.link, nil, 16) {
		cents := euros([]int64{450, 850, 1400, 625, 1950}[i%5])
		paid.amount, paid.extras = &cents, checkout.Extras{Tip: []string{"10", checkout.NoTip, "5", "15"}[i%4]}
		acts = append(acts, act{paid.at, func(ctx context.Context) error { return h.pay(ctx, b, paid, samplePayers[(i*7)%len(samplePayers)]) }})
	}
	return seen, acts, err
}

// evening is what more want to come to than it has places, and a walk whose guests are asked
// what they eat; and somebody who began to pay, and finished once they were asked again.
func (h *history) evening(ctx context.Context, b business.Business) (views []visit.View, acts []act, err error) {
	concert, views, err := h.made(ctx, b, sampleLink{
		name: "Rooftop Concert", description: "Eight chairs, one cello and the evening light.", price: 1800, tags: []string{"Event"}, limit: upTo(8), views: 210, days: 19,
		with: func(f *link.Fields) { f.WaitingList, f.OfferHours = true, 48 },
	})
	if err != nil {
		return nil, nil, err
	}
	for i := range 8 {
		acts = append(acts, act{h.ago(18.5 - float64(i)*0.9), func(ctx context.Context) error { return h.pay(ctx, b, concert, samplePayers[i]) }})
	}
	for i, name := range samplePayers[12:18] {
		acts = append(acts, act{h.ago(9 - float64(i)*1.2), func(ctx context.Context) error {
			_, err := h.System.Waiting.Join(ctx, b, concert.link.ID, sampleAddress(name), "en", 1)
			return err
		}})
	}
	acts = append(acts, act{h.ago(0.2), func(ctx context.Context) error { // the first who waits is offered the place
		a, err := h.sold(concert.link.Name, 4)
		if err == nil {
			_, err = h.System.Payments.Refund(ctx, b.ID, a.ID, payment.RefundRequest{Reason: "Ill that evening.", AskedBy: "Marit de Boer", ReturnSlot: true})
		}
		return err
	}})
	seen, more, err := h.walk(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	acts = append(acts, more...)
	var begun attempt.Attempt
	var asked recovery.Recovery
	acts = append(acts,
		act{h.ago(5), func(ctx context.Context) (err error) {
			begun, err = h.try(ctx, b, h.links["Premium Bundle"], "Léa Moreau", sandbox.Failed)
			return err
		}},
		act{h.ago(4.9), func(ctx context.Context) (err error) {
			asked, err = h.System.Recovery.Ask(ctx, b, begun.ID)
			return err
		}},
		act{h.ago(4.7), func(ctx context.Context) error {
			again := h.links["Premium Bundle"]
			again.token, again.from.Channel = asked.Token, string(source.Recovery)
			return h.pay(ctx, b, again, "Léa Moreau")
		}},
		act{h.ago(7), func(ctx context.Context) error {
			_, err := h.System.Payments.Record(ctx, payment.RecordRequest{
				Business: b, LinkID: h.links["Studio Rental Half Day"].link.ID, Amount: money.Amount{Minor: 16000, Currency: b.Currency}, Method: payment.HandCash,
				Name: "Kwame Mensah", Email: sampleAddress("Kwame Mensah"), Note: "Paid at the counter.", By: "Marit de Boer",
			})
			return err
		}},
	)
	return append(views, seen...), acts, nil
}

// walk asks its guests questions and sells several places at once.
func (h *history) walk(ctx context.Context, b business.Business) ([]visit.View, []act, error) {
	s, seen, err := h.made(ctx, b, sampleLink{
		name: "Photo Walk with Lunch", description: "Along the harbour on Sunday, with lunch at the end.", price: 3200, tags: []string{"Workshop", "Event"}, views: 142, days: 15,
		limit: link.Limit{Kind: link.Multiple, Max: 24, Counts: link.Units},
		with: func(f *link.Fields) {
			f.Checkout.Quantity = &checkout.Quantity{Min: 1, Max: 4}
			f.Checkout.Questions = []checkout.Question{
				{Key: "lunch", Label: "What would you like for lunch?", Type: checkout.Choice, Required: true, Options: []string{"Fish", "Vegetarian", "Vegan"}},
				{Key: "camera", Label: "Which camera do you bring?", Type: checkout.Text},
			}
		},
	})
	var acts []act
	for i, paid := range h.salesAmong(seen, s.link, nil, 9) {
		paid.quantity = int64(1 + i%3)
		paid.answers.Fields = []checkout.Answer{{Key: "lunch", Label: "What would you like for lunch?", Type: checkout.Choice, Values: []string{[]string{"Fish", "Vegetarian", "Vegan"}[i%3]}}}
		if i%2 == 0 {
			paid.answers.Fields = append(paid.answers.Fields, checkout.Answer{Key: "camera", Label: "Which camera do you bring?", Type: checkout.Text, Values: []string{fmt.Sprintf("A Nikon F%d", 2+i%3)}})
		}
		acts = append(acts, act{paid.at, func(ctx context.Context) error { return h.pay(ctx, b, paid, samplePayers[(i*3+2)%len(samplePayers)]) }})
	}
	return seen, acts, err
}
