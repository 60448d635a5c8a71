package mcp

import (
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/account"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
)

type getFigures struct {
	LinkID   string `json:"link_id,omitempty" jsonschema:"Of this link; of the whole business when left out"`
	Days     int    `json:"days,omitempty" jsonschema:"Of the whole business: how many days until today, 1 to 366; 30 when left out"`
	From     string `json:"from,omitempty" jsonschema:"Of a link: a day like 2026-02-18, or a time; 30 days before the end when left out"`
	Until    string `json:"until,omitempty" jsonschema:"Of a link: a day or a time, exclusive"`
	Interval string `json:"interval,omitempty" jsonschema:"Of a link: day when left out"`
	By       string `json:"by,omitempty" jsonschema:"Of a link: also split by this"`
}

// figuresFound are what came of a link, or of the whole business.
type figuresFound struct {
	From     string           `json:"from,omitempty"`
	Until    string           `json:"until,omitempty"`
	Points   []point          `json:"points,omitempty" jsonschema:"Of a link, by interval"`
	Shares   []share          `json:"shares,omitempty" jsonschema:"Of a link, by what was asked to split by"`
	Business *businessFigures `json:"business,omitempty"`
}

type point struct {
	At string `json:"at" jsonschema:"Start of the interval"`
	figures
}

type share struct {
	Value *untrusted `json:"value,omitempty" jsonschema:"Left out where it is not known"`
	figures
}

// businessFigures is what the whole business took in.
type businessFigures struct {
	Days   int64   `json:"days"`
	Views  int64   `json:"views" jsonschema:"By people"`
	Income []taken `json:"income" jsonschema:"By currency"`
	Best   []best  `json:"best,omitempty" jsonschema:"What earned most in the business's currency"`
}

type taken struct {
	Payments int64  `json:"payments"`
	Revenue  amount `json:"revenue" jsonschema:"Gross"`
	Refunded amount `json:"refunded"`
	Net      amount `json:"net" jsonschema:"What was kept"`
}

type best struct {
	LinkID   string     `json:"link_id,omitempty"`
	Name     *untrusted `json:"name,omitempty" jsonschema:"Left out for the payment page"`
	Payments int64      `json:"payments"`
	Revenue  amount     `json:"revenue"`
}

func (s *server) figureTools(t *sdkServer) {
	add(s, t, tool{name: "get_figures", title: "Read figures", hints: hints{reads: true},
		about: "Adds up views, payments, conversion and revenue: of one link by day, week or month and by channel, or of the whole business over some days. Use it for every question about sums or trends.",
		choices: map[string][]any{
			"interval": {"hour", "day", "week", "month"},
			"by":       {"channel", "browser", "os", "language", "referrer", "network", "campaign"},
		},
	}, func(ctx context.Context, in getFigures) (figuresFound, error) {
		if in.LinkID == "" {
			return s.ofBusiness(ctx, in)
		}
		if in.Days != 0 {
			return figuresFound{}, refusal("days is for the whole business. Give from and until for a link.")
		}
		return s.ofLink(ctx, in)
	})
}

func (s *server) ofLink(ctx context.Context, in getFigures) (out figuresFound, err error) {
	var found struct {
		From, To string
		Data     []point
		Channels []struct {
			Channel string
			figures
		}
		Shares []struct {
			Value string
			figures
		}
	}
	err = s.ask(ctx, request{method: http.MethodGet, path: linkPath(in.LinkID) + "/analytics",
		query: listing{}.query("from", in.From, "to", in.Until, "interval", in.Interval, "by", in.By)}, &found)
	out = figuresFound{From: found.From, Until: found.To, Points: found.Data}
	for _, c := range found.Channels {
		out.Shares = append(out.Shares, share{theirs(c.Channel), c.figures})
	}
	for _, v := range found.Shares {
		out.Shares = append(out.Shares, share{theirs(v.Value), v.figures})
	}
	return out, err
}

// How many days the figures of a business span, and how many of its best are told.
const (
	usualDays = 30
	mostDays  = 366
	mostBest  = 5
)

// ofBusiness adds the whole business up. It has no operation of the API: what it tells is
// what find_links tells of every link.
func (s *server) ofBusiness(ctx context.Context, in getFigures) (figuresFound, error) {
	who := callerOf(ctx)
	b := who.Business
	switch {
	case !who.Scopes.Allow(account.LinksRead):
		return figuresFound{}, refusal("This needs the scope " + string(account.LinksRead) + ". (forbidden)")
	case in.From != "" || in.Until != "" || in.By != "" || in.Interval != "":
		return figuresFound{}, refusal("from, until, interval and by are for one link: give its link_id. For the whole business give days.")
	case in.Days < 0 || in.Days > mostDays:
		return figuresFound{}, refusal("days goes from 1 to 366.")
	case in.Days == 0:
		in.Days = usualDays
	}
	span := visit.LastDays(in.Days, s.DB.Clock().Now(), b.Location())
	byCurrency, err := visit.BusinessDays(ctx, s.DB, string(b.ID), string(b.Mode), span)
	if err != nil {
		return figuresFound{}, err
	}
	out := businessFigures{Days: span.Count(), Income: []taken{}}
	for currency, days := range byCurrency {
		sum := visit.Sum(days)
		if currency == "" {
			out.Views = sum.Views
			continue
		}
		of := func(minor int64) amount { return amountOf(minor, money.Currency(currency)) }
		out.Income = append(out.Income, taken{sum.Payments, of(sum.Revenue), of(sum.Refunded), of(sum.Net())})
	}
	slices.SortFunc(out.Income, func(a, b taken) int { return int(b.Payments - a.Payments) })
	earned, err := visit.BestOf(ctx, s.DB, string(b.ID), string(b.Mode), string(b.Currency), span.Period(b.Location()), mostBest)
	for _, e := range earned {
		out.Best = append(out.Best, best{e.TargetID, theirs(e.Name), e.Payments, amountOf(e.Revenue, b.Currency)})
	}
	return figuresFound{Business: &out}, err
}

func amountOf(minor int64, c money.Currency) amount {
	return amount{money.Amount{Minor: minor, Currency: c}.Decimal(), string(c)}
}
