package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// overviewRows is how many payments and links the overview names.
const overviewRows = 7

// overviewView is the first page of a business: how it does.
type overviewView struct {
	Base, FirstName string
	Dates           string // "20 Jan – 18 Feb 2026"
	Ranges          []ui.Tab
	Currencies      []ui.Tab // none where all money is in one
	Checklist       checklistView
	Figures         overviewFigures
	Chart           salesChart
	Recent          []recentRow
	Best            []bestRow
	Brand           ui.Business
}

// Welcome reports whether there is nothing yet but things to set up.
func (v overviewView) Welcome() bool { return v.Checklist.Whole }

func (d *Dashboard) showOverview(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, q := r.Context(), r.URL.Query()
	zone := at.Business.Location()
	span := rangeFrom(q)
	days := visit.LastDays(span, at.Now, zone)
	both := visit.Span{First: days.Before().First, Last: days.Last}
	series, err := visit.Whole(ctx, d.DB, string(at.Business.ID), at.mode(), both)
	if err != nil {
		return err
	}
	currency := currencyFrom(q, at.Business.Currency, series)
	v := overviewView{
		Base: at.Base, FirstName: firstName(at.Member.Name), Dates: dateSpan(days),
		Ranges: overviewRanges(at.Base, q, span), Currencies: currencyTabs(at.Base, q, currency, series),
		Figures: overviewFiguresOf(series, currency, span), Chart: newSales(series, currency, span),
		Brand: ui.Business{Name: at.Business.Name, Brand: at.Business.BrandColor, Logo: imageHref(at, at.Business.LogoID)},
	}
	if v.Checklist, err = d.checklist(ctx, at); err != nil {
		return err
	}
	if v.Recent, err = d.recentPayments(ctx, at); err != nil {
		return err
	}
	if v.Best, err = d.bestOf(ctx, at, currency, days.Period(zone)); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, overviewPage(d.frame(r, at, place{"Overview", overviewRoom}), v))
}

// recentRow is a payment on the overview.
type recentRow struct {
	Href, Payer, Title, Receipt, Amount string
	Badge                               ui.BadgeProps
	Time, Whole, ISO                    string
	Moved                               bool // the money is here, or was
}

// toldStatuses are those of which a merchant wants to hear: whoever only looked
// at the checkout is left out.
func toldStatuses() []payment.Status {
	return []payment.Status{payment.StatusPaid, payment.StatusPending, payment.StatusFailed, payment.StatusRefunded,
		payment.StatusPartiallyRefunded, payment.StatusOverflow, payment.StatusReview}
}

func (d *Dashboard) recentPayments(ctx context.Context, at *room) ([]recentRow, error) {
	views, _, err := d.Payments.List(ctx, at.Business.ID, at.Business.Mode, payment.Filter{Statuses: toldStatuses(), Limit: overviewRows})
	zone := at.Business.Location()
	rows := make([]recentRow, len(views))
	for i, p := range views {
		rows[i] = recentRow{
			Href: at.Base + "/transactions/" + string(p.ID), Payer: firstOf(p.Payer.Name, p.Payer.Email, "Someone"), Title: p.Title,
			Receipt: firstOf(p.Receipt, "No receipt"), Amount: asMoney(p.Amount), Badge: transactionBadge(p.Status()),
			Time: shortTime(p.CreatedAt, at.Now, zone), Whole: dateTime(p.CreatedAt, zone), ISO: isoTime(p.CreatedAt),
			Moved: p.Status() == payment.StatusPaid,
		}
		if p.Status() == payment.StatusPending {
			rows[i].Receipt = "No receipt yet"
		}
	}
	return rows, err
}

// bestRow is a link on the overview, with a bar beside the best one's.
type bestRow struct {
	Name, Href, Revenue, Payments string
	Width                         string // of a bar of 1000 units
}

func (d *Dashboard) bestOf(ctx context.Context, at *room, currency money.Currency, p visit.Period) ([]bestRow, error) {
	best, err := visit.BestOf(ctx, d.DB, string(at.Business.ID), at.mode(), string(currency), p, overviewRows)
	rows := make([]bestRow, len(best))
	for i, b := range best {
		rows[i] = bestRow{
			Name: b.Name, Href: targetHref(at, b), Revenue: asMoney(money.Amount{Minor: b.Revenue, Currency: currency}),
			Payments: counted(b.Payments, "payment", "payments"), Width: number(1000 * float64(b.Revenue) / float64(max(best[0].Revenue, 1))),
		}
		if b.Name == "" {
			rows[i].Name = "Payment page"
		}
	}
	return rows, err
}

// targetHref is the page of what earned something, "" once it is deleted.
func targetHref(at *room, b visit.Best) string {
	switch {
	case b.Deleted:
		return ""
	case strings.HasPrefix(b.TargetID, "lnk_"):
		return at.Base + "/links/" + b.TargetID
	case b.TargetID == string(at.Business.ID):
		return at.Base + "/page"
	}
	return at.Base + "/products/" + b.TargetID
}

// firstName is what somebody is called.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// overviewHref is the overview with one part of its address changed.
func overviewHref(base string, q url.Values, name, value string) string {
	query := url.Values{}
	keep(query, q, "days", "currency")
	query.Set(name, value)
	return base + "?" + query.Encode()
}
