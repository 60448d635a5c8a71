package requests

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
)

// Get is a batch of the business, or a NotFound fault.
func (s *Requests) Get(ctx context.Context, b business.Business, id ID) (Batch, error) {
	return s.get(ctx, s.DB, b, id)
}

func (s *Requests) get(ctx context.Context, from db.Reader, b business.Business, id ID) (Batch, error) {
	var r struct {
		ID                               ID
		Name, File                       string
		State                            State
		Channels, Message, Reminders     string
		Total, Waiting, Sent, Failed     int64
		SendAt                           db.Time
		CreatedAt, StartedAt, FinishedAt db.Time
	}
	err := from.Get(ctx, &r, `SELECT id, name, file, state, channels, message, reminders, total, send_at, created_at, started_at, finished_at,
			(SELECT COUNT(*) FROM request_rows r WHERE r.batch_id = q.id AND r.state = 'waiting') AS waiting,
			(SELECT COUNT(*) FROM request_rows r WHERE r.batch_id = q.id AND r.state = 'sent') AS sent,
			(SELECT COUNT(*) FROM request_rows r WHERE r.batch_id = q.id AND r.state = 'failed') AS failed
		FROM request_batches q WHERE business_id = $1 AND mode = $2 AND id = $3`, b.ID, b.Mode, id)
	if errors.Is(err, db.ErrNoRows) {
		return Batch{}, fault.New(fault.NotFound, "There is no such batch.")
	}
	if err != nil {
		return Batch{}, err
	}
	batch := Batch{
		ID: r.ID, Name: r.Name, File: r.File, State: r.State, Total: r.Total, Waiting: r.Waiting, Sent: r.Sent, Failed: r.Failed,
		CreatedAt: r.CreatedAt.Time, StartedAt: r.StartedAt.Ptr(), FinishedAt: r.FinishedAt.Ptr(), How: How{Message: r.Message, At: r.SendAt.Ptr()},
	}
	if r.State == Running && batch.How.At != nil && batch.How.At.After(s.DB.Clock().Now()) {
		batch.State = Scheduled
	}
	for channel := range strings.SplitSeq(r.Channels, ",") {
		if channel != "" {
			batch.How.Channels = append(batch.How.Channels, message.Channel(channel))
		}
	}
	if r.Reminders != "" {
		err = json.Unmarshal([]byte(r.Reminders), &batch.How.Reminders)
	}
	return batch, err
}

// Rows are the rows of a batch in one state, "" for all, behind a number.
func (s *Requests) Rows(ctx context.Context, b business.Business, id ID, state RowState, after int64, limit int) ([]Row, error) {
	return s.rows(ctx, s.DB, b.ID, id, state, after, limit)
}

func (s *Requests) rows(ctx context.Context, from db.Reader, businessID business.ID, id ID, state RowState, after int64, limit int) ([]Row, error) {
	var found []struct {
		Number             int64
		State              RowState
		Reason             string
		Name, Email, Phone string
		AmountMinor        int64
		Currency           money.Currency
		Reference          string
		Variables          string
		LinkID             link.ID
	}
	err := from.Select(ctx, &found, `SELECT number, state, reason, name, email, phone, amount_minor, currency, reference, variables, link_id FROM request_rows
		WHERE business_id = $1 AND batch_id = $2 AND ($3 = '' OR state = $3) AND number > $4 ORDER BY number LIMIT $5`, businessID, id, state, after, limit)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i, f := range found {
		rows[i] = Row{Number: f.Number, State: f.State, Reason: f.Reason, Name: f.Name, Email: f.Email, Phone: f.Phone, Amount: money.Amount{Minor: f.AmountMinor, Currency: f.Currency}, Reference: f.Reference, LinkID: f.LinkID}
		if f.Variables == "" {
			continue
		}
		if err := json.Unmarshal([]byte(f.Variables), &rows[i].Variables); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// keepFor is how long batches are kept: what was sent is told by links and deliveries.
const keepFor = 30 * 24 * time.Hour

// DeleteOld deletes batches that are over for a month, and drafts that nobody started.
func (s *Requests) DeleteOld(ctx context.Context) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		var old []ID
		if err := tx.Select(ctx, &old, `SELECT id FROM request_batches WHERE created_at < $1 AND state <> 'running' ORDER BY created_at LIMIT 50`, db.At(tx.Now().Add(-keepFor))); err != nil {
			return err
		}
		for _, id := range old {
			if _, err := tx.Exec(ctx, `DELETE FROM request_rows WHERE batch_id = $1`, id); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM request_batches WHERE id = $1`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// EraseCustomer forgets rows with the customer's e-mail address: those that wait are not
// sent.
func (s *Requests) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	address, err := mailaddr.Parse(c.Email)
	if err != nil {
		return nil // nothing was asked for at no address
	}
	_, err = tx.Exec(ctx, `UPDATE request_rows SET state = CASE WHEN state = 'waiting' THEN 'stopped' ELSE state END, name = '', email = '', phone = '', variables = '', reason = ''
		WHERE business_id = $1 AND LOWER(email) = LOWER($2)`, businessID, address.Typed)
	return err
}
