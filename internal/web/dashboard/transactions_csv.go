package dashboard

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/payment"
)

// exportColumns is the first line of the export. Columns are only ever added
// at the end.
var exportColumns = [...]string{
	"id", "status", "late", "mode", "created", "paid", "amount", "refunded", "net", "currency", "receipt", "title", "reference",
	"payer_name", "payer_email", "payer_notes", "link_id", "product_id", "customer_id", "channel", "provider", "provider_reference", "method", "lost",
}

// exportTransactions streams what the filter holds as CSV (RFC 4180).
func (d *Dashboard) exportTransactions(w http.ResponseWriter, r *http.Request, at *room) error {
	f := transactionFilterFrom(r.URL.Query(), at.Business)
	name := at.Business.Handle + "-transactions-" + at.Now.In(at.Business.Location()).Format(time.DateOnly) + ".csv"
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(exportColumns[:]); err != nil {
		return err
	}
	err := d.Payments.Each(r.Context(), at.Business.ID, f.Mode, f.payment(), func(p payment.View) error {
		return out.Write(exportRow(p, at.Business.Location()))
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		// The answer has begun. Breaking it off tells the reader that lines are
		// missing; a page in its place would end up in a spreadsheet.
		d.Log.ErrorContext(r.Context(), "an export broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func exportRow(p payment.View, zone *time.Location) []string {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(time.RFC3339)
	}
	amount, back, net := p.Amount, p.Refunded(), p.Kept()
	late := "no"
	if p.Late() {
		late = "yes"
	}
	row := []string{
		string(p.ID), string(p.Status()), late, string(p.Mode), moment(p.CreatedAt), moment(p.PaidAt), amount.Decimal(), back.Decimal(), net.Decimal(),
		string(amount.Currency), p.Receipt, p.Title, p.Reference, p.Payer.Name, p.Payer.Email, p.Payer.Notes, string(p.LinkID), string(p.ProductID),
		string(p.CustomerID), p.Channel, p.Provider, p.ProviderRef, p.Method, p.Lost().Decimal(),
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return row
}

// harmless keeps spreadsheets from running a payer's words as a formula: a cell
// that begins with what starts one is preceded by an apostrophe (OWASP, "CSV
// Injection"). Spaces before it don't help against some programs, so they are
// looked through; full-width signs count as well.
func harmless(cell string) string {
	switch first := strings.TrimLeft(cell, " \u00a0\u3000"); {
	case first == "":
		return cell
	case strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]):
		return "'" + cell
	}
	return cell
}
