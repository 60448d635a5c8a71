package books

import (
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/receipt"
	"smartlinks/internal/web/dashboard/frame"
)

// shown is how many entries the page lists; the file has all.
const shown = 200

// view is the page of a month.
type view struct {
	Base, Transactions, Export string
	Month, Label               string
	Older, Newer               string // "" for a month that has not begun
	Test                       bool
	Sums                       []sumView
	Rows                       []rowView
	Left                       string // how many entries are in the file alone, "" for none
}

// sumView is the month in one currency.
type sumView struct {
	Currency string
	Lines    []line
	Rates    []rateLine
}

type line struct {
	Label, Amount string
	Strong        bool
}

type rateLine struct{ Rate, Net, Tax, Gross string }

type rowView struct {
	Date, Kind, Number, Title, Payer, Href string
	Amount, VAT                            string
}

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	month, err := monthOf(r, scope)
	if err != nil {
		return err
	}
	sums, first, all, err := d.Receipts.Books(r.Context(), scope.Business.ID, scope.Business.Mode, month, shown)
	if err != nil {
		return err
	}
	base := scope.Base + "/books"
	at := func(m receipt.Month) string { return base + "?month=" + m.String() }
	v := view{
		Base: base, Transactions: scope.Base + "/transactions", Export: scope.Base + "/books.csv?month=" + month.String(), Month: month.String(),
		Label: scope.Span(days(month)), Older: at(receipt.MonthOf(month.From.AddDate(0, 0, -1), scope.Business.Location())),
		Test: scope.Business.Mode == business.Test,
	}
	if !month.To.After(scope.Now) {
		v.Newer = at(receipt.MonthOf(month.To, scope.Business.Location()))
	}
	for _, s := range sums {
		v.Sums = append(v.Sums, sumViewOf(scope, s))
	}
	for _, e := range first {
		v.Rows = append(v.Rows, rowViewOf(scope, e))
	}
	if all > len(first) {
		v.Left = scope.N(int64(all-len(first)), "{{.Count}} more entry is in the file.", "{{.Count}} more entries are in the file.")
	}
	return frame.Render(w, r, http.StatusOK, page(d.Frame(r, scope, frame.Heading{Title: scope.T("Books"), Section: frame.TransactionsSection}), v))
}

// days are the first and the last of a month, as days without a zone.
func days(m receipt.Month) (first, last time.Time) {
	year, month, _ := m.From.Date()
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC), time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
}

// monthOf is the month that is asked for; without one it is the present one.
func monthOf(r *http.Request, scope *frame.Scope) (receipt.Month, error) {
	asked := r.URL.Query().Get("month")
	if asked == "" {
		return receipt.MonthOf(scope.Now, scope.Business.Location()), nil
	}
	month, ok := receipt.ParseMonth(asked, scope.Business.Location())
	if !ok {
		return month, fault.New(fault.NotFound, "There is no such month. Give it like 2026-11.")
	}
	return month, nil
}

func sumViewOf(scope *frame.Scope, s receipt.Sum) sumView {
	say := func(minor int64) string { return scope.Money(s.In(minor)) }
	v := sumView{Currency: string(s.Currency), Lines: []line{
		{scope.N(s.Payments, "{{.Count}} payment", "{{.Count}} payments"), say(s.Taken), false},
		{scope.N(s.Refunds, "{{.Count}} refund", "{{.Count}} refunds"), say(s.Refunded), false},
	}}
	if s.Disputed != 0 {
		v.Lines = append(v.Lines, line{scope.T("Lost in disputes"), say(s.Disputed), false})
	}
	v.Lines = append(v.Lines, line{scope.T("Remaining"), say(s.Kept()), true})
	if s.Fee != 0 {
		v.Lines = append(v.Lines, line{scope.T("Payment costs covered by payers"), say(s.Fee), false})
	}
	if s.Tip != 0 {
		v.Lines = append(v.Lines, line{scope.T("Tips, without VAT"), say(s.Tip), false})
	}
	for _, r := range s.ByRate {
		rate := scope.T("No VAT rate")
		if r.Rate != nil {
			rate = money.Percent(r.Rate.String(), scope.Lang())
		}
		v.Rates = append(v.Rates, rateLine{rate, say(r.Net), say(r.Tax), say(r.Gross)})
	}
	return v
}

func rowViewOf(scope *frame.Scope, e receipt.Entry) rowView {
	row := rowView{
		Date: scope.Date(e.At, scope.Business.Location()), Number: e.Number, Title: e.Title, Payer: e.Payer, Amount: scope.Money(e.In(e.Amount)),
		Kind: kindWords(scope.Reader, e.Kind), Href: scope.Base + "/transactions/" + string(e.PaymentID),
	}
	if e.Kind == receipt.ImportedEntry {
		row.Href = ""
	}
	if e.VATRate != nil {
		row.VAT = scope.Money(e.In(e.VAT.Tax))
	}
	return row
}

func kindWords(reader frame.Reader, k receipt.EntryKind) string {
	switch k {
	case receipt.RefundEntry:
		return reader.T("Refund")
	case receipt.DisputeEntry:
		return reader.T("Dispute lost")
	case receipt.ReversedEntry:
		return reader.T("Dispute won")
	case receipt.ImportedEntry:
		return reader.T("Imported")
	}
	return reader.T("Payment")
}

// columns is the first line of the file. Columns are only ever added at the end.
var columns = [...]string{
	"date", "time", "kind", "number", "receipt", "payment_code", "title", "reference", "payer", "company", "vat_id", "country", "provider", "method", "currency",
	"amount", "net", "vat_rate", "vat", "tip", "fee_covered", "mode",
}

// export streams the month as CSV.
func (d pages) export(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	month, err := monthOf(r, scope)
	if err != nil {
		return err
	}
	return d.SendFigures(w, r, scope, "books-"+month.String(), columns[:], func(line func(day string, cells ...string) error) error {
		return d.Receipts.EachEntry(r.Context(), scope.Business.ID, scope.Business.Mode, month, func(e receipt.Entry) error {
			return line(dayOf(e, scope.Business), cells(e, scope.Business)...)
		})
	})
}

func dayOf(e receipt.Entry, b business.Business) string {
	return e.At.In(b.Location()).Format(time.DateOnly)
}

func cells(e receipt.Entry, b business.Business) []string {
	rate, country := "", ""
	if e.VATRate != nil {
		rate = e.VATRate.String()
	}
	if e.Answers.Address != nil {
		country = e.Answers.Address.Country
	}
	code := ""
	if e.PaymentID != "" {
		code = e.PaymentID.Code()
	}
	say := func(minor int64) string { return e.In(minor).Decimal() }
	return []string{
		frame.CellTime(e.At, b.Location()), string(e.Kind), e.Number, e.Receipt, code, e.Title, e.Reference, e.Payer,
		e.Answers.Company, e.Answers.VATID, country, e.Provider, e.Method, string(e.Currency),
		say(e.Amount), say(e.VAT.Net), rate, say(e.VAT.Tax), say(e.Tip), say(e.Fee), string(b.Mode),
	}
}
