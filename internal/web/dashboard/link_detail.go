package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// linkView is the page of a link.
type linkView struct {
	AllTags                    []tick
	Customer, CustomerHref     string // whom the link is for
	ApplyTag, RemoveTag        string
	Base, Href, URL, ShownURL  string
	Name, Path                 string
	Status                     ui.BadgeProps
	TypeIcon, Price, Created   string
	ProductName, ProductHref   string
	Opening                    string // when it opens and closes
	Uncharged                  string // why nobody can pay it
	Menu                       linkMenuView
	Delete                     deleteView
	Figures                    figuresView
	Ranges                     []ui.Tab
	Days                       []day
	Channels                   channelsView
	Limit                      limitView
	QR                         string // address of the code, without its ending
	Share                      shareView
	Tags                       []tag.Tag
	Notes, Reference, Redirect string
	Activity                   activityView
	Delivery                   deliveryView
	Reminders                  reminderCard
}

func (v linkView) qrFile(kind string) string { return v.QR + "." + qrEnding(kind) }

func (v linkView) qrName(kind string) string { return v.Path + "." + qrEnding(kind) }

func qrEnding(kind string) string {
	return map[string]string{"PNG": "png", "SVG": "svg", "PDF": "pdf"}[kind]
}

func (d *Dashboard) showLink(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := linkViewOf(at, l)
	v.Uncharged = d.Payments.Uncharged(at.Business, l)
	if err := d.fillProduct(r.Context(), at, l, &v); err != nil {
		return err
	}
	if err := d.fillAbout(r.Context(), at, l, &v); err != nil {
		return err
	}
	if v.Reminders, err = d.reminderCard(r.Context(), at, l); err != nil {
		return err
	}
	if err := d.fillFigures(r, at, l, &v); err != nil {
		return err
	}
	if err := d.fillDeliveries(r.Context(), at, l, &v); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, linkPage(d.frame(r, at, place{l.Name, paymentPageRoom}), v))
}

