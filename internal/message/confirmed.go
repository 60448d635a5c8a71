package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// maxUnconfirmed bounds the mails of a business to an address that nobody has confirmed,
// on one day (UTC): whoever pays types any address, and a stranger's mailbox is not to be
// filled by it.
const maxUnconfirmed = 3

// confirmed is the rule which addresses somebody stands for: those of customers whom the
// merchant entered, changed or sent a link to, and of the business's own members. That
// somebody paid and typed an address says nothing of whose it is.
const confirmed = `SELECT EXISTS (SELECT 1 FROM customers c WHERE c.business_id = $1 AND c.email_folded = $2
		AND (c.entered OR EXISTS (SELECT 1 FROM recipients r WHERE r.customer_id = c.id)))
	OR EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id WHERE m.business_id = $1 AND u.email_folded = $2)`

// toPayer makes a mail fit for an address that its payer typed. One to an address that
// nobody has confirmed says nothing that the payer typed, so that it is no vehicle for
// a stranger's words; allowed is false when it would be one too many.
func (m *Messages) toPayer(ctx context.Context, tx *db.Tx, mail Mail, to mailaddr.Address) (fit Mail, allowed bool, err error) {
	var known bool
	if err := tx.Get(ctx, &known, confirmed, mail.BusinessID, to.Folded); err != nil || known {
		return mail, known, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO unconfirmed_mails (business_id, address, day, sent) VALUES ($1, $2, $3, 1)
		ON CONFLICT (business_id, address, day) DO UPDATE SET sent = unconfirmed_mails.sent + 1 WHERE unconfirmed_mails.sent < $4`,
		mail.BusinessID, addressHash(mail.BusinessID, to), dayOf(tx), maxUnconfirmed)
	mail.ToName = ""
	switch facts := mail.Facts.(type) {
	case Receipt:
		facts.CustomerName = ""
		mail.Facts = facts
	case GivenBack:
		facts.CustomerName = ""
		mail.Facts = facts
	}
	return mail, n > 0, err
}

func addressHash(id business.ID, to mailaddr.Address) string {
	return secret.Hash(string(id) + "/" + to.Folded)
}

const daySeconds = 24 * 60 * 60

func dayOf(tx *db.Tx) int64 { return tx.Now().Unix() / daySeconds }

// forgetUnconfirmed deletes the counts of days that are over.
func (m *Messages) forgetUnconfirmed(ctx context.Context) error {
	_, err := m.DB.InChunks(ctx, forgetChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM unconfirmed_mails WHERE (business_id, address, day) IN
			(SELECT business_id, address, day FROM unconfirmed_mails WHERE day < $1 ORDER BY day LIMIT $2)`, dayOf(tx), most)
	})
	return err
}
