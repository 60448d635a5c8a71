package dashboard

import (
	"net/http"
	"time"

	"smartlinks/internal/payment"
)

// exportColumns is the first line of the export. Columns are only ever added
// at the end.
var exportColumns = [...]string{
	"id", "status", "late", "mode", "created", "paid", "amount", "refunded", "net", "currency", "receipt", "title", "reference",
	"payer_name", "payer_email", "payer_notes", "link_id", "product_id", "customer_id", "channel", "provider", "provider_reference", "method", "lost", "code",
}

// exportTransactions streams what the filter holds as CSV (RFC 4180).
func (d *Dashboard) exportTransactions(w http.ResponseWriter, r *http.Request, at *room) error {
	f := transactionFilterFrom(r.URL.Query(), at.Business)
	return d.sendList(w, r, at, "transactions", exportColumns[:], func(line func(cells ...string) error) error {
		return d.Payments.Each(r.Context(), at.Business.ID, f.Mode, f.payment(), func(p payment.View) error {
			return line(exportRow(p, at.Business.Location())...)
		})
	})
}

func exportRow(p payment.View, zone *time.Location) []string {
	amount, back, net := p.Amount, p.Refunded(), p.Kept()
	return []string{
		string(p.ID), string(p.Status()), yesNo(p.Late()), string(p.Mode), cellTime(p.CreatedAt, zone), cellTime(p.PaidAt, zone), amount.Decimal(), back.Decimal(), net.Decimal(),
		string(amount.Currency), p.Receipt, p.Title, p.Reference, p.Payer.Name, p.Payer.Email, p.Payer.Notes, string(p.LinkID), string(p.ProductID),
		string(p.CustomerID), p.Channel, p.Provider, p.ProviderRef, p.Method, p.Lost().Decimal(), p.ID.Code(),
	}
}
