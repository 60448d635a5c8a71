package links

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/dashboard/share"
	"smartlinks/internal/web/dashboard/waiting"
	"smartlinks/internal/web/ui"
)

func (d pages) fillDeliveries(ctx context.Context, scope *frame.Scope, l link.Link, sum delivery.Summary, v *linkView) (err error) {
	card := sending.DeliveryView{SendHref: v.Href + "/send"}
	if sum.Batches {
		if card.Batches, err = d.BatchRows(ctx, scope, l.ID); err != nil {
			return err
		}
	}
	card.None = sum.Sends() == 0 && len(card.Batches) == 0
	if v.Delivery = card; sum.Sends() == 0 {
		return nil
	}
	sends, _, err := d.Deliveries.Sends(ctx, d.DB, scope.Business.ID, scope.Business.Mode, delivery.Query{Link: l.ID, Limit: sending.CardSends})
	if err != nil {
		return err
	}
	if card.Rows, err = d.SentRows(ctx, scope, sends); err != nil {
		return err
	}
	if more := sum.Sends() - int64(len(sends)); more > 0 {
		card.Summary, card.More = sending.SummaryText(scope.Reader, sum), scope.T("All {{.Sends}}", "Sends", scope.Number(sum.Sends()))+" sends"
	}
	methods, err := d.Deliveries.Methods(ctx, d.DB, scope.Business.ID, l.ID, scope.Business.Mode)
	for _, m := range methods {
		card.Methods = append(card.Methods, sending.MethodRowOf(scope.Reader, m))
	}
	v.Delivery = card
	return err
}

// linkView is the page of a link.
type linkView struct {
	AllTags                    []frame.Choice
	Customer, CustomerHref     string // whom the link is for
	ApplyTag, RemoveTag        string
	Base, Href, URL, ShownURL  string
	Name, Path                 string
	Kept                       string // why it is not at the own domain, "" for nothing
	Status                     ui.BadgeProps
	TypeIcon, Price, Created   string
	ProductName, ProductHref   string
	Due                        string // the day by which it wants to be paid, "" without one
	Overdue                    bool
	Opening                    string // when it opens and closes
	Uncharged                  string // why nobody can pay it
	Menu                       linkMenuView
	Delete                     deleteView
	Figures                    figuresView
	Ranges                     []ui.Tab
	Days                       []charts.Day
	Channels                   charts.ChannelsView
	Limit                      limitView
	QR                         string // address of the code, without its ending
	Share                      share.View
	Ready                      *share.ReadyView // of a link that was made just now
	Tags                       []tag.Tag
	Notes, Reference, Redirect string
	Activity                   activityView
	Delivery                   sending.DeliveryView
	Reminders                  sending.ReminderCard
	Waiting                    waiting.CardView
}

// shareKind lets the panel of a new link have the one primary button.
func (v linkView) shareKind() ui.Kind {
	if v.Ready != nil {
		return ui.Secondary
	}
	return ui.Primary
}

func (d pages) showLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Untagged(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if l.Tags, err = d.TagsOfLink(r.Context(), scope, string(l.ID)); err != nil {
		return err
	}
	v := linkViewOf(scope, l)
	v.Uncharged = d.uncharged(scope, l)
	if err := d.fillProduct(r.Context(), scope, l, &v); err != nil {
		return err
	}
	if err := d.fillAbout(r.Context(), scope, l, &v); err != nil {
		return err
	}
	if v.Reminders, err = d.ReminderCard(r.Context(), scope, l); err != nil {
		return err
	}
	v.Waiting = waiting.CardOf(scope, l)
	sum, err := d.Deliveries.Summary(r.Context(), d.DB, scope.Business.ID, l.ID, scope.Business.Mode)
	if err != nil {
		return err
	}
	if err := d.fillFigures(r, scope, l, sum, &v); err != nil {
		return err
	}
	if err := d.fillDeliveries(r.Context(), scope, l, sum, &v); err != nil {
		return err
	}
	if err := d.fillShare(r.Context(), scope, l, &v); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, linkPage(d.Frame(r, scope, frame.Heading{Title: l.Name, Section: frame.PaymentPageSection}), v))
}

// fillShare reads what is said when the link is shared, and shows the panel of a link that
// was made just now.
func (d pages) fillShare(ctx context.Context, scope *frame.Scope, l link.Link, v *linkView) error {
	texts, err := d.Share.Of(ctx, scope.Business.ID, l.ID)
	if err != nil {
		return err
	}
	v.Share = share.ViewOf(scope, l, texts, "")
	if share.JustMade(ctx, d.Dashboard, l.ID) {
		v.Ready = share.ReadyOf(scope, l, v.Share)
	}
	return nil
}

