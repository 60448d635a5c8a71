package message

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
)

// Summary is what a member is told of the days that are over.
type Summary struct {
	Every       Every
	First, Last string // days in the business's zone, 2026-11-29; the same for one day
	Views       int64
	Money       []Earned // of each currency that anything came in, the most first
	Best        []Sold   // what earned most, in the first currency
	URL         string   // of the overview
	SettingsURL string   // where the member chooses
	Test        bool
}

// Earned is what came in, in one currency.
type Earned struct {
	Payments          int64
	Revenue, Refunded money.Amount
}

// Sold is a link or product with what it earned.
type Sold struct {
	Name    string // "" of the payment page
	Revenue money.Amount
}

func (Summary) kind() Kind { return KindSummary }

func (f Summary) values(s renderContext) map[string]string {
	title := s.T("mail.summary.daily", "Business", s.name())
	if f.Every == Weekly {
		title = s.T("mail.summary.weekly", "Business", s.name())
	}
	return map[string]string{"title": unmarked(title), "days": f.days(s), "business_name": s.name(), "dashboard_url": f.URL, "settings_url": f.SettingsURL}
}

// days are the days in words: "29 Nov 2026", or "23 Nov 2026 – 29 Nov 2026".
func (f Summary) days(s renderContext) string {
	word := func(day string) string {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return day
		}
		return calendar.Date(at, time.UTC, s.Lang())
	}
	if f.First == f.Last {
		return word(f.First)
	}
	return word(f.First) + " – " + word(f.Last)
}

func (f Summary) card(s renderContext) *card {
	c := &card{Title: f.days(s)}
	var all []row
	for i, e := range f.Money {
		if i == 0 {
			c.Amount, c.Note = s.sum(e.Revenue), s.N("mail.summary.payments", int(e.Payments))
		} else {
			all = append(all, line(s.N("mail.summary.payments", int(e.Payments)), s.sum(e.Revenue), true))
		}
		if e.Refunded.Minor > 0 {
			all = append(all, line(s.T("mail.given_back"), s.sum(e.Refunded), true))
		}
	}
	if f.Views > 0 {
		all = append(all, line(s.T("mail.summary.views"), strconv.FormatInt(f.Views, 10), true))
	}
	for _, b := range f.Best {
		name := b.Name
		if name == "" {
			name = s.T("mail.summary.page")
		}
		all = append(all, line(name, s.sum(b.Revenue), true))
	}
	c.Rows = layout.Rows(append(all, row{Label: s.T("mail.test"), Value: s.test(f.Test)})...)
	return c
}

// summaryClaim is a member's summary that is due.
type summaryClaim struct {
	BusinessID business.ID
	UserID     account.UserID
	Summary    Every
}

func (c summaryClaim) key() []any    { return []any{c.BusinessID, c.UserID} }
func (c summaryClaim) group() string { return string(c.BusinessID) }

func (m *Messages) addSummaries() {
	m.summaries = job.Add(m.Jobs, job.Kind[summaryClaim]{
		Name: "summaries", AtOnce: 2, KeyOf: summaryClaim.key, GroupOf: summaryClaim.group, Do: m.summarise,
		Rows: job.Rows{Table: "member_news", Key: []string{"business_id", "user_id"}, Group: "business_id", Returning: "business_id, user_id, summary"},
	})
}

// SummariseDue queues the summaries that are due.
func (m *Messages) SummariseDue(ctx context.Context) error {
	_, err := m.summaries.Drain(ctx)
	return err
}

// bestShown is how many links a summary names.
const bestShown = 3

// summarise queues a member's summary of the days before today, unless nothing happened,
// and says when the next is due.
func (m *Messages) summarise(ctx context.Context, c summaryClaim) error {
	b, err := m.Businesses.ByID(ctx, c.BusinessID)
	if err != nil {
		return err
	}
	now := m.DB.Clock().Now()
	f, some, err := m.summaryOf(ctx, b, c.Summary, now)
	if err != nil {
		return err
	}
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		next := nextSummary(now, c.Summary, b.Location())
		n, err := tx.Exec(ctx, `UPDATE member_news SET due_at = $4 WHERE business_id = $1 AND user_id = $2 AND summary = $3`, c.BusinessID, c.UserID, c.Summary, db.At(next))
		if err != nil || n == 0 || !some {
			return err // n == 0: another choice was made meanwhile
		}
		m.summaries.DueAt(tx, next)
		var to []subscriber
		err = tx.Select(ctx, &to, `SELECT u.id, u.name, u.email, u.language, '' AS handle, '' AS news FROM members m JOIN users u ON u.id = m.user_id WHERE m.business_id = $1 AND m.user_id = $2`, c.BusinessID, c.UserID)
		for _, h := range to {
			err = m.Queue(ctx, tx, Mail{BusinessID: b.ID, To: h.Email, ToName: h.Name, Language: h.Language, Key: "summary/" + string(c.Summary) + "/" + f.Last + "/" + h.ID, Data: f})
		}
		return err
	})
}

// summaryOf is the summary of the days before today in the business's mode; false when
// nothing happened in them.
func (m *Messages) summaryOf(ctx context.Context, b business.Business, every Every, now time.Time) (f Summary, some bool, err error) {
	days := int64(1)
	if every == Weekly {
		days = 7
	}
	local, today := now.In(b.Location()), visit.LastDays(1, now, b.Location()).First
	span := visit.Span{First: today - days, Last: today - 1}
	f = Summary{
		Every: every, First: local.AddDate(0, 0, -int(days)).Format(time.DateOnly), Last: local.AddDate(0, 0, -1).Format(time.DateOnly), Test: b.Mode == business.Test,
		URL: m.Addresses.Own(address.Dashboard(b.Handle)), SettingsURL: m.Addresses.Own(address.Dashboard(b.Handle, "settings", "alerts")),
	}
	series, err := visit.BusinessDays(ctx, m.DB, string(b.ID), string(b.Mode), span)
	if err != nil {
		return f, false, err
	}
	for currency, figures := range series {
		sum := visit.Sum(figures)
		f.Views += sum.Views
		if currency == "" || sum.Payments == 0 && sum.Refunded == 0 {
			continue
		}
		of := money.Currency(currency)
		f.Money = append(f.Money, Earned{Payments: sum.Payments, Revenue: money.Amount{Minor: sum.Revenue, Currency: of}, Refunded: money.Amount{Minor: sum.Refunded, Currency: of}})
	}
	slices.SortFunc(f.Money, func(a, b Earned) int {
		if a.Payments != b.Payments {
			return int(b.Payments - a.Payments)
		}
		return strings.Compare(string(a.Revenue.Currency), string(b.Revenue.Currency))
	})
	if len(f.Money) > 0 {
		own := f.Money[0].Revenue.Currency
		best, err := visit.BestOf(ctx, m.DB, string(b.ID), string(b.Mode), string(own), visit.Period{From: calendar.Day(local, -int(days)), To: calendar.Day(local, 0)}, bestShown)
		if err != nil {
			return f, false, err
		}
		for _, s := range best {
			f.Best = append(f.Best, Sold{s.Name, money.Amount{Minor: s.Revenue, Currency: own}})
		}
	}
	return f, len(f.Money) > 0 || f.Views > 0, nil
}
