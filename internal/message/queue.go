package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
)

// ID names a mail: "mal_…".
type ID string

// Mail is a mail to be sent. What kind it is follows from its facts.
type Mail struct {
	BusinessID business.ID // "" for one from the installation itself
	To         string
	ToName     string // may be empty
	Language   string // "" for the business's
	// Typed says that the address is one that a payer typed, which nobody may have
	// confirmed (confirmed.go).
	Typed bool
	// Key tells mails of a business apart: there is at most one for each.
	Key   string
	Facts Facts
}

// Queue stores a mail, to be sent once the transaction is committed. A second
// one with the same key is left out, and so is one whose address nothing can be
// sent to, with a line in the log: what causes a mail must not fail for it.
func (m *Messages) Queue(ctx context.Context, tx *db.Tx, mail Mail) error {
	if mail.Key == "" {
		return errors.New("message: a mail has no key")
	}
	to, err := mailaddr.Parse(mail.To)
	if err != nil {
		m.Log.WarnContext(ctx, "a mail has no address to go to", "kind", mail.Facts.kind(), "error", err)
		return nil
	}
	if mail.Typed {
		fit, allowed, err := m.toPayer(ctx, tx, mail, to)
		if err != nil {
			return err
		}
		if !allowed {
			m.Log.InfoContext(ctx, "a mail is left out: its address is unconfirmed, and got its mails of the day", "kind", mail.Facts.kind(), "business", mail.BusinessID)
			return nil
		}
		mail = fit
	}
	id, err := tx.NewID("mal")
	if err != nil {
		return err
	}
	text, err := json.Marshal(mail.Facts)
	if err != nil {
		return fmt.Errorf("message: store a mail: %w", err)
	}
	sealed, err := m.Sealer.Seal(text, factsContext(ID(id)))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO mails (id, business_id, kind, key, recipient, recipient_name, language, facts, state, due_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, $10) ON CONFLICT (business_id, key) DO NOTHING`,
		id, mail.BusinessID, mail.Facts.kind(), mail.Key, to.Typed, mail.ToName, mail.Language, sealed,
		db.At(m.DB.Clock().Wall()), db.At(tx.Now()))
	tx.AfterCommit(m.stir)
	return err
}

// factsContext is what a mail's facts are sealed for.
func factsContext(id ID) string { return "mail/" + string(id) + "/facts" }
