package transactions

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
)

// exportColumns is the first line of the export. Columns are only ever added
// at the end.
var exportColumns = [...]string{
	"id", "status", "late", "mode", "created", "paid", "amount", "refunded", "net", "currency", "receipt", "title", "reference",
	"payer_name", "payer_email", "payer_notes", "link_id", "product_id", "customer_id", "channel", "provider", "provider_reference", "method", "lost", "code",
	"quantity", "unit_amount", "tip", "fee_covered", "phone", "company", "vat_id", "address", "country", "consent", "consent_at", "marketing", "client_reference_id", "utm", "metadata",
	"list_amount", "discount", "discount_code",
}

// exportTransactions streams what the filter holds as CSV (RFC 4180).
func (d pages) exportTransactions(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	f := transactionFilterFrom(r.URL.Query(), scope)
	keys, err := d.Payments.AnswerKeys(r.Context(), scope.Business.ID, f.Mode)
	if err != nil {
		return err
	}
	columns := exportColumns[:]
	for _, key := range keys {
		columns = append(columns, "field_"+key)
	}
	return d.SendList(w, r, scope, "transactions", columns, func(line func(cells ...string) error) error {
		return d.Payments.Each(r.Context(), scope.Business.ID, f.Mode, f.payment(), func(p history.View) error {
			return line(exportRow(p, keys, scope.Business.Location())...)
		})
	})
}

func exportRow(p history.View, keys []string, zone *time.Location) []string {
	amount, back, net := p.Amount, p.Refunded(), p.Kept()
	parts := p.Parts()
	return append([]string{
		string(p.ID), string(p.Status()), frame.YesNo(p.Late()), string(p.Mode), frame.CellTime(p.CreatedAt, zone), frame.CellTime(p.PaidAt, zone), amount.Decimal(), back.Decimal(), net.Decimal(),
		string(amount.Currency), p.Receipt, p.Title, p.Reference, p.Payer.Name, p.Payer.Email, p.Payer.Notes, string(p.LinkID), string(p.ProductID),
		string(p.CustomerID), p.Channel, p.Provider, p.ProviderRef, p.Method, p.Lost().Decimal(), p.ID.Code(),
		strconv.FormatInt(p.Quantity, 10), p.Unit.Decimal(),
		parts.In(parts.Tip).Decimal(), parts.In(parts.Fee).Decimal(),
	}, answerCells(p.Answers, keys, zone, parts.In(parts.List()).Decimal(), parts.In(parts.Discount).Decimal(), parts.Code)...)
}

// answerCells are what a payer answered, then more, then the answers to questions in the
// order of the keys.
func answerCells(a checkout.Answers, keys []string, zone *time.Location, more ...string) []string {
	var address, country, consent, consentAt, marketing string
	if a.Address != nil {
		address, country = strings.Join(a.Address.Lines(), ", "), a.Address.Country
	}
	if a.Consent != nil {
		consent, consentAt = a.Consent.Text, frame.CellTime(a.Consent.At, zone)
	}
	if a.Marketing != nil {
		marketing = frame.YesNo(a.Marketing.Agreed)
	}
	cells := []string{a.Phone, a.Company, a.VATID, address, country, consent, consentAt, marketing, a.Reference, pairCell(a.Campaign), pairCell(a.Metadata)}
	cells = append(cells, more...)
	for _, key := range keys {
		cell := ""
		for _, f := range a.Fields {
			if f.Key == key {
				cell = f.Said("yes")
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// pairCell writes pairs as name=value, parted by blanks.
func pairCell(pairs []checkout.Pair) string {
	var all []string
	for _, p := range pairs {
		all = append(all, p.Name+"="+p.Value)
	}
	return strings.Join(all, " ")
}