// uncharged says why nobody can pay a link although it is on, "" where they can, or where its
// dates and its limit say so themselves.
func (d pages) uncharged(scope *frame.Scope, l link.Link) string {
	if l.Active && l.OffSale() {
		return scope.T("Its product is not for sale. Switch the product on to take payments.")
	}
	return scope.Sentence(d.Payments.Uncharged(scope.Business, l))
}

// fillProduct names the product that a link sells, as long as there is one.
func (d pages) fillProduct(ctx context.Context, scope *frame.Scope, l link.Link, v *linkView) error {
	if l.Type != link.Product {
		return nil
	}
	p, err := d.Products.Get(ctx, scope.Business.ID, l.ProductID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	v.ProductName, v.ProductHref = p.Name, scope.Base+"/products/"+string(p.ID)
	return err
}

// fillAbout names whom the link is for, and offers all tags.
func (d pages) fillAbout(ctx context.Context, scope *frame.Scope, l link.Link, v *linkView) error {
	var names []string
	for _, t := range l.Tags {
		names = append(names, t.Name)
	}
	var err error
	if v.AllTags, err = d.linkTagChoices(ctx, scope, names); err != nil || l.CustomerID == "" {
		return err
	}
	who, err := d.Customers.ByIDs(ctx, scope.Business.ID, []customer.ID{l.CustomerID})
	if c, there := who[l.CustomerID]; there {
		v.Customer, v.CustomerHref = c.Name, scope.Base+"/customers/"+string(c.ID)
	}
	return err
}

// keptAddress says why a link is not at the business's domain; "" where it is, or could not
// be.
func keptAddress(scope *frame.Scope, l link.Link) string {
	host := scope.Addresses.HostOf(string(scope.Business.ID), l.Domain)
	if host == "" || !address.Fixed(l.Path) {
		return ""
	}
	return scope.T("This link stays at {{.Here}}: at {{.Host}} the program itself uses “{{.Path}}”. Change its address to have it there.", "Here", scope.Addresses.Host(), "Host", host, "Path", l.Path)
}

func linkViewOf(scope *frame.Scope, l link.Link) linkView {
	pageURL := scope.LinkURL(l)
	return linkView{
		Base: scope.Base, Href: frame.LinkHref(scope, l.ID), URL: pageURL, ShownURL: address.Shown(pageURL), Name: l.Name, Path: l.Path,
		Status: frame.StatusBadge(scope.Reader, l, scope.Now), TypeIcon: typeIcon(l.Type), Price: scope.Money(l.Price()), Created: scope.Date(l.CreatedAt, scope.Business.Location()),
		Opening: opening(scope.Reader, l, scope.Now, scope.Business.Location()), Menu: linkMenuOf(scope, l), Limit: limitViewOf(scope.Reader, l),
		QR: scope.CodeURL(l), Kept: keptAddress(scope, l), Tags: l.Tags, Notes: l.Notes, Reference: l.Reference, Redirect: l.After.RedirectURL,
		ApplyTag: l.After.ApplyTag, RemoveTag: l.After.RemoveTag,
	}
}

// fillFigures reads what came of the link: totals, the chart, channels and
// activity.
func (d pages) fillFigures(r *http.Request, scope *frame.Scope, l link.Link, sum delivery.Summary, v *linkView) error {
	ctx, q := r.Context(), r.URL.Query()
	business, id, mode, zone := string(scope.Business.ID), string(l.ID), scope.Mode(), scope.Business.Location()
	if due, ok := l.Due(zone); ok {
		v.Due = scope.Date(due, zone)
	}
	overdue, err := d.Links.Overdue(ctx, d.DB, scope.Business, l)
	if err != nil {
		return err
	}
	v.Overdue = overdue[l.ID]
	span := charts.RangeFrom(q)
	points, all, err := visit.SeriesAndTotals(ctx, d.DB, business, id, mode, visit.Days(span, scope.Now, zone), visit.Day, zone)
	if err != nil {
		return err
	}
	v.Delete = deleteViewOf(scope, l, all)
	v.Days, v.Ranges = daysOf(points), rangeTabs(scope.Reader, v.Href, q, span)
	v.Figures = figuresOf(scope.Reader, all, l.Currency, lastViews(v.Days, 7))
	channels, err := visit.Breakdown(ctx, d.DB, business, id, mode, visit.Span{Last: visit.DayOf(scope.Now.In(zone)) + 1}, visit.FacetChannel)
	if err != nil {
		return err
	}
	v.Channels = charts.ChannelsViewOf(scope.Reader, channels)
	v.Activity, err = d.activity(r, scope, v, id, all, sum)
	return err
}

func (d pages) activity(r *http.Request, scope *frame.Scope, v *linkView, id string, totals visit.Counts, sum delivery.Summary) (activityView, error) {
	ctx, q := r.Context(), r.URL.Query()
	rows, next, err := visit.Activity(ctx, d.DB, string(scope.Business.ID), id, scope.Mode(), visit.ActivityQuery{
		Kind: activityKind(q), People: !withMachines(q), Unsent: sum.All == 0, Cursor: q.Get("cursor"), Limit: activityPageSize,
	})
	if err != nil {
		return activityView{}, err
	}
	sends, err := d.sentNames(ctx, scope, rows)
	sends.plan, sends.Total, sends.Reminders = v.Reminders, sum.All, sum.Reminders
	return activityViewOf(scope, v.Href, q, rows, sends, next, totals), err
}

func rangeTabs(reader frame.Reader, href string, q url.Values, current int) []ui.Tab {
	var tabs []ui.Tab
	for _, n := range []int{7, 30, 90} {
		query := url.Values{"days": {strconv.Itoa(n)}}
		frame.CopyParams(query, q, "activity", "bots")
		tabs = append(tabs, ui.Tab{Label: reader.N(int64(n), "{{.Count}} day", "{{.Count}} days"), Href: href + "?" + query.Encode() + "#live-chart", Current: n == current})
	}
	return tabs
}

func daysOf(points []visit.Point) []charts.Day {
	days := make([]charts.Day, len(points))
	for i, p := range points {
		days[i] = charts.Day{Date: visit.Date(visit.DayOf(p.Start)), Views: p.Views, Payments: p.Payments}
	}
	return days
}

// lastViews adds the views of the last n days.
func lastViews(days []charts.Day, n int) int64 {
	var sum int64
	for _, d := range days[max(len(days)-n, 0):] {
		sum += d.Views
	}
	return sum
}

// opening says when a link with dates opens and closes, "" without any.
func opening(reader frame.Reader, l link.Link, now time.Time, zone *time.Location) string {
	var said []string
	if l.StartsAt != nil && l.StartsAt.After(now) {
		said = append(said, reader.T("Opens {{.Time}}.", "Time", reader.DateTime(*l.StartsAt, zone)))
	}
	switch {
	case l.EndsAt == nil:
	case l.EndsAt.After(now):
		said = append(said, reader.T("Closes {{.Time}}.", "Time", reader.DateTime(*l.EndsAt, zone)))
	default:
		said = append(said, reader.T("Closed {{.Time}}.", "Time", reader.DateTime(*l.EndsAt, zone)))
	}
	return strings.Join(said, " ")
}

// figuresView are the three metric cards.
type figuresView struct {
	Views, RecentViews             string
	Payments, Conversion           string
	RevenueLabel, Revenue, Average string
}

// figuresOf writes the totals. Once something was refunded, gross, refunded
// and net are told apart.
func figuresOf(reader frame.Reader, c visit.Counts, currency money.Currency, recent int64) figuresView {
	in := func(minor int64) string { return reader.Money(money.Amount{Minor: minor, Currency: currency}) }
	f := figuresView{
		Views: reader.Number(c.Views), RecentViews: reader.T("{{.Recent}} in the last 7 days", "Recent", reader.Number(recent)),
		Payments: reader.Number(c.Payments), Conversion: reader.T("No views yet"),
		RevenueLabel: reader.T("Revenue"), Revenue: in(c.Revenue), Average: reader.T("No payments yet"),
	}
	if c.Views > 0 {
		f.Conversion = reader.T("{{.Share}} conversion", "Share", reader.Conversion(c.Payments-c.ByHand, c.Views))
	}
	if average, ok := c.Average(); ok {
		f.Average = reader.T("{{.Amount}} average", "Amount", in(average))
	}
	if c.HandRevenue > 0 {
		f.Average += " · " + reader.T("{{.Amount}} by hand", "Amount", in(c.HandRevenue))
	}
	if c.Refunded > 0 {
		f.RevenueLabel = reader.T("Revenue, gross")
		f.Average += " · " + reader.T("{{.Amount}} refunded", "Amount", in(c.Refunded)) + " · " + reader.T("{{.Amount}} net", "Amount", in(c.Net()))
	}
	return f
}
