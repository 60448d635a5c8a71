package alert

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// body is what an alert says.
type body struct {
	Title string `json:"title"` // the business's name
	Text  string `json:"text"`
	URL   string `json:"url"` // where the dashboard shows it
}

// Notify writes an alert for every channel that wants the kind, and the mails of members who
// want it, at the end of the transaction. Key makes the mails the only ones.
func (a *Alerts) Notify(tx *db.Tx, businessID business.ID, key string, f message.NewsItem) {
	tx.BeforeCommit(func(ctx context.Context) error {
		if err := a.Messages.QueueNews(ctx, tx, businessID, key, f); err != nil {
			return err
		}
		return a.notifyChannels(ctx, tx, businessID, f)
	})
}

func (a *Alerts) notifyChannels(ctx context.Context, tx *db.Tx, businessID business.ID, f message.NewsItem) error {
	if listens, err := a.listens(ctx, tx, businessID); err != nil || !listens {
		return err
	}
	var all []struct {
		ID             ID
		Language, News string
		Name, Handle   string // of the business
	}
	// Who left the business hears nothing on their devices any more.
	err := tx.Select(ctx, &all, `SELECT c.id, c.language, c.news, b.name, b.handle FROM alert_channels c JOIN businesses b ON b.id = c.business_id
		WHERE c.business_id = $1 AND c.active AND (c.kind <> 'push' OR EXISTS (SELECT 1 FROM members m WHERE m.business_id = c.business_id AND m.user_id = c.user_id)) ORDER BY c.id`, businessID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if !slices.Contains(strings.Fields(c.News), string(f.What)) {
			continue
		}
		to := body{Title: c.Name, Text: f.Line(a.Messages.Localizer(c.Language)), URL: a.Addresses.Own(address.Dashboard(c.Handle, f.Path...))}
		if err := a.post(ctx, tx, businessID, c.ID, to); err != nil {
			return err
		}
	}
	return nil
}

// trial is what a channel is told when it is made or tried.
func (a *Alerts) trial(b business.Business, language string) body {
	return body{Title: b.Name, Text: a.Messages.Localizer(language).T("news.try", "Business", b.Name), URL: a.Addresses.Own(address.Dashboard(b.Handle, "settings", "alerts"))}
}

// post writes an alert that is due at once.
func (a *Alerts) post(ctx context.Context, tx *db.Tx, businessID business.ID, to ID, what body) error {
	id, err := tx.NewID("alp")
	if err != nil {
		return err
	}
	plain, err := json.Marshal(what)
	if err != nil {
		return err
	}
	sealed, err := a.Sealer.Seal(plain, bodyContext(id))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO alert_posts (business_id, id, channel_id, body, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		businessID, id, to, sealed, db.At(a.DB.Clock().Wall()))
	a.posts.Due(tx)
	return err
}

// bodyContext is what an alert's text is sealed for.
func bodyContext(id string) string { return "alert/" + id + "/body" }
