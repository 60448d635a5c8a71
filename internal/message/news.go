package message

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
)

// News is a kind of what happened that members can be told of, by mail or in a channel.
type News string

// The kinds of news.
const (
	NewsPaid         News = "paid"
	NewsFailed       News = "failed"        // a payment did
	NewsRefunded     News = "refunded"      // money went back
	NewsAttention    News = "attention"     // something about money needs them
	NewsLimitReached News = "limit_reached" // a link has all its payments
	NewsAlmostFull   News = "almost_full"
	NewsOverdue      News = "overdue"      // the day is over by which a link wanted to be paid
	NewsWaiting      News = "waiting_list" // somebody joined one
	NewsReturned     News = "returned"     // an address gets nothing more
)

// AllNews are all kinds, in the order in which people see them.
func AllNews() []News {
	return []News{NewsPaid, NewsAttention, NewsLimitReached, NewsAlmostFull, NewsOverdue, NewsWaiting, NewsReturned, NewsRefunded, NewsFailed}
}

// usual are the kinds that come by mail to an owner who has chosen none; others get none.
func usual() []News { return []News{NewsPaid, NewsAttention, NewsLimitReached} }

// ParseNews takes kinds apart that a column or a form holds; unknown ones are left out.
func ParseNews(words []string) (all []News) {
	for _, n := range AllNews() {
		if slices.Contains(words, string(n)) {
			all = append(all, n)
		}
	}
	return all
}

// NewsColumn is how kinds are stored: their names, apart by blanks.
func NewsColumn(all []News) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = string(n)
	}
	return strings.Join(words, " ")
}

// Every is how often a summary comes.
type Every string

// How often a summary comes.
const (
	Never  Every = "never"
	Daily  Every = "daily"
	Weekly Every = "weekly"
)

// Choice is what a member wants by mail.
type Choice struct {
	News    []News
	Summary Every
}

// Choice returns what a member of the business wants by mail.
func (m *Messages) Choice(ctx context.Context, businessID business.ID, member account.UserID, role account.Role) (Choice, error) {
	var row struct {
		News    string
		Summary Every
	}
	err := m.DB.Get(ctx, &row, `SELECT news, summary FROM member_news WHERE business_id = $1 AND user_id = $2`, businessID, member)
	if errors.Is(err, db.ErrNoRows) {
		c := Choice{Summary: Never}
		if role == account.Owner {
			c.News = usual()
		}
		return c, nil
	}
	return Choice{ParseNews(strings.Fields(row.News)), row.Summary}, err
}

// Choose sets what a member of the business wants by mail. The first summary tells of the
// day or week that is under way.
func (m *Messages) Choose(ctx context.Context, b business.Business, member account.UserID, c Choice) error {
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		news := NewsColumn(ParseNews(strings.Fields(NewsColumn(c.News))))
		var same bool
		err := tx.Get(ctx, &same, `SELECT news = $3 AND summary = $4 FROM member_news WHERE business_id = $1 AND user_id = $2`, b.ID, member, news, c.Summary)
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return err
		}
		if same {
			tx.Unchanged(tx.Writes())
			return nil
		}
		due := db.Time{}
		if c.Summary != Never {
			due = db.At(nextSummary(tx.Now(), c.Summary, b.Location()))
		}
		_, err = tx.Exec(ctx, `INSERT INTO member_news (business_id, user_id, news, summary, due_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (business_id, user_id) DO UPDATE SET news = excluded.news, summary = excluded.summary, due_at = excluded.due_at, updated_at = excluded.updated_at`,
			b.ID, member, news, c.Summary, due, db.At(tx.Now()))
		if err == nil && c.Summary != Never {
			m.summaries.DueAt(tx, due.Time)
		}
		return err
	})
}

// summaryHour is when summaries come, in the business's zone.
const summaryHour = 7

// nextSummary is when the next summary comes behind an instant: at seven in the morning,
// weekly on Mondays.
func nextSummary(after time.Time, every Every, zone *time.Location) time.Time {
	local := after.In(zone)
	for day := 0; ; day++ {
		at := calendar.Local(local.Year(), local.Month(), local.Day()+day, summaryHour, 0, zone)
		if at.After(after) && (every == Daily || at.Weekday() == time.Monday) {
			return at
		}
	}
}

// subscriber is a member who is told something by mail.
type subscriber struct{ ID, Name, Email, Language, Handle, News string }

// wants reports whether the member wants the kind by mail.
func (h subscriber) wants(n News) bool { return slices.Contains(strings.Fields(h.News), string(n)) }

// selectSubscribers asks for the members who want anything by mail: $1 the business, $2 what
// owners get who have chosen nothing.
const selectSubscribers = `SELECT u.id, u.name, u.email, u.language, b.handle, COALESCE(c.news, $2) AS news
	FROM members m JOIN users u ON u.id = m.user_id JOIN businesses b ON b.id = m.business_id
	LEFT JOIN member_news c ON c.business_id = m.business_id AND c.user_id = m.user_id
	WHERE m.business_id = $1 AND (c.news <> '' OR c.news IS NULL AND m.role = 'owner') ORDER BY u.id`

// subscribersOf asks for the members of a business who want anything by mail.
func subscribersOf(into *[]subscriber, businessID business.ID) *db.Statement {
	return db.All(into, selectSubscribers, businessID, NewsColumn(usual()))
}
