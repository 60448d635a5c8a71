package transactions

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/saved"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/statements"
	"smartlinks/internal/web/ui"
)

// transactionsView is the list of attempts to pay.
type transactionsView struct {
	Base, Export string
	Record       string // where a payment is recorded
	Books        string // a month for the accountant
	Import       string // of past payments, "" for who may not
	Tabs         []ui.Tab
	Filter       TransactionFilter
	Typed        string // into the field of the search
	Statuses     []frame.Choice
	Providers    []ui.Option
	Modes        []ui.Option
	LinkName     string // of the link that the list is narrowed to
	Test         bool
	None         bool // nobody ever tried to pay
	Rows         []TransactionRow
	OnStatements []statements.WaitingRow // that a person must decide on
	Sums         []transactionSum
	Saved        frame.SavedView
	Ranges       []ui.Tab
	TooMany      bool // to add up
	Newer, Older string
}

type TransactionRow struct {
	Href, Payer, Email, Title  string
	Amount, Refunded           string
	Receipt, Provider, Channel string
	Badge                      ui.BadgeProps
	Marks                      []ui.BadgeProps
	Time, Ago, ISO             string
	Sentence                   string // what to do, in the queue of what needs a look
	Test                       bool
	Foreign                    bool // not of the mode that the business is in
}

// sorting is the head of a column that sorts the list.
func (v transactionsView) sorting(key, label string) frame.Sorting {
	return frame.Sorting{Label: label, Key: key, Now: v.Filter.Sort, Default: "-started", Href: func(sort string) string {
		f := v.Filter
		f.Sort = sort
		return frame.WithQuery(v.Base, f.query(), "", "")
	}}
}

type transactionSum struct{ Payments, Gross, Refunded, Lost, Net string }

func (d pages) listTransactions(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, q := r.Context(), r.URL.Query()
	f, t := transactionFilterFrom(q, scope), frame.TrailFrom(q)
	narrow := f.payment()
	narrow.Cursor = t.Cursor
	views, next, err := d.Payments.List(ctx, scope.Business.ID, f.Mode, narrow)
	if err != nil {
		return err
	}
	typed := f.Query
	if len(views) == 0 && t.Cursor == "" && f.Query != "" {
		if f.Spelt, err = frame.Respelt(ctx, f.Query, []frame.Speller{d.SpeltInLinks(scope), d.SpeltInCustomers(scope)}, d.SpeltInPayments(scope)); err != nil {
			return err
		}
	}
	if f.Spelt != "" {
		f.Query = f.Spelt
		if views, next, err = d.Payments.List(ctx, scope.Business.ID, f.Mode, f.payment()); err != nil {
			return err
		}
	}
	base := scope.Base + "/transactions"
	v := transactionsView{
		Base: base, Record: scope.Base + "/record", Books: scope.Base + "/books", Export: frame.WithQuery(base+".csv", f.query(), "", ""), Filter: f, Typed: typed, Statuses: statusChoices(scope.Reader, f), Providers: providerOptions(scope.Reader),
		Modes: modeOptions(scope.Reader, scope.Business.Mode), Test: f.Mode == business.Test, None: len(views) == 0 && !f.Any() && t.Cursor == "",
		Newer: t.Newer(base, f.query()), Older: t.Older(base, f.query(), next),
	}
	if scope.MayManage() {
		v.Import = base + "/import"
	}
	for _, p := range views {
		v.Rows = append(v.Rows, TransactionRowOf(scope, p))
	}
	v.Ranges = f.ranges(scope.Reader, base)
	if v.Saved, err = d.SavedSearches(ctx, scope, saved.Transactions, base, f.query(), f.Any()); err != nil {
		return err
	}
	if v.Tabs, err = d.TransactionTabs(ctx, scope, base); err != nil {
		return err
	}
	if err := d.fillSums(ctx, scope, &v); err != nil {
		return err
	}
	if v.LinkName, err = d.linkName(ctx, scope, f.Link); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, transactionsPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Transactions"), Section: frame.TransactionsSection}), v))
}

// fillSums adds up what the filter holds, unless that is too much for a page.
func (d pages) fillSums(ctx context.Context, scope *frame.Scope, v *transactionsView) error {
	sums, all, err := d.Payments.Sums(ctx, scope.Business.ID, v.Filter.Mode, v.Filter.payment())
	v.TooMany = !all
	for _, s := range sums {
		v.Sums = append(v.Sums, transactionSum{
			Payments: scope.Number(s.Payments), Gross: scope.Money(s.Gross), Refunded: scope.Money(s.Refunded), Net: scope.Money(s.Net()),
		})
		if s.Lost.Minor > 0 {
			v.Sums[len(v.Sums)-1].Lost = scope.Money(s.Lost)
		}
	}
	return err
}

// linkName names the link that the list is narrowed to, "" for none.
func (d pages) linkName(ctx context.Context, scope *frame.Scope, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	l, err := d.Links.Label(ctx, scope.Business.ID, link.ID(id))
	if fault.Is(err, fault.NotFound) {
		return "a link that does not exist", nil
	}
	return l.Name, err
}

func TransactionRowOf(scope *frame.Scope, p history.View) TransactionRow {
	zone := scope.Business.Location()
	row := TransactionRow{
		Href: scope.Base + "/transactions/" + string(p.ID), Payer: cmp.Or(p.Payer.Name, p.Payer.Email, scope.T("Someone")), Email: p.Payer.Email, Title: p.Title,
		Amount: scope.Money(p.Amount), Receipt: p.Receipt, Provider: scope.ProviderName(p.Provider), Channel: charts.ChannelOf(scope.Reader, p.Channel).Label,
		Badge: TransactionBadge(scope.Reader, p.Status()), Marks: transactionMarks(scope.Reader, p), Sentence: whatHappened(scope.Reader, p).Text, Test: p.Mode == business.Test, Foreign: p.Mode != scope.Business.Mode,
		Time: scope.DateTime(p.CreatedAt, zone), Ago: scope.Ago(p.CreatedAt, scope.Now, zone), ISO: frame.IsoTime(p.CreatedAt),
	}
	if p.Refunded().Minor > 0 {
		row.Refunded = scope.Money(p.Refunded())
	}
	return row
}

func statusChoices(reader frame.Reader, f TransactionFilter) []frame.Choice {
	var ticks []frame.Choice
	for _, s := range history.Statuses() {
		ticks = append(ticks, frame.Choice{Value: string(s), Label: TransactionBadge(reader, s).Label, Checked: slices.Contains(f.Statuses, string(s))})
	}
	return ticks
}

func providerOptions(reader frame.Reader) []ui.Option {
	return []ui.Option{
		{Value: "", Label: reader.T("Every provider")}, {Value: "stripe", Label: reader.ProviderName("stripe")},
		{Value: "mollie", Label: reader.ProviderName("mollie")}, {Value: business.Sandbox, Label: reader.ProviderName(business.Sandbox)},
		{Value: banktransfer.Name, Label: reader.ProviderName(banktransfer.Name)}, {Value: payment.Manual, Label: reader.ProviderName(payment.Manual)},
	}
}

// modeOptions puts the business's own mode first, which needs no saying.
func modeOptions(reader frame.Reader, own business.Mode) []ui.Option {
	options := []ui.Option{{Value: string(business.Live), Label: reader.T("Live payments")}, {Value: string(business.Test), Label: reader.T("Test payments")}}
	if own == business.Test {
		slices.Reverse(options)
	}
	return options
}
