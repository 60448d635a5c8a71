package links

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api/frame"
)

// longest are the longest periods of a series: some 800 points.
var longest = map[visit.Interval]time.Duration{
	visit.Hour: 32 * 24 * time.Hour, visit.Day: 800 * 24 * time.Hour, visit.Week: 800 * 7 * 24 * time.Hour, visit.Month: 800 * 30 * 24 * time.Hour,
}

// defaultDays is the period when none is asked for.
const defaultDays = 30

type analyticsQuery struct {
	frame.ByID
	From     string         `query:"from" doc:"A time, or a day in the business's zone; 1970-01-01 for all. Thirty days when left out."`
	To       string         `query:"to" doc:"A time, or a day in the business's zone; exclusive."`
	Interval visit.Interval `query:"interval" enum:"hour,day,week,month" default:"day" doc:"Days, weeks from Monday and months are those of the business's zone."`
	By       string         `query:"by" enum:"channel,delivery,country,device,browser,os,language,referrer,network,campaign" doc:"Also splits the period, by the days of the business that it touches; channel by exact times. delivery tells what came of what was sent, of all time, too."`
	Compare  string         `query:"compare" enum:"previous" doc:"previous adds the figures of the as many days before, by the days of the business."`
}

type analyticsView struct {
	From     time.Time      `json:"from"`
	To       time.Time      `json:"to"`
	Interval visit.Interval `json:"interval"`
	Data     []pointView    `json:"data" nullable:"false" doc:"Every interval, empty ones too."`
	Channels []channelView  `json:"channels,omitzero" nullable:"false" doc:"With by=channel, most views first."`
	Methods  []methodView   `json:"deliveries,omitzero" nullable:"false" doc:"With by=delivery, by kind and channel."`
	Shares   []shareView    `json:"shares,omitzero" nullable:"false" doc:"With any by but channel: at most 100 values, most views first."`
	Previous *Stats         `json:"previous,omitempty" doc:"With compare=previous."`
}

// methodView is what came of a link's messages of one kind by one channel.
type methodView struct {
	Channel    message.Channel `json:"channel" enum:"email,sms"`
	Kind       delivery.Kind   `json:"kind" enum:"send,reminder"`
	Sent       int64           `json:"sent" doc:"Messages that a server or gateway took."`
	Opened     int64           `json:"opened" doc:"Of them, by people."`
	Paid       int64           `json:"paid" doc:"Of them."`
	Conversion float64         `json:"conversion" doc:"Paid ÷ sent × 100, rounded to one decimal."`
}

// shareView is what one value of a property has.
type shareView struct {
	Value string `json:"value" doc:"Empty where it is not known."`
	Stats
}

type pointView struct {
	At time.Time `json:"at" doc:"The start of the interval."`
	Stats
}

type channelView struct {
	Channel string `json:"channel"`
	Stats
}

func (a Handlers) getAnalytics(ctx context.Context, b business.Business, in *analyticsQuery) (*struct{ Body analyticsView }, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return nil, err
	}
	period, err := a.period(ctx, b, in)
	if err != nil {
		return nil, err
	}
	points, err := visit.Series(ctx, a.DB, string(b.ID), in.ID, string(b.Mode), period, in.Interval, b.Location())
	if err != nil {
		return nil, err
	}
	v := analyticsView{From: period.From.UTC(), To: period.To.UTC(), Interval: in.Interval, Data: make([]pointView, 0, len(points))}
	for _, p := range points {
		v.Data = append(v.Data, pointView{At: p.Start.UTC(), Stats: statsOf(l, p.Counts)})
	}
	if in.By == "channel" {
		if v.Channels, err = a.channels(ctx, l, b, period); err != nil {
			return nil, err
		}
	}
	if in.By == "delivery" {
		if v.Methods, err = a.methods(ctx, l, b); err != nil {
			return nil, err
		}
	}
	span := spanOf(period, b.Location())
	if in.By != "" && in.By != "channel" {
		if v.Shares, err = a.shares(ctx, l, b, span, visit.Facet(in.By)); err != nil {
			return nil, err
		}
	}
	if in.Compare == "previous" {
		before, err := visit.Figures(ctx, a.DB, string(b.ID), in.ID, string(b.Mode), span.Before())
		if err != nil {
			return nil, err
		}
		stats := statsOf(l, before)
		v.Previous = &stats
	}
	return &struct{ Body analyticsView }{v}, nil
}

// spanOf are the days of the business that the period touches.
func spanOf(p visit.Period, zone *time.Location) visit.Span {
	return visit.Span{First: visit.DayOf(p.From.In(zone)), Last: visit.DayOf(p.To.Add(-time.Microsecond).In(zone))}
}

func (a Handlers) shares(ctx context.Context, l link.Link, b business.Business, span visit.Span, by visit.Facet) ([]shareView, error) {
	shares, err := visit.Breakdown(ctx, a.DB, string(b.ID), string(l.ID), string(b.Mode), span, by)
	views := make([]shareView, 0, len(shares))
	for _, s := range shares {
		views = append(views, shareView{Value: s.Value, Stats: statsOf(l, s.Counts)})
	}
	return views, err
}

func (a Handlers) channels(ctx context.Context, l link.Link, b business.Business, p visit.Period) ([]channelView, error) {
	counts, err := visit.ByChannel(ctx, a.DB, string(b.ID), string(l.ID), string(b.Mode), p)
	views := make([]channelView, 0, len(counts))
	for _, c := range counts {
		views = append(views, channelView{Channel: c.Channel, Stats: statsOf(l, c.Counts)})
	}
	return views, err
}

func (a Handlers) methods(ctx context.Context, l link.Link, b business.Business) ([]methodView, error) {
	methods, err := a.Deliveries.Methods(ctx, a.DB, b.ID, l.ID, b.Mode)
	views := make([]methodView, len(methods))
	for i, m := range methods {
		views[i] = methodView{m.Channel, m.Kind, m.Sent, m.Opened, m.Paid, m.Conversion().Float()}
	}
	return views, err
}

// period is what the query asks for, which is neither empty nor endless. From 1970 on
// means since the link's first figures.
func (a Handlers) period(ctx context.Context, b business.Business, in *analyticsQuery) (visit.Period, error) {
	var wrong fault.Fields
	now, zone := a.DB.Clock().Now(), b.Location()
	p := visit.Days(defaultDays, now, zone)
	if to := frame.ReadInstant("to", in.To, zone, &wrong); !to.IsZero() {
		p = visit.Period{From: to.AddDate(0, 0, -defaultDays), To: to}
	}
	switch from := frame.ReadInstant("from", in.From, zone, &wrong); {
	case from.IsZero():
	case calendar.FromStart(from):
		first, err := visit.FirstDay(ctx, a.DB, string(b.ID), in.ID, string(b.Mode), visit.DayOf(now.In(zone)))
		if err != nil {
			return p, err
		}
		p.From = visit.Span{First: first, Last: first}.Period(zone).From
		if !p.From.Before(p.To) { // it ends before there were any
			p.From = p.To.AddDate(0, 0, -1)
		}
	default:
		p.From = from
	}
	switch {
	case wrong.Has("from") || wrong.Has("to"):
	case !p.From.Before(p.To):
		wrong.Add("from", "", "Choose a start before the end.")
	case p.To.Sub(p.From) > longest[in.Interval]:
		wrong.Add("from", "", "Choose a shorter period, or a longer interval.")
	}
	return p, wrong.Err()
}
