package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
)

// historyDays is how far the history goes back.
const historyDays = 90

// history makes three plausible months, the same ones at every run.
type history struct {
	Config
	random     *rand.Rand
	begin, now time.Time
	shown      time.Time
	links      map[string]sale              // by the link's name, as its first visitor saw it
	paid       map[string][]attempt.Attempt // by the link's name, in their order
	used       map[string]int               // codes, how often
}

// act is something that happens at an instant.
type act struct {
	at time.Time
	do func(ctx context.Context) error
}

func newHistory(c Config) *history {
	now := c.System.DB.Clock().Now()
	return &history{
		Config: c, random: rand.New(rand.NewPCG(2026, 2)), now: now,
		begin: now.AddDate(0, 0, -historyDays), links: map[string]sale{}, paid: map[string][]attempt.Attempt{}, used: map[string]int{},
	}
}

// goTo moves the application's clock.
func (h *history) goTo(at time.Time) {
	c := h.System.DB.Clock()
	c.SetOffset(at.Sub(c.Wall()))
}

// sale is somebody who pays at an instant.
type sale struct {
	at      time.Time
	link    link.Link
	product *product.Product
	from    visit.View // whose payer it is
	code    string     // what they typed, "" for none

	amount   *money.Amount // that they chose, nil for the price
	quantity int64
	extras   checkout.Extras
	answers  checkout.Answers
	provider string // "" for the sandbox
	token    string // of the message that led here, "" for none
}

