package links

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api/frame"
)

// LinkView is a link as programs read it.
type LinkView struct {
	ID          link.ID      `json:"id" example:"lnk_…"`
	URL         string       `json:"url" doc:"What to share. After a rename the old one leads here too."`
	Path        string       `json:"path" doc:"The end of the URL."`
	Domain      *string      `json:"domain" doc:"The own domain that was chosen; null for the one that is for new links."`
	Name        string       `json:"name"`
	Type        link.Type    `json:"type" enum:"amount,product"`
	Amount      frame.Amount `json:"amount" doc:"What is asked; a product link asks its product's price."`
	ProductID   *string      `json:"product_id"`
	Description string       `json:"description"`
	Notes       string       `json:"notes" doc:"Private: payers never see them."`
	Reference   string       `json:"reference" doc:"Of yours, such as an invoice's number."`
	Active      bool         `json:"active" doc:"The merchant's switch alone."`
	Status      link.Status  `json:"status" enum:"active,inactive,limit_reached" doc:"limit_reached: it has all its payments, and nobody can pay."`
	Tags        []string     `json:"tags" nullable:"false"`
	CustomerID  *string      `json:"customer_id" doc:"Whom the link is for; null for everybody."`
	Limit       limitView    `json:"limit"`
	CheckoutView
	ShowRemaining bool             `json:"show_remaining" doc:"Whether the page says how many payments remain."`
	PayerAmount   *rangeBody       `json:"payer_amount" doc:"Between what the payer may choose; null for a fixed amount."`
	StartsAt      *time.Time       `json:"starts_at"`
	EndsAt        *time.Time       `json:"ends_at"`
	DueOn         *string          `json:"due_on" format:"date"`
	Overdue       bool             `json:"overdue" doc:"Whether the due date has passed, the link is active, and not all to whom it was sent have paid; of one that was sent to nobody, whether it is a one-time link."`
	Stats         Stats            `json:"stats"`
	Reminders     *reminderView    `json:"reminders" doc:"null for a link that does not remind."`
	Deliveries    []DeliveryView   `json:"deliveries" nullable:"false" doc:"What is scheduled, then of the newest 20 sends and reminders, newest first."`
	AfterPayment  afterPaymentView `json:"after_payment"`
	Thanks        string           `json:"thanks" doc:"Payers read it once they have paid."`
	WaitingList   bool             `json:"waiting_list" doc:"Whether who finds it full can wait for a place."`
	OfferHours    int64            `json:"offer_hours" doc:"How long an offer of the waiting list keeps its places."`
	WhenClosed    *whenClosedView  `json:"when_closed" doc:"What payers read and where they are led while the link is on and takes no payments; null for nothing."`
	Version       int64            `json:"version" doc:"Rises with every change; the ETag."`
	CreatedAt     time.Time        `json:"created_at"`
	UpdatedAt     time.Time        `json:"updated_at"`
}

type afterPaymentView struct {
	RedirectURL *string `json:"redirect_url"`
	ApplyTag    *string `json:"apply_tag"`
	RemoveTag   *string `json:"remove_tag"`
}

type whenClosedView struct {
	Message  string  `json:"message"`
	Next     *string `json:"next" doc:"The link to go to."`
	URL      *string `json:"url"`
	Redirect bool    `json:"redirect"`
}

type limitView struct {
	Kind      link.LimitKind `json:"kind" enum:"unlimited,once,multiple"`
	Max       *int64         `json:"max" doc:"null when unlimited."`
	Counts    link.Counts    `json:"counts" enum:"payments,units" doc:"What max, remaining and held count: payments, or the units that they buy."`
	Used      int64          `json:"used" doc:"Payments."`
	UnitsUsed int64          `json:"units_used" doc:"Units of these payments."`
	Remaining *int64         `json:"remaining" doc:"What is left of max; null when unlimited. 0 too where fewer units are left than a payment must buy."`
	Held      int64          `json:"held" doc:"By attempts that may still be paid, and by offers to the waiting list."`
	Badge     *link.Badge    `json:"badge" enum:"green,orange,red" doc:"green with four or more left, orange with one to three, red with none; null when unlimited."`
}

// Stats is what came of a link, in the business's mode.
type Stats struct {
	Views      int64         `json:"views" doc:"By people."`
	Visitors   int64         `json:"visitors" doc:"People, each counted once a day."`
	Attempts   int64         `json:"attempts" doc:"Tries to pay."`
	Payments   int64         `json:"payments"`
	Conversion float64       `json:"conversion" doc:"Payments ÷ views × 100, rounded to one decimal."`
	Revenue    frame.Amount  `json:"revenue" doc:"Gross."`
	ByHand     frame.Amount  `json:"by_hand" doc:"What of the revenue was recorded by hand. Conversion leaves such payments out."`
	Refunded   frame.Amount  `json:"refunded"`
	Net        frame.Amount  `json:"net" doc:"What was kept."`
	Average    *frame.Amount `json:"average" doc:"null without payments."`
	Bots       int64         `json:"bots" doc:"Openings by programs: bots and link previews. They are no views."`
}

