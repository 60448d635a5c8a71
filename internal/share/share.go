// Package share keeps what a business says when it shares a link: one text for each
// language.
package share

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/text"
)

// MaxText is how many characters a text may have: what every network takes.
const MaxText = 280

var textRule = text.Rule{Most: MaxText, Lines: true}

// Texts are the stored texts. They are safe for concurrent use.
type Texts struct {
	db    *db.DB
	links *link.Links
}

// New returns the store. What is said of a link goes with it.
func New(d *db.DB, links *link.Links) *Texts {
	s := &Texts{d, links}
	links.OnDelete(s.drop)
	return s
}

// Of are the texts of a link, by language; empty where none was written.
func (s *Texts) Of(ctx context.Context, businessID business.ID, id link.ID) (map[string]string, error) {
	var rows []struct{ Language, Text string }
	if err := s.db.Select(ctx, &rows, `SELECT language, text FROM share_texts WHERE business_id = $1 AND link_id = $2`, businessID, id); err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, r := range rows {
		texts[r.Language] = r.Text
	}
	return texts, nil
}

// Set keeps the text of a language; an empty one takes it back. Errors: NotFound for the
// link, Invalid with the fields "language" and "text".
func (s *Texts) Set(ctx context.Context, b business.Business, id link.ID, language, said string) error {
	var wrong fault.Fields
	if !i18n.Supported(language) {
		wrong.Add("language", "language.unknown", "Choose one of the languages.")
	}
	said = textRule.Clean("text", said, wrong.Add)
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		writes := tx.Writes()
		if _, err := s.links.GetTx(ctx, tx, b, id); err != nil {
			return err
		}
		if said == "" {
			n, err := tx.Exec(ctx, `DELETE FROM share_texts WHERE business_id = $1 AND link_id = $2 AND language = $3`, b.ID, id, language)
			if n == 0 {
				tx.Unchanged(writes)
			}
			return err
		}
		n, err := tx.Exec(ctx, `
			INSERT INTO share_texts (business_id, link_id, language, text, updated_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (link_id, language) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at
			WHERE share_texts.text <> excluded.text`, b.ID, id, language, said, db.At(tx.Now()))
		if n == 0 {
			tx.Unchanged(writes)
		}
		return err
	})
}

// drop forgets the texts of a link that is deleted.
func (s *Texts) drop(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM share_texts WHERE business_id = $1 AND link_id = $2`, businessID, id)
	return err
}
