// Package ordertest has orders of each combination of what payments are made of, for tests
// of what is asked of providers: how many, a code, a tip, the fee, in currencies of no, two
// and three decimals.
package ordertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Case is an order, with the parts that it is made of.
type Case struct {
	Name  string
	Parts checkout.Parts
	Order provider.Order
}

// Metadata are as many pairs, and as long ones, as a link can have.
func Metadata() (pairs []checkout.Pair) {
	for i := range checkout.MaxMetadata {
		pairs = append(pairs, checkout.Pair{Name: fmt.Sprintf("%02d%s", i, strings.Repeat("k", 38)), Value: strings.Repeat("é", 500)})
	}
	return append([]checkout.Pair{{Name: "event", Value: "c26"}}, pairs[:checkout.MaxMetadata-1]...)
}

// Each gives every order to do, and how many came to nothing, which no provider is asked for.
// The least that can be charged is 50 minor units, in steps of what a currency allows.
func Each(t *testing.T, at provider.Account, now time.Time, do func(t *testing.T, c Case)) (free int) {
	t.Helper()
	rules := checkout.Rules{Tip: &checkout.Tip{Percent: []int64{7}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.85", Fixed: 30}}
	codes := []checkout.Off{{}, {Code: "TENTH", Percent: 10_00}, {Code: "THIRD", Percent: 33_33}, {Code: "LESS", Amount: 500}, {Code: "NEARLY", Percent: 99_90}, {Code: "FREE", Percent: 100_00}}
	made := 0
	for _, in := range []struct {
		currency money.Currency
		step     int64
		units    []int64
		numbers  []int64
	}{{"EUR", 1, []int64{210, 3330}, []int64{1, 3}}, {"JPY", 1, []int64{3330}, []int64{3}}, {"KWD", 10, []int64{3330}, []int64{3}}} {
		for _, unit := range in.units {
			for _, quantity := range in.numbers {
				for _, off := range codes {
					for _, tip := range []string{checkout.NoTip, "7", checkout.OwnTip} {
						for _, fee := range []bool{false, true} {
							extras := checkout.Extras{Tip: tip, CoverFee: fee}
							if tip == checkout.OwnTip {
								extras.Own = 130
							}
							name := fmt.Sprintf("%d × %d %s, code %q, tip %q, fee %t", quantity, unit, in.currency, off.Code, tip, fee)
							var wrong fault.Fields
							p := rules.Price(checkout.Parts{Currency: in.currency, Quantity: quantity, Unit: unit}, off, extras, checkout.Chargeable{Least: 50, Step: in.step}, &wrong)
							if len(wrong) > 0 || p.Total() != p.List()-p.Discount+p.Tip+p.Fee || p.Discount > p.List() || p.Total() < 0 || p.Total()%in.step != 0 {
								t.Errorf("%s: %+v, %v", name, p, wrong)
							}
							if p.Total() == 0 {
								free++
								continue
							}
							made++
							do(t, Case{name, p, provider.Order{
								AttemptID: attempt.ID(fmt.Sprintf("pay_%d", made)), Account: at, Amount: p.In(p.Total()), Description: "Workshop", Lines: provider.Lines("Workshop", p),
								ReturnURL: "https://pay.example/pay/pay_1", Payer: attempt.Payer{Email: "sanne@example.com", Language: "nl"}, CreatedAt: now, ExpiresAt: now.Add(attempt.HoldFor),
								Source: map[string]string{"link": "lnk_1"}, Extra: Metadata(),
							}})
						}
					}
				}
			}
		}
	}
	return free
}