// fillProduct names the product that a link sells, as long as there is one.
func (d *Dashboard) fillProduct(ctx context.Context, at *room, l link.Link, v *linkView) error {
	if l.Type != link.Product {
		return nil
	}
	p, err := d.Products.Get(ctx, at.Business.ID, l.ProductID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	v.ProductName, v.ProductHref = p.Name, at.Base+"/products/"+string(p.ID)
	return err
}

// fillAbout names whom the link is for, and offers all tags.
func (d *Dashboard) fillAbout(ctx context.Context, at *room, l link.Link, v *linkView) error {
	var names []string
	for _, t := range l.Tags {
		names = append(names, t.Name)
	}
	var err error
	if v.AllTags, err = d.tagTicks(ctx, at, names); err != nil || l.CustomerID == "" {
		return err
	}
	c, err := d.Customers.Get(ctx, at.Business.ID, l.CustomerID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	v.Customer, v.CustomerHref = c.Name, at.Base+"/customers/"+string(c.ID)
	return err
}

func linkViewOf(at *room, l link.Link) linkView {
	address := at.url(l.Path)
	return linkView{
		Base: at.Base, Href: linkHref(at, l.ID), URL: address, ShownURL: shown(address), Name: l.Name, Path: l.Path,
		Status: statusBadge(l), TypeIcon: typeIcon(l.Type), Price: asMoney(l.Price()), Created: date(l.CreatedAt, at.Business.Location()),
		Opening: opening(l, at.Now, at.Business.Location()), Menu: linkMenuOf(at, l), Limit: limitViewOf(l),
		QR: address + "/qr", Share: shareViewOf(at, l), Tags: l.Tags, Notes: l.Notes, Reference: l.Reference, Redirect: l.After.RedirectURL,
		ApplyTag: l.After.ApplyTag, RemoveTag: l.After.RemoveTag,
	}
}

// fillFigures reads what came of the link: totals, the chart, channels and
// activity.
func (d *Dashboard) fillFigures(r *http.Request, at *room, l link.Link, v *linkView) error {
	ctx, q := r.Context(), r.URL.Query()
	business, id, mode, zone := string(at.Business.ID), string(l.ID), at.mode(), at.Business.Location()
	totals, err := visit.Totals(ctx, d.DB, business, mode, []string{id})
	if err != nil {
		return err
	}
	all := totals[id]
	v.Delete = deleteViewOf(at, l, all)
	span := rangeFrom(q)
	points, err := visit.Series(ctx, d.DB, business, id, mode, visit.Days(span, at.Now, zone), visit.Day, zone)
	if err != nil {
		return err
	}
	v.Days, v.Ranges = daysOf(points), rangeTabs(v.Href, q, span)
	v.Figures = figuresOf(all, l.Currency, lastViews(v.Days, 7))
	channels, err := visit.Breakdown(ctx, d.DB, business, id, mode, visit.Span{Last: visit.DayOf(at.Now.In(zone)) + 1}, visit.FacetChannel)
	if err != nil {
		return err
	}
	v.Channels = channelsViewOf(channels)
	v.Activity, err = d.activity(ctx, at, v.Href, id, q, all, v.Reminders)
	return err
}

func (d *Dashboard) activity(ctx context.Context, at *room, href, id string, q url.Values, totals visit.Counts, plan reminderCard) (activityView, error) {
	rows, next, err := visit.Activity(ctx, d.DB, string(at.Business.ID), id, at.mode(), visit.ActivityQuery{
		Kind: activityKind(q), People: !withMachines(q), Cursor: q.Get("cursor"), Limit: activityPageSize,
	})
	if err != nil {
		return activityView{}, err
	}
	sends, err := d.sentNames(ctx, at, link.ID(id), rows)
	sends.plan = plan
	return activityViewOf(at, href, q, rows, sends, next, totals), err
}

// rangeFrom is how many days the chart shows: 7, 30 or 90.
func rangeFrom(q url.Values) int {
	switch q.Get("days") {
	case "7":
		return 7
	case "90":
		return 90
	}
	return 30
}

func rangeTabs(href string, q url.Values, current int) []ui.Tab {
	var tabs []ui.Tab
	for _, n := range []int{7, 30, 90} {
		query := url.Values{"days": {strconv.Itoa(n)}}
		keep(query, q, "activity", "bots")
		tabs = append(tabs, ui.Tab{Label: strconv.Itoa(n) + " days", Href: href + "?" + query.Encode() + "#live-chart", Current: n == current})
	}
	return tabs
}

func daysOf(points []visit.Point) []day {
	days := make([]day, len(points))
	for i, p := range points {
		days[i] = day{Date: p.Start, Views: p.Views, Payments: p.Payments}
	}
	return days
}

// lastViews adds the views of the last n days.
func lastViews(days []day, n int) int64 {
	var sum int64
	for _, d := range days[max(len(days)-n, 0):] {
		sum += d.Views
	}
	return sum
}

// opening says when a link with dates opens and closes, "" without any.
func opening(l link.Link, now time.Time, zone *time.Location) string {
	text := ""
	if l.StartsAt != nil && l.StartsAt.After(now) {
		text = "Opens " + dateTime(*l.StartsAt, zone) + ". "
	}
	if l.EndsAt != nil {
		verb := "Closes "
		if !l.EndsAt.After(now) {
			verb = "Closed "
		}
		text += verb + dateTime(*l.EndsAt, zone) + "."
	}
	return text
}

// figuresView are the three metric cards.
type figuresView struct {
	Views, RecentViews             string
	Payments, Conversion           string
	RevenueLabel, Revenue, Average string
}

// figuresOf writes the totals. Once something was refunded, gross, refunded
// and net are told apart.
func figuresOf(c visit.Counts, currency money.Currency, recent int64) figuresView {
	in := func(minor int64) string { return asMoney(money.Amount{Minor: minor, Currency: currency}) }
	f := figuresView{
		Views: count(c.Views), RecentViews: count(recent) + " in the last 7 days",
		Payments: count(c.Payments), Conversion: "No views yet",
		RevenueLabel: "Revenue", Revenue: in(c.Revenue), Average: "No payments yet",
	}
	if c.Views > 0 {
		f.Conversion = conversion(c.Payments, c.Views) + " conversion"
	}
	if average, ok := c.Average(); ok {
		f.Average = in(average) + " average"
	}
	if c.Refunded > 0 {
		f.RevenueLabel = "Revenue, gross"
		f.Average += " · " + in(c.Refunded) + " refunded · " + in(c.Net()) + " net"
	}
	return f
}
