package overview

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/transactions"
	"smartlinks/internal/web/ui"
)

// overviewRows is how many payments and links the overview names.
const overviewRows = 7

// bankChangeShown is how long the overview tells of another IBAN.
const bankChangeShown = 7 * 24 * time.Hour

// overviewView is the first page of a business: how it does.
type overviewView struct {
	Base, FirstName string
	Dates           string // "20 Jan – 18 Feb 2026"
	Ranges          []ui.Tab
	Currencies      []ui.Tab // none where all money is in one
	Checklist       checklistView
	Figures         overviewFigures
	Chart           charts.SalesChart
	Recent          []recentRow
	Best            []bestRow
	Brand           ui.Business
	BankChanged     string // who changed the IBAN in the last days, "" for nobody
	Overdue         string // "2 links are overdue", "" for none
	Recovery        recoveryView
}

// recoveryView is what mails brought that asked again within the period. Asked is "" where
// nobody was.
type recoveryView struct{ Asked, Paid, Revenue string }

// Welcome reports whether there is nothing yet but things to set up.
func (v overviewView) Welcome() bool { return v.Checklist.Whole }

func (d pages) showOverview(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, q := r.Context(), r.URL.Query()
	zone := scope.Business.Location()
	span := charts.RangeFrom(q)
	days := visit.LastDays(span, scope.Now, zone)
	both := visit.Span{First: days.Before().First, Last: days.Last}
	series, err := visit.BusinessDays(ctx, d.DB, string(scope.Business.ID), scope.Mode(), both)
	if err != nil {
		return err
	}
	currency := currencyFrom(q, scope.Business.Currency, series)
	v := overviewView{
		Base: scope.Base, FirstName: firstName(scope.Member.Name), Dates: dateSpan(scope.Reader, days),
		Ranges: overviewRanges(scope.Reader, scope.Base, q, span), Currencies: currencyTabs(scope.Base, q, currency, series),
		Figures: overviewFiguresOf(scope.Reader, series, currency, span), Chart: charts.NewSales(scope.Reader, series, currency, span),
		Brand: ui.Business{Name: scope.Business.Name, Brand: scope.Business.BrandColor, Logo: frame.ImageHref(scope, scope.Business.LogoID)},
	}
	if v.Checklist, err = d.checklist(ctx, scope); err != nil {
		return err
	}
	overdue, err := d.Links.CountOverdue(ctx, scope.Business)
	if err != nil {
		return err
	}
	if scope.Business.Transfers && scope.MayManage() {
		a, err := d.Transfers.Account(ctx, scope.Business.ID)
		if err != nil {
			return err
		}
		if scope.Now.Sub(a.ChangedAt) < bankChangeShown {
			v.BankChanged = scope.T("{{.Name}} changed the IBAN on {{.When}}.", "Name", a.ChangedBy, "When", scope.DateTime(a.ChangedAt, zone))
		}
	}
	period := days.Period(zone)
	if v.Recovery, err = d.recovered(ctx, scope, period); err != nil {
		return err
	}
	if overdue > 0 {
		v.Overdue = scope.N(overdue, "{{.Count}} link is overdue", "{{.Count}} links are overdue")
	}
	if v.Recent, err = d.recentPayments(ctx, scope); err != nil {
		return err
	}
	if v.Best, err = d.bestOf(ctx, scope, currency, period); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, overviewPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Overview"), Section: frame.OverviewSection}), v))
}

func (d pages) recovered(ctx context.Context, scope *frame.Scope, p visit.Period) (v recoveryView, err error) {
	f, err := d.Recovery.FiguresOf(ctx, scope.Business, p.From, p.To)
	if err != nil || f.Asked == 0 {
		return v, err
	}
	most, more := transactions.RevenueOf(scope.Reader, f)
	return recoveryView{scope.Number(f.Asked), scope.Number(f.Paid), most + more}, nil
}

// recentRow is a payment on the overview.
type recentRow struct {
	Href, Payer, Title, Receipt, Amount string
	Badge                               ui.BadgeProps
	Time, Whole, ISO                    string
	Moved                               bool // the money is here, or was
}

// recentStatuses are those of which a merchant wants to hear: whoever only looked
// at the checkout is left out.
func recentStatuses() []history.Status {
	return []history.Status{history.StatusPaid, history.StatusPending, history.StatusFailed, history.StatusRefunded,
		history.StatusPartiallyRefunded, history.StatusOverflow, history.StatusReview}
}

func (d pages) recentPayments(ctx context.Context, scope *frame.Scope) ([]recentRow, error) {
	views, _, err := d.Payments.List(ctx, scope.Business.ID, scope.Business.Mode, history.Filter{Statuses: recentStatuses(), Limit: overviewRows})
	zone := scope.Business.Location()
	rows := make([]recentRow, len(views))
	for i, p := range views {
		rows[i] = recentRow{
			Href: scope.Base + "/transactions/" + string(p.ID), Payer: cmp.Or(p.Payer.Name, p.Payer.Email, scope.T("Someone")), Title: p.Title,
			Receipt: cmp.Or(p.Receipt, scope.T("No receipt")), Amount: scope.Money(p.Amount), Badge: transactions.TransactionBadge(scope.Reader, p.Status()),
			Time: shortTime(scope.Reader, p.CreatedAt, scope.Now, zone), Whole: scope.DateTime(p.CreatedAt, zone), ISO: frame.IsoTime(p.CreatedAt),
			Moved: p.Status() == history.StatusPaid,
		}
		if p.Status() == history.StatusPending {
			rows[i].Receipt = scope.T("No receipt yet")
		}
	}
	return rows, err
}

// bestRow is a link on the overview, with a bar beside the best one's.
type bestRow struct {
	Name, Href, Revenue, Payments string
	Width                         string // of a bar of 1000 units
}

func (d pages) bestOf(ctx context.Context, scope *frame.Scope, currency money.Currency, p visit.Period) ([]bestRow, error) {
	best, err := visit.BestOf(ctx, d.DB, string(scope.Business.ID), scope.Mode(), string(currency), p, overviewRows)
	rows := make([]bestRow, len(best))
	for i, b := range best {
		rows[i] = bestRow{
			Name: b.Name, Href: targetHref(scope, b), Revenue: scope.Money(money.Amount{Minor: b.Revenue, Currency: currency}),
			Payments: scope.N(b.Payments, "{{.Count}} payment", "{{.Count}} payments"), Width: charts.Number(1000 * float64(b.Revenue) / float64(max(best[0].Revenue, 1))),
		}
		if b.Name == "" {
			rows[i].Name = scope.T("Payment page")
		}
	}
	return rows, err
}

// targetHref is the page of what earned something, "" once it is deleted.
func targetHref(scope *frame.Scope, b visit.Best) string {
	switch {
	case b.Deleted:
		return ""
	case strings.HasPrefix(b.TargetID, "lnk_"):
		return scope.Base + "/links/" + b.TargetID
	case b.TargetID == string(scope.Business.ID):
		return scope.Base + "/page"
	}
	return scope.Base + "/products/" + b.TargetID
}

// firstName is what somebody is called.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// overviewHref is the overview with one part of its address changed.
func overviewHref(base string, q url.Values, name, value string) string {
	query := url.Values{}
	frame.CopyParams(query, q, "days", "currency")
	query.Set(name, value)
	return base + "?" + query.Encode()
}