// make makes links, their views and their payments.
func (h *history) make(ctx context.Context, b business.Business) error {
	var views []visit.View
	var acts []act
	for _, t := range sampleTags {
		if _, err := h.System.Tags.Create(ctx, b.ID, t.kind, tag.Fields{Name: t.name, Color: t.color}); err != nil {
			return err
		}
	}
	if err := h.makeCustomers(ctx, b); err != nil {
		return err
	}
	for _, sample := range sampleLinks {
		l, p, err := h.makeLink(ctx, b, sample)
		if err != nil {
			return err
		}
		if err := h.send(ctx, b, l, sample); err != nil {
			return err
		}
		seen := h.openings(b, l, sample)
		views = append(views, seen...)
		for i, s := range h.salesAmong(seen, l, p, sample.payments) {
			acts = append(acts, act{s.at, func(ctx context.Context) error {
				return h.pay(ctx, b, s, samplePayers[(i+sample.days)%len(samplePayers)])
			}})
		}
		h.links[sample.name] = sale{link: l, product: p, from: seen[0]}
	}
	if err := h.makeCoupons(ctx, b); err != nil {
		return err
	}
	seen, err := h.remind(ctx, b)
	if err != nil {
		return err
	}
	views = append(views, seen...)
	acts = append(acts, h.turns(b)...)
	for _, story := range []func(context.Context, business.Business) ([]visit.View, []act, error){h.café, h.evening, h.club} {
		seen, more, err := story(ctx, b)
		if err != nil {
			return err
		}
		views, acts = append(views, seen...), append(acts, more...)
	}
	slices.SortFunc(views, func(a, b visit.View) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	if err := h.Recorder.Import(ctx, views); err != nil {
		return err
	}
	for i, a := range acts {
		h.goTo(a.at)
		if err := a.do(ctx); err != nil {
			return err
		}
		h.progress(i+1, len(acts))
	}
	h.goTo(h.now)
	return h.pause(ctx, b)
}

// makeLink makes the link on its day, with its product where it sells one.
func (h *history) makeLink(ctx context.Context, b business.Business, s sampleLink) (l link.Link, p *product.Product, err error) {
	h.goTo(h.now.AddDate(0, 0, -s.days))
	price := money.Amount{Minor: s.price, Currency: b.Currency}
	draft := link.Defaults()
	draft.Name, draft.Description, draft.Tags, draft.Limit, draft.Amount = s.name, s.description, tag.Named(s.tags...), s.limit, &price
	draft.After.ApplyTag = s.gives
	if s.with != nil {
		s.with(&draft)
	}
	if s.product {
		made, err := h.System.Products.Create(ctx, b, product.Fields{Name: s.name, Description: s.description, Price: price, Active: true, Picture: samplePicture(s.name)})
		if err != nil {
			return l, nil, err
		}
		p = &made
		draft.Amount, draft.ProductID = nil, made.ID
	}
	l, err = h.System.Links.Create(ctx, b, draft)
	return l, p, err
}

// The ways that people came, and on what; repeated by how often they do.
var (
	sampleChannels  = []string{"direct", "direct", "direct", "email", "email", "email", "email", "sms", "qr", "qr", "social", "social", "referral"}
	sampleAgents    = [][2]string{{"Safari", "iOS"}, {"Safari", "iOS"}, {"Chrome", "Android"}, {"Chrome", "Mac"}, {"Chrome", "Windows"}, {"Edge", "Windows"}, {"Firefox", "Linux"}, {"Safari", "Mac"}}
	sampleReferrer  = map[string]string{"social": "https://www.instagram.com/", "email": "https://mail.google.com/", "referral": "https://studio-noord.example/"}
	sampleLanguages = []string{"nl", "nl", "nl", "nl", "en", "en", "de", "fr"}
	sampleNetworks  = []string{"192.168.1.xxx", "203.0.113.xxx", "198.51.100.xxx", "192.0.2.xxx", "2001:db8:1::xxx"}
)

// openings are the views of a link: more in daytime and in waves, and now and
// then a program.
func (h *history) openings(b business.Business, l link.Link, s sampleLink) []visit.View {
	views := make([]visit.View, 0, s.views+s.views/12)
	age := time.Duration(s.days) * 24 * time.Hour
	for i := range s.views + s.views/12 {
		agent := sampleAgents[h.random.IntN(len(sampleAgents))]
		channel := sampleChannels[h.random.IntN(len(sampleChannels))]
		v := visit.View{
			BusinessID: string(b.ID), TargetID: string(l.ID), Mode: string(b.Mode), At: h.moment(age, b.Location()),
			Class: visit.Human, IP: sampleNetworks[h.random.IntN(len(sampleNetworks))], Browser: agent[0], OS: agent[1], Language: sampleLanguages[h.random.IntN(len(sampleLanguages))],
			Referrer: sampleReferrer[channel], Channel: channel,
		}
		if channel == "social" {
			v.ChannelDetail = "instagram"
		}
		v.Day = visit.DayOf(v.At.In(b.Location()))
		v.Visitor = visit.VisitorNumber(v.Day, h.random.Int64N(int64(s.views))) // some come twice a day
		if i >= s.views {
			v.Class, v.Reason, v.Browser, v.OS, v.Visitor = visit.Bot, "crawler: Googlebot", "Googlebot", "", 0
		}
		views = append(views, v)
	}
	slices.SortFunc(views, func(a, b visit.View) int { return a.At.Compare(b.At) })
	return views
}

// moment is an instant of the last age, in waves of about ten days and rarely
// at night.
func (h *history) moment(age time.Duration, zone *time.Location) time.Time {
	for {
		ago := time.Duration(h.random.Float64() * float64(age-2*time.Hour))
		at := h.now.Add(-ago - time.Minute)
		day := at.YearDay() % 10
		hour := at.In(zone).Hour()
		if (hour >= 8 && hour < 23 || h.random.IntN(12) == 0) && h.random.IntN(10) >= day/2 {
			return at
		}
	}
}

// salesAmong picks which of the people who looked go on to pay.
func (h *history) salesAmong(views []visit.View, l link.Link, p *product.Product, n int) []sale {
	var people []visit.View
	for _, v := range views {
		if v.Class == visit.Human {
			people = append(people, v)
		}
	}
	h.random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	sales := make([]sale, 0, n)
	for _, v := range people[:n] {
		sales = append(sales, sale{at: v.At.Add(time.Duration(20+h.random.IntN(200)) * time.Second), link: l, product: p, from: v})
	}
	return sales
}

// pay is a payment that is paid.
func (h *history) pay(ctx context.Context, b business.Business, s sale, name string) error {
	s.code = h.codeOf(s.link.Name)
	a, err := h.try(ctx, b, s, name, sandbox.Paid)
	if err != nil {
		return fmt.Errorf("%s: %w", s.link.Name, err)
	}
	h.paid[s.link.Name] = append(h.paid[s.link.Name], a)
	return nil
}

// try goes the way of every payment: start, the sandbox's checkout, settle.
func (h *history) try(ctx context.Context, b business.Business, s sale, name string, outcome sandbox.Outcome) (attempt.Attempt, error) {
	r := payment.StartRequest{
		Business: b, Source: attempt.SourceLink, Link: &s.link, Product: s.product, Version: s.link.Version, Amount: s.link.Price(), Code: s.code,
		Quantity: s.quantity, Extras: s.extras, Answers: s.answers, Provider: s.provider,
		Title: s.link.Name, Description: s.link.Description,
		Payer: attempt.Payer{Name: name, Email: sampleAddress(name), Language: "en"},
		Attribution: attempt.Attribution{
			Channel: s.from.Channel, RecipientToken: s.token, Detail: s.from.ChannelDetail, Referrer: source.SiteOf(s.from.Referrer),
			Browser: s.from.Browser, OS: s.from.OS, Language: s.from.Language,
		},
	}
	if s.amount != nil {
		r.Amount = *s.amount
	}
	a, err := h.System.Payments.Start(ctx, r)
	if err != nil || a.Amount.IsZero() || s.provider != "" { // nothing to pay asks no provider; banks take days
		return a, err
	}
	return h.decide(ctx, b, a, outcome, attempt.CauseReturn)
}

// decide lets the sandbox do something with a payment, which we then ask about: when
// the payer comes back, or a bank is reported.
func (h *history) decide(ctx context.Context, b business.Business, a attempt.Attempt, outcome sandbox.Outcome, cause attempt.Cause) (attempt.Attempt, error) {
	if _, err := h.System.Sandbox.Decide(ctx, a.ProviderRef, outcome, sandbox.Lost); err != nil {
		return a, err
	}
	return h.System.Payments.Sync(ctx, b.ID, a.ID, cause)
}

// sampleAddress is an address that reaches nobody: first.last@example.com.
func sampleAddress(name string) string {
	return strings.Join(strings.Fields(link.SuggestPath(text.Fold(name), "en")), "") + "@example.com"
}

// pause switches off what the merchant has switched off.
func (h *history) pause(ctx context.Context, b business.Business) error {
	for _, s := range sampleLinks {
		if !s.paused {
			continue
		}
		if found, err := h.System.Links.ByPath(ctx, b, link.SuggestPath(s.name, b.Locale)); err != nil {
			return err
		} else if _, err := h.System.Links.SetActive(ctx, b, found.Link.ID, false); err != nil {
			return err
		}
	}
	return nil
}

// progress says how far it is, on one line; where nobody sees it at once, only at the end.
func (h *history) progress(done, all int) {
	if wall := h.System.DB.Clock().Wall(); done == all || wall.Sub(h.shown) >= progressEvery && h.Live {
		h.shown = wall
		fmt.Fprintf(h.Out, "\rMaking three months of history: %d of %d events", done, all)
	}
	if done == all {
		fmt.Fprintln(h.Out)
	}
}
