package dashboard

import (
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui"
)

// transactionsView is the list of attempts to pay.
type transactionsView struct {
	Base, Export string
	Tabs         []ui.Tab
	Filter       transactionFilter
	Statuses     []tick
	Providers    []ui.Option
	Modes        []ui.Option
	LinkName     string // of the link that the list is narrowed to
	Test         bool
	None         bool // nobody ever tried to pay
	Rows         []transactionRow
	Sums         []transactionSum
	TooMany      bool // to add up
	Newer, Older string
}

type transactionRow struct {
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
func (v transactionsView) sorting(key, label string) sorting {
	return sorting{Label: label, Key: key, Now: v.Filter.Sort, Default: "-started", Href: func(sort string) string {
		f := v.Filter
		f.Sort = sort
		return withQuery(v.Base, f.query(), "", "")
	}}
}

type transactionSum struct{ Payments, Gross, Refunded, Lost, Net string }

func (d *Dashboard) listTransactions(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, q := r.Context(), r.URL.Query()
	f, t := transactionFilterFrom(q, at.Business), trailFrom(q)
	narrow := f.payment()
	narrow.Cursor = t.cursor
	views, next, err := d.Payments.List(ctx, at.Business.ID, f.Mode, narrow)
	if err != nil {
		return err
	}
	base := at.Base + "/transactions"
	v := transactionsView{
		Base: base, Export: withQuery(base+".csv", f.query(), "", ""), Filter: f, Statuses: paymentTicks(f), Providers: providerOptions(),
		Modes: modeOptions(at.Business.Mode), Test: f.Mode == business.Test, None: len(views) == 0 && !f.Any() && t.cursor == "",
		Newer: t.newer(base, f.query()), Older: t.older(base, f.query(), next),
	}
	for _, p := range views {
		v.Rows = append(v.Rows, transactionRowOf(at, p))
	}
	if v.Tabs, err = d.transactionTabs(ctx, at, base); err != nil {
		return err
	}
	if err := d.fillSums(ctx, at, &v); err != nil {
		return err
	}
	if v.LinkName, err = d.linkName(ctx, at, f.Link); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, transactionsPage(d.frame(r, at, place{"Transactions", transactionsRoom}), v))
}

// fillSums adds up what the filter holds, unless that is too much for a page.
func (d *Dashboard) fillSums(ctx context.Context, at *room, v *transactionsView) error {
	sums, all, err := d.Payments.Sums(ctx, at.Business.ID, v.Filter.Mode, v.Filter.payment())
	v.TooMany = !all
	for _, s := range sums {
		v.Sums = append(v.Sums, transactionSum{
			Payments: count(s.Payments), Gross: asMoney(s.Gross), Refunded: asMoney(s.Refunded), Net: asMoney(s.Net()),
		})
		if s.Lost.Minor > 0 {
			v.Sums[len(v.Sums)-1].Lost = asMoney(s.Lost)
		}
	}
	return err
}

// linkName names the link that the list is narrowed to, "" for none.
func (d *Dashboard) linkName(ctx context.Context, at *room, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	l, err := d.Links.Label(ctx, at.Business.ID, link.ID(id))
	if fault.Is(err, fault.NotFound) {
		return "a link that does not exist", nil
	}
	return l.Name, err
}

// transactionTabs are the pages of the room; here is the one that is open.
func (d *Dashboard) transactionTabs(ctx context.Context, at *room, here string) ([]ui.Tab, error) {
	n, err := d.Payments.NeedsALook(ctx, at.Business.ID, at.Business.Mode)
	waiting := ""
	if n > 0 {
		waiting = count(n)
	}
	base := at.Base + "/transactions"
	tabs := []ui.Tab{{Label: "All", Href: base}, {Label: "Needs a look", Href: base + "/review", Count: waiting}}
	if at.mayManage() {
		tabs = append(tabs, ui.Tab{Label: "Webhooks", Href: base + "/webhooks"})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == here
	}
	return tabs, err
}

func transactionRowOf(at *room, p payment.View) transactionRow {
	zone := at.Business.Location()
	row := transactionRow{
		Href: at.Base + "/transactions/" + string(p.ID), Payer: firstOf(p.Payer.Name, p.Payer.Email, "Someone"), Email: p.Payer.Email, Title: p.Title,
		Amount: asMoney(p.Amount), Receipt: p.Receipt, Provider: providerName(p.Provider), Channel: channelOf(p.Channel).label,
		Badge: transactionBadge(p.Status()), Marks: transactionMarks(p), Sentence: whatHappened(p).Text, Test: p.Mode == business.Test, Foreign: p.Mode != at.Business.Mode,
		Time: dateTime(p.CreatedAt, zone), Ago: ago(p.CreatedAt, at.Now, zone), ISO: isoTime(p.CreatedAt),
	}
	if p.Refunded().Minor > 0 {
		row.Refunded = asMoney(p.Refunded())
	}
	return row
}

func paymentTicks(f transactionFilter) []tick {
	var ticks []tick
	for _, s := range payment.Statuses() {
		ticks = append(ticks, tick{Value: string(s), Label: transactionBadge(s).Label, Checked: slices.Contains(f.Statuses, string(s))})
	}
	return ticks
}

func providerOptions() []ui.Option {
	return []ui.Option{
		{Value: "", Label: "Every provider"}, {Value: "stripe", Label: providerName("stripe")},
		{Value: "mollie", Label: providerName("mollie")}, {Value: business.Sandbox, Label: providerName(business.Sandbox)},
	}
}

// modeOptions puts the business's own mode first, which needs no saying.
func modeOptions(own business.Mode) []ui.Option {
	options := []ui.Option{{Value: string(business.Live), Label: "Live payments"}, {Value: string(business.Test), Label: "Test payments"}}
	if own == business.Test {
		slices.Reverse(options)
	}
	return options
}
