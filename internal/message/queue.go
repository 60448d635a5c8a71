package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
)

// ID names a mail: "mal_…".
type ID string

// Mail is a mail to be sent. What kind it is follows from its data.
type Mail struct {
	BusinessID business.ID // "" for one from the installation itself
	To         string
	ToName     string // may be empty
	Language   string // "" for the business's
	// Typed says that the address is one that a payer typed, which nobody may have
	// confirmed (confirmed.go).
	Typed bool
	// Key tells mails of a business apart: there is at most one for each.
	Key  string
	Data Data
}

// Queue stores a mail, to be sent once the transaction is committed. A second
// one with the same key is left out, and so is one whose address nothing can be
// sent to, with a line in the log: what causes a mail must not fail for it.
func (m *Messages) Queue(ctx context.Context, tx *db.Tx, mail Mail) error {
	to, err := mailaddr.Parse(mail.To)
	if err == nil && mail.Typed {
		fit, allowed, err := m.toPayer(ctx, tx, mail, to)
		if err != nil {
			return err
		}
		if !allowed {
			m.leftOut(ctx, mail)
			return nil
		}
		mail = fit
	}
	return m.queueAll(ctx, tx, []Mail{mail})
}

// queueAll is Queue for many mails, of which no address is to be asked about any more.
func (m *Messages) queueAll(ctx context.Context, tx *db.Tx, mails []Mail) error {
	for part := range db.Parts(mails) {
		var rows []claim
		for _, mail := range part {
			if mail.Key == "" {
				return errors.New("message: a mail has no key")
			}
			to, err := mailaddr.Parse(mail.To)
			if err != nil {
				m.Log.WarnContext(ctx, "a mail has no address to go to", "kind", mail.Data.kind(), "error", err)
				continue
			}
			id, sealed, err := m.seal(tx, mail)
			if err != nil {
				return err
			}
			rows = append(rows, claim{
				ID: ID(id), BusinessID: mail.BusinessID, Kind: mail.Data.kind(), Key: mail.Key, Recipient: to.Typed, RecipientName: mail.ToName, Language: mail.Language, Facts: sealed,
			})
		}
		if len(rows) > 0 {
			if err := m.insert(ctx, tx, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// insert stores mails that are due. Those that this process can send at once it claims by the
// same statement, and has them sent behind the commit.
func (m *Messages) insert(ctx context.Context, tx *db.Tx, rows []claim) error {
	due, state := db.At(m.DB.Clock().Wall()), "'queued', 0"
	handed := m.mails.Room(string(rows[0].BusinessID), len(rows)) && !slices.ContainsFunc(rows, func(r claim) bool { return r.BusinessID != rows[0].BusinessID })
	if handed {
		due, state = m.mails.LeaseUntil(), "'sending', 1"
	}
	arguments, values := []any{due, db.At(tx.Now())}, make([]string, len(rows))
	for i, r := range rows {
		values[i] = `(` + db.In(8, len(arguments)+1) + `, ` + state + `, $1, $2, $2)`
		arguments = append(arguments, r.ID, r.BusinessID, r.Kind, r.Key, r.Recipient, r.RecipientName, r.Language, r.Facts)
	}
	insert := `
		INSERT INTO mails (id, business_id, kind, key, recipient, recipient_name, language, facts, state, tries, due_at, created_at, updated_at)
		VALUES ` + strings.Join(values, `, `) + ` ON CONFLICT (business_id, key) DO NOTHING`
	if !handed {
		m.mails.Due(tx)
		return tx.Queue(ctx, db.Exec(nil, insert, arguments...))
	}
	var claims []claim
	tx.AfterCommit(func() {
		for _, c := range claims {
			m.mails.Hand(c, due)
		}
	})
	return tx.Queue(ctx, db.All(&claims, insert+` RETURNING `+claimColumns, arguments...))
}

// gather is queueAll at the end of the transaction, together with what else is gathered.
func (m *Messages) gather(tx *db.Tx, mails []Mail) {
	if len(mails) > 0 {
		db.Gather(tx, gathered{}, func(ctx context.Context, all []Mail) error { return m.queueAll(ctx, tx, all) }, mails...)
	}
}

type gathered struct{}

// seal makes the id of a mail and what is stored of its data.
func (m *Messages) seal(tx *db.Tx, mail Mail) (id, sealed string, err error) {
	if id, err = tx.NewID("mal"); err != nil {
		return "", "", err
	}
	text, err := json.Marshal(mail.Data)
	if err != nil {
		return "", "", fmt.Errorf("message: store a mail: %w", err)
	}
	sealed, err = m.Sealer.Seal(text, dataContext(ID(id)))
	return id, sealed, err
}

// dataContext is what a mail's data is sealed for.
func dataContext(id ID) string { return "mail/" + string(id) + "/facts" }
