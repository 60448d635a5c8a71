package message

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment/attempt"
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
	return mail.toStranger(), n > 0, err
}

// toStranger is the mail without what its payer typed.
func (mail Mail) toStranger() Mail {
	mail.ToName = ""
	switch data := mail.Data.(type) {
	case Receipt:
		data.CustomerName, data.Stranger = "", true
		mail.Data = data
	case Refund:
		data.CustomerName, data.Stranger = "", true
		mail.Data = data
	case Transfer:
		data.CustomerName = ""
		mail.Data = data
	case Recovery:
		data.CustomerName = ""
		mail.Data = data
	}
	return mail
}

// strangers are addresses that nobody has confirmed, and how many mails went to them
// today with those that are about to: by hash.
type strangers struct {
	businessID business.ID
	asked      map[string]int64
	counted    []struct {
		Address string
		Sent    int64
	}
}

// countUnconfirmed counts a mail to the address of each attempt's payer, where nobody has
// confirmed it.
func (m *Messages) countUnconfirmed(tx *db.Tx, of []attempt.Attempt) (*strangers, *db.Statement) {
	s := &strangers{businessID: of[0].BusinessID, asked: map[string]int64{}}
	folded := map[string]string{}
	for _, a := range of {
		if to, err := mailaddr.Parse(a.Payer.Email); err == nil && !a.Quiet {
			hash := addressHash(s.businessID, to)
			folded[hash] = to.Folded
			s.asked[hash]++
		}
	}
	arguments, rows := []any{s.businessID, dayOf(tx)}, make([]string, 0, len(folded))
	for _, hash := range slices.Sorted(maps.Keys(folded)) { // locked in one order
		n := len(arguments)
		rows = append(rows, fmt.Sprintf("SELECT CAST($%d AS text) AS address, CAST($%d AS text) AS folded, CAST($%d AS BIGINT) AS n", n+1, n+2, n+3))
		arguments = append(arguments, hash, folded[hash], s.asked[hash])
	}
	if len(rows) == 0 {
		rows = append(rows, "SELECT '' AS address, '' AS folded, 0 AS n WHERE FALSE")
	}
	return s, db.All(&s.counted, `
		INSERT INTO unconfirmed_mails (business_id, address, day, sent)
		SELECT CAST($1 AS text), a.address, CAST($2 AS BIGINT), a.n FROM (`+strings.Join(rows, ` UNION ALL `)+`) a
		WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.business_id = $1 AND c.email_folded = a.folded
				AND (c.entered OR EXISTS (SELECT 1 FROM recipients r WHERE r.customer_id = c.id)))
			AND NOT EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id WHERE m.business_id = $1 AND u.email_folded = a.folded)
		ON CONFLICT (business_id, address, day) DO UPDATE SET sent = unconfirmed_mails.sent + excluded.sent RETURNING address, sent`, arguments...)
}

// uncount takes back what was counted for attempts that became no payments: others have
// settled those, and counted them.
func (s *strangers) uncount(ctx context.Context, tx *db.Tx, mails []Mail) error {
	none := maps.Clone(s.asked)
	for _, mail := range mails {
		if to, err := mailaddr.Parse(mail.To); err == nil {
			none[addressHash(s.businessID, to)]--
		}
	}
	for _, c := range s.counted {
		if none[c.Address] == 0 {
			continue
		}
		if err := tx.Queue(ctx, db.Exec(nil, `UPDATE unconfirmed_mails SET sent = sent - $4 WHERE business_id = $1 AND address = $2 AND day = $3`,
			s.businessID, c.Address, dayOf(tx), none[c.Address])); err != nil {
			return err
		}
	}
	return nil
}

// fit makes mails fit for addresses that their payers typed, as toPayer does, once they
// are counted.
func (s *strangers) fit(ctx context.Context, m *Messages, mails []Mail) (fit []Mail) {
	sent := map[string]int64{} // before the next mail
	for _, c := range s.counted {
		sent[c.Address] = c.Sent - s.asked[c.Address]
	}
	for _, mail := range mails {
		to, err := mailaddr.Parse(mail.To)
		if err != nil {
			fit = append(fit, mail) // who queues it says so
			continue
		}
		hash := addressHash(s.businessID, to)
		before, stranger := sent[hash]
		sent[hash] = before + 1
		switch {
		case !stranger:
			delete(sent, hash)
			fit = append(fit, mail)
		case before < maxUnconfirmed:
			fit = append(fit, mail.toStranger())
		default:
			m.leftOut(ctx, mail)
		}
	}
	return fit
}

func (m *Messages) leftOut(ctx context.Context, mail Mail) {
	m.Log.InfoContext(ctx, "a mail is left out: its address is unconfirmed, and got its mails of the day", "kind", mail.Data.kind(), "business", mail.BusinessID)
}

func addressHash(id business.ID, to mailaddr.Address) string {
	return secret.Hash(string(id) + "/" + to.Folded)
}

const daySeconds = 24 * 60 * 60

func dayOf(tx *db.Tx) int64 { return tx.Now().Unix() / daySeconds }

// forgetUnconfirmed deletes the counts of days that are over.
func (m *Messages) forgetUnconfirmed(ctx context.Context) error {
	_, err := m.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM unconfirmed_mails WHERE (business_id, address, day) IN
			(SELECT business_id, address, day FROM unconfirmed_mails WHERE day < $1 ORDER BY day LIMIT $2)`, dayOf(tx), most)
	})
	return err
}
