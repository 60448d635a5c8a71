package api

import (
	"context"
	"net/url"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
)

// linkView is a link as programs read it.
type linkView struct {
	ID            link.ID          `json:"id" example:"lnk_…"`
	URL           string           `json:"url" doc:"What to share. After a rename the old one leads here too."`
	Path          string           `json:"path" doc:"The end of the URL."`
	Name          string           `json:"name"`
	Type          link.Type        `json:"type" enum:"amount,product"`
	Amount        amount           `json:"amount" doc:"What is asked; a product link asks its product's price."`
	ProductID     *string          `json:"product_id"`
	Description   string           `json:"description"`
	Notes         string           `json:"notes" doc:"Private: payers never see them."`
	Reference     string           `json:"reference" doc:"Of yours, such as an invoice's number."`
	Active        bool             `json:"active" doc:"The merchant's switch alone."`
	Status        link.Status      `json:"status" enum:"active,inactive,limit_reached" doc:"limit_reached: it has all its payments, and nobody can pay."`
	Tags          []string         `json:"tags" nullable:"false"`
	CustomerID    *string          `json:"customer_id" doc:"Whom the link is for; null for everybody."`
	Limit         limitView        `json:"limit"`
	ShowRemaining bool             `json:"show_remaining" doc:"Whether the page says how many payments remain."`
	PayerAmount   *rangeBody       `json:"payer_amount" doc:"Between what the payer may choose; null for a fixed amount."`
	StartsAt      *time.Time       `json:"starts_at"`
	EndsAt        *time.Time       `json:"ends_at"`
	Stats         Stats            `json:"stats"`
	Reminders     *reminderView    `json:"reminders" doc:"null for a link that does not remind."`
	Deliveries    []DeliveryView   `json:"deliveries" nullable:"false" doc:"Of the newest 20 sends and reminders, newest first."`
	AfterPayment  afterPaymentView `json:"after_payment"`
	Version       int64            `json:"version" doc:"Rises with every change; the ETag."`
	CreatedAt     time.Time        `json:"created_at"`
	UpdatedAt     time.Time        `json:"updated_at"`
}

type afterPaymentView struct {
	RedirectURL *string `json:"redirect_url"`
	ApplyTag    *string `json:"apply_tag"`
	RemoveTag   *string `json:"remove_tag"`
}

type limitView struct {
	Kind      link.LimitKind `json:"kind" enum:"unlimited,once,multiple"`
	Max       *int64         `json:"max" doc:"null when unlimited."`
	Used      int64          `json:"used" doc:"Payments."`
	Remaining *int64         `json:"remaining" doc:"max − used; null when unlimited."`
	Held      int64          `json:"held" doc:"Attempts that may still be paid."`
	Badge     *link.Badge    `json:"badge" enum:"green,orange,red" doc:"green with four or more left, orange with one to three, red with none; null when unlimited."`
}

// Stats is what came of a link, in the business's mode.
type Stats struct {
	Views      int64   `json:"views" doc:"By people."`
	Visitors   int64   `json:"visitors" doc:"People, each counted once a day."`
	Attempts   int64   `json:"attempts" doc:"Tries to pay."`
	Payments   int64   `json:"payments"`
	Conversion float64 `json:"conversion" doc:"Payments ÷ views × 100, rounded to one decimal."`
	Revenue    amount  `json:"revenue" doc:"Gross."`
	Refunded   amount  `json:"refunded"`
	Net        amount  `json:"net" doc:"What was kept."`
	Average    *amount `json:"average" doc:"null without payments."`
	Bots       int64   `json:"bots" doc:"Openings by programs: bots and link previews. They are no views."`
}

func (a *rooms) linkView(b business.Business, l link.Link, c visit.Counts) linkView {
	v := linkView{
		ID: l.ID, URL: a.address(b.Handle, l.Path), Path: l.Path, Name: l.Name, Type: l.Type,
		Amount: amountOf(l.Price()), ProductID: pointer(string(l.ProductID)), CustomerID: pointer(string(l.CustomerID)),
		Description: l.Description, Notes: l.Notes, Reference: l.Reference,
		Active: l.Active, Status: l.Status(), Tags: make([]string, 0, len(l.Tags)), Limit: limitOf(l),
		ShowRemaining: l.ShowRemaining, StartsAt: utcPtr(l.StartsAt), EndsAt: utcPtr(l.EndsAt),
		Stats: statsOf(l, c), Deliveries: []DeliveryView{}, AfterPayment: afterPaymentView{pointer(l.After.RedirectURL), pointer(l.After.ApplyTag), pointer(l.After.RemoveTag)},
		Version: l.Version, CreatedAt: l.CreatedAt.UTC(), UpdatedAt: l.UpdatedAt.UTC(),
	}
	for _, t := range l.Tags {
		v.Tags = append(v.Tags, t.Name)
	}
	if l.PayerChooses() {
		v.PayerAmount = &rangeBody{Min: amountOf(*l.PayerMin), Max: amountOf(*l.PayerMax)}
		for _, s := range l.Suggested {
			v.PayerAmount.Suggestions = append(v.PayerAmount.Suggestions, amountOf(s))
		}
	}
	return v
}

// address is the public URL of a page.
func (a *rooms) address(segments ...string) string {
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return a.PublicURL.JoinPath(segments...).String()
}

func limitOf(l link.Link) limitView {
	v := limitView{Kind: l.Limit.Kind, Used: l.Slots.Used, Remaining: l.Remaining(), Held: l.Slots.Held, Badge: pointer(l.Badge())}
	if l.Limit.Limited() {
		v.Max = &l.Limit.Max
	}
	return v
}

func statsOf(l link.Link, c visit.Counts) Stats {
	v := Stats{
		Views: c.Views, Visitors: c.Visitors, Attempts: c.Attempts, Payments: c.Payments, Conversion: c.Conversion().Float(), Bots: c.Bots + c.Previews,
		Revenue: minorOf(c.Revenue, l.Currency), Refunded: minorOf(c.Refunded, l.Currency), Net: minorOf(c.Net(), l.Currency),
	}
	if average, ok := c.Average(); ok {
		shown := minorOf(average, l.Currency)
		v.Average = &shown
	}
	return v
}

// shownSends is of how many sends a link tells the deliveries.
const shownSends = 20

// showLinks adds figures and deliveries to links, with one query each for all of
// them.
func (a *rooms) showLinks(ctx context.Context, from db.Reader, b business.Business, links ...link.Link) ([]linkView, error) {
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
	reminding, err := a.Reminders.Reminding(ctx, from, b.ID, ids)
	if err != nil {
		return nil, err
	}
	views := make([]linkView, len(links))
	for i, l := range links {
		views[i] = a.linkView(b, l, totals[string(l.ID)])
		if views[i].Deliveries = deliveryViewsOf(sends[l.ID]); !seesCustomers(ctx) {
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
