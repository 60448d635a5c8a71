package paymenttest

import (
	"fmt"
	"net/netip"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/visit/source"
)

// Transfer is a stranger who wants to send the money from their bank.
func (w *World) Transfer(l link.Link) payment.StartRequest {
	r := w.Ask(l)
	r.Provider = banktransfer.Name
	return r
}

// AskFrom is a stranger who wants to pay what the link asks, from an address.
func (w *World) AskFrom(address string, l link.Link) payment.StartRequest {
	r := w.Ask(l)
	r.Attribution.Address = netip.MustParseAddr(address)
	r.Attribution.MaskedIP = source.MaskIP(r.Attribution.Address)
	return r
}

// Tries tells whether an attempt starts, and fails the test on anything but a refusal.
func (w *World) Tries(r payment.StartRequest) (attempt.Attempt, bool) {
	w.T.Helper()
	a, err := w.Payments.Start(w.T.Context(), r)
	if err != nil && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.SlotTaken) {
		w.T.Fatal(err)
	}
	return a, err == nil
}

// AskWith is ask with a code.
func (w *World) AskWith(l link.Link, code string) payment.StartRequest {
	r := w.Ask(l)
	r.Code = code
	return r
}

// HandOf is money that a member records for a link.
func (w *World) HandOf(l link.Link) payment.RecordRequest {
	return payment.RecordRequest{Business: w.Business, LinkID: l.ID, Amount: l.Price(), Method: payment.HandCash, By: "Marit"}
}

// AskUnits is ask for so many.
func (w *World) AskUnits(l link.Link, quantity int64) payment.StartRequest {
	r := w.Ask(l)
	r.Quantity = quantity
	return r
}

// Ask is a stranger who wants to pay what the link asks.
func (w *World) Ask(l link.Link) payment.StartRequest {
	n := w.Payers.Add(1)
	return payment.StartRequest{
		Business: w.Business, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: attempt.Payer{Name: "Jonas Lindqvist", Email: fmt.Sprintf("payer%d@example.com", n), Language: "en"},
		Attribution: attempt.Attribution{Channel: "qr", VisitID: fmt.Sprintf("visit-%d", n),
			MaskedIP: fmt.Sprintf("10.%d.%d.xxx", n/250, n%250)},
	}
}
