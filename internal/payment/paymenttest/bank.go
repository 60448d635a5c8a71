package paymenttest

import (
	"context"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
)

// BankWorld is a world whose business has a bank account.
func BankWorld(t *testing.T, d *db.DB, change ...func(*payment.Config, *sandbox.Sandbox)) (*World, *banktransfer.Transfers) {
	t.Helper()
	var transfers *banktransfer.Transfers
	w := MustWorld(t, d, append(change, func(c *payment.Config, _ *sandbox.Sandbox) {
		transfers = banktransfer.New(d, c.Businesses, func(context.Context, *db.Tx, banktransfer.Transfer) error { return nil })
		c.Providers[banktransfer.Name] = transfers
	})...)
	account := banktransfer.Account{Name: "Acme", IBAN: "NL٩۱ ABNA 0417 1643 00", HoldDays: 7}
	if err := transfers.Save(t.Context(), w.Business, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return w, transfers
}