func (a Handlers) linkView(b business.Business, l link.Link, c visit.Counts) LinkView {
	v := LinkView{
		ID: l.ID, URL: a.LinkURL(b, l), Path: l.Path, Domain: frame.Pointer(l.Domain), Name: l.Name, Type: l.Type,
		Amount: frame.AmountOf(l.Price()), ProductID: frame.Pointer(string(l.ProductID)), CustomerID: frame.Pointer(string(l.CustomerID)),
		Description: l.Description, Notes: l.Notes, Reference: l.Reference,
		Active: l.Active, Status: l.Status(), Tags: tag.Names(l.Tags), Limit: limitOf(l),
		ShowRemaining: l.ShowRemaining, StartsAt: frame.UTCPointer(l.StartsAt), EndsAt: frame.UTCPointer(l.EndsAt), DueOn: frame.Pointer(l.DueOn),
		Stats: statsOf(l, c), Deliveries: []DeliveryView{}, AfterPayment: afterPaymentView{frame.Pointer(l.After.RedirectURL), frame.Pointer(l.After.ApplyTag), frame.Pointer(l.After.RemoveTag)},
		Thanks: l.Thanks, WaitingList: l.WaitingList, OfferHours: l.OfferHours, Version: l.Version, CreatedAt: l.CreatedAt.UTC(), UpdatedAt: l.UpdatedAt.UTC(),
	}
	if w := l.WhenClosed; w != (link.WhenClosed{}) {
		v.WhenClosed = &whenClosedView{w.Message, frame.Pointer(string(w.Next)), frame.Pointer(w.URL), w.Redirect}
	}
	v.CheckoutView = checkoutView(l)
	if p := l.PayerAmount; p != nil {
		v.PayerAmount = &rangeBody{Min: frame.AmountOf(p.Min), Max: frame.AmountOf(p.Max)}
		for _, s := range p.Suggested {
			v.PayerAmount.Suggestions = append(v.PayerAmount.Suggestions, frame.AmountOf(s))
		}
	}
	return v
}

func limitOf(l link.Link) limitView {
	v := limitView{Kind: l.Limit.Kind, Counts: l.Limit.Counts, Used: l.Slots.Used, UnitsUsed: l.Units.Used, Remaining: l.Remaining(), Held: l.Counted().Held, Badge: frame.Pointer(l.Badge())}
	if l.Limit.Limited() {
		v.Max = &l.Limit.Max
	}
	return v
}

func statsOf(l link.Link, c visit.Counts) Stats {
	v := Stats{
		Views: c.Views, Visitors: c.Visitors, Attempts: c.Attempts, Payments: c.Payments, Conversion: c.Conversion().Float(), Bots: c.Bots + c.Previews,
		Revenue: frame.MinorOf(c.Revenue, l.Currency), ByHand: frame.MinorOf(c.HandRevenue, l.Currency), Refunded: frame.MinorOf(c.Refunded, l.Currency), Net: frame.MinorOf(c.Net(), l.Currency),
	}
	if average, ok := c.Average(); ok {
		shown := frame.MinorOf(average, l.Currency)
		v.Average = &shown
	}
	return v
}

// shownSends is of how many sends a link tells the deliveries.
const shownSends = 20

// ShowLinks adds figures and deliveries to links, with one query each for all of
// them.
func (a Handlers) ShowLinks(ctx context.Context, from db.Reader, b business.Business, links ...link.Link) ([]LinkView, error) {
	targets := make([]string, len(links))
	for i, l := range links {
		targets[i] = string(l.ID)
	}
	totals, err := visit.Totals(ctx, from, string(b.ID), string(b.Mode), targets)
	if err != nil {
		return nil, err
	}
	ids := make([]link.ID, len(links))
	for i, l := range links {
		ids[i] = l.ID
	}
	sends, err := a.Deliveries.Latest(ctx, from, b.ID, b.Mode, shownSends, ids)
	if err != nil {
		return nil, err
	}
	later, err := a.Deliveries.Upcoming(ctx, from, b.ID, b.Mode, ids)
	if err != nil {
		return nil, err
	}
	reminding, err := a.Reminders.Reminding(ctx, from, b.ID, ids)
	if err != nil {
		return nil, err
	}
	overdue, err := a.Links.Overdue(ctx, from, b, links...)
	if err != nil {
		return nil, err
	}
	views := make([]LinkView, len(links))
	for i, l := range links {
		views[i] = a.linkView(b, l, totals[string(l.ID)])
		views[i].Overdue = overdue[l.ID]
		if views[i].Deliveries = append(laterViewsOf(later[l.ID]), DeliveryViewsOf(sends[l.ID])...); !frame.SeesCustomers(ctx) {
			hideNames(views[i].Deliveries)
		}
		if !reminding[l.ID] {
			continue
		}
		if views[i].Reminders, err = a.reminderView(ctx, from, b, l); err != nil {
			return nil, err
		}
	}
	return views, nil
}
