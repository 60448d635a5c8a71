package message

import (
	"context"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// NewsItem is one piece of news, as members read it in a mail or in a channel.
type NewsItem struct {
	What     News
	Why      string        // of attention: which kind of movement; of returned: bounce or complaint
	Title    string        // of the link or product
	Name     string        // of the payer, may be empty; of returned: whose address it is
	Amount   *money.Amount `json:",omitempty"` // nil where none is told of
	Left     int64         // places, of almost_full
	Max      int64         // and all of them, also of limit_reached
	Path     []string
	PageURL  string // where the dashboard shows it, made from Path for whoever is told
	Test     bool
	Business string // its name
}

// Line is the news in one sentence.
func (f NewsItem) Line(t Localizer) string {
	name := f.Name
	if name == "" {
		if name = t.T("news.somebody"); f.What == NewsPaid { // its sentence begins with who paid
			name = text.Capital(name)
		}
	}
	amount := ""
	if f.Amount != nil {
		amount = f.Amount.Format(t.Lang())
	}
	pairs := []string{
		"Title", f.Title, "Name", name, "Amount", amount, "Left", strconv.FormatInt(f.Left, 10), "Max", strconv.FormatInt(f.Max, 10),
	}
	var line string
	switch f.What {
	case NewsPaid:
		line = t.T("news.paid", pairs...)
	case NewsFailed:
		line = t.T("news.failed", pairs...)
	case NewsRefunded:
		line = t.T("news.refunded", pairs...)
	case NewsAttention:
		line = t.T("mail.attention."+f.Why) + ": " + t.T("news.about", pairs...)
	case NewsLimitReached:
		line = t.T("news.limit_reached", pairs...)
	case NewsAlmostFull:
		line = t.T("news.almost_full", pairs...)
	case NewsOverdue:
		line = t.T("news.overdue", pairs...)
	case NewsWaiting:
		line = t.T("news.waiting_list", pairs...)
	case NewsReturned:
		line = t.T("news.returned."+f.Why, pairs...)
	}
	if f.Test {
		return t.T("news.test", "Line", line)
	}
	return line
}

func (NewsItem) kind() Kind { return KindNews }

func (f NewsItem) values(s renderContext) map[string]string {
	return map[string]string{"line": unmarked(f.Line(s)), "business_name": s.name(), "dashboard_url": f.PageURL}
}

func (NewsItem) card(renderContext) *card { return nil }

// ownMail reports whether members are mailed more about the kind than its sentence, by
// who queues that mail.
func (n News) ownMail() bool { return n == NewsPaid || n == NewsLimitReached || n == NewsAttention }

// QueueNews queues the mails about a piece of news for the members who want it, once for each
// key.
func (m *Messages) QueueNews(ctx context.Context, tx *db.Tx, businessID business.ID, key string, f NewsItem) error {
	if f.What.ownMail() {
		return nil
	}
	var all []subscriber
	if err := tx.Select(ctx, &all, selectSubscribers, businessID, NewsColumn(usual())); err != nil {
		return err
	}
	var mails []Mail
	for _, h := range all {
		if !h.wants(f.What) {
			continue
		}
		f.PageURL = m.Addresses.Own(address.Dashboard(h.Handle, f.Path...))
		mails = append(mails, Mail{BusinessID: businessID, To: h.Email, ToName: h.Name, Language: h.Language, Key: "news/" + key + "/" + h.ID, Data: f})
	}
	return m.queueAll(ctx, tx, mails)
}

// unmarked leaves out the marks around what was put into a text: a subject has none, and a
// mail that says it once more must say the same.
func unmarked(line string) string {
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(line)
}
