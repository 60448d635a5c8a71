package delivery

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// BatchID names a batch: "bat_…".
type BatchID string

// Batch is a send to many, which goes on behind the answer to a request.
type Batch struct {
	ID         BatchID
	LinkID     link.ID
	Total      int64 // customers
	Done       int64 // of Total
	Failed     int64 // of Done: nothing could be sent to them
	Stopped    string
	CreatedAt  time.Time
	FinishedAt *time.Time
}

// batchRow is a line of send_batches.
type batchRow struct {
	ID           BatchID
	BusinessID   business.ID
	LinkID       link.ID
	Mode         business.Mode
	Channels     string
	Message      string
	Key          string
	Total        int64
	Done         int64
	Failed       int64
	NextCustomer customer.ID
	Stopped      string
	CreatedAt    db.Time
	FinishedAt   db.Time
}

const batchColumns = `id, business_id, link_id, mode, channels, message, key, total, done, failed, next_customer, stopped, created_at, finished_at`

func (r batchRow) batch() Batch {
	return Batch{ID: r.ID, LinkID: r.LinkID, Total: r.Total, Done: r.Done, Failed: r.Failed, Stopped: r.Stopped, CreatedAt: r.CreatedAt.Time, FinishedAt: r.FinishedAt.Ptr()}
}

func (r batchRow) request() Request {
	request := Request{Message: r.Message, Key: r.Key}
	for channel := range strings.SplitSeq(r.Channels, ",") {
		request.Channels = append(request.Channels, message.Channel(channel))
	}
	return request
}

// openBatch names a batch that goes on.
type openBatch struct {
	BusinessID business.ID
	ID         BatchID
}

func (o openBatch) key() []any    { return []any{o.ID} }
func (o openBatch) group() string { return string(o.BusinessID) }

// addWork tells the queue how batches go on.
func (s *Deliveries) addWork() {
	s.batches = job.Add(s.Queue, job.Kind[openBatch]{
		Name: "batches", AtOnce: 4, AtOnceEach: 2, KeyOf: openBatch.key, GroupOf: openBatch.group,
		Rows: job.Rows{Table: "send_batches", Key: []string{"id"}, ByWall: true, Group: "business_id", Returning: "business_id, id"},
		Do:   func(ctx context.Context, o openBatch) error { return s.Continue(ctx, o.BusinessID, o.ID) },
	})
}

// startBatch writes down who is to be sent the link.
func (s *Deliveries) startBatch(ctx context.Context, tx *db.Tx, b business.Business, linkID link.ID, r Request, who []customer.ID) (Batch, error) {
	id, err := tx.NewID("bat")
	if err != nil {
		return Batch{}, err
	}
	key := r.Key
	if key == "" {
		key = "batch/" + id
	}
	row := batchRow{ID: BatchID(id), LinkID: linkID, Total: int64(len(who)), CreatedAt: db.At(tx.Now())}
	channels := make([]string, len(r.Channels))
	for i, c := range r.Channels {
		channels[i] = string(c)
	}
	_, err = tx.Exec(ctx, `INSERT INTO send_batches (id, business_id, link_id, mode, channels, message, key, total, created_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, b.ID, linkID, b.Mode, strings.Join(channels, ","), r.Message, key, row.Total, row.CreatedAt, db.At(s.DB.Clock().Wall()))
	if err != nil {
		return Batch{}, err
	}
	for part := range slices.Chunk(who, 200) {
		arguments := []any{id}
		rows := make([]string, len(part))
		for i, member := range part {
			arguments = append(arguments, member)
			rows[i] = `($1, ` + db.In(1, i+2) + `)`
		}
		if _, err := tx.Exec(ctx, `INSERT INTO send_batch_members (batch_id, customer_id) VALUES `+strings.Join(rows, ", "), arguments...); err != nil {
			return Batch{}, err
		}
	}
	s.batches.Due(tx)
	return row.batch(), nil
}

// Continue sends to those of a batch who have not had their turn, chunk by
// chunk. Whoever continues a batch at the same time, or after a crash, sends
// nobody a second message.
func (s *Deliveries) Continue(ctx context.Context, businessID business.ID, id BatchID) error {
	b, err := s.Businesses.ByID(ctx, businessID)
	if err != nil {
		return err
	}
	for {
		more := false
		err := s.DB.InTx(ctx, func(tx *db.Tx) (err error) {
			more, err = s.chunk(ctx, tx, b, id)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// chunk does the next few of a batch, and reports whether there are more.
func (s *Deliveries) chunk(ctx context.Context, tx *db.Tx, b business.Business, id BatchID) (more bool, err error) {
	var r batchRow
	err = tx.Get(ctx, &r, `UPDATE send_batches SET done = done WHERE business_id = $1 AND id = $2 AND finished_at IS NULL RETURNING `+batchColumns, b.ID, id)
	if errors.Is(err, db.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b.Mode = r.Mode
	l, err := s.Links.GetTx(ctx, tx, b, r.LinkID)
	if fault.Is(err, fault.NotFound) {
		return false, r.finish(ctx, tx, "The link was deleted.")
	}
	if err != nil {
		return false, err
	}
	if why := Closed(l, tx.Now()); why != "" {
		return false, r.finish(ctx, tx, why)
	}
	who, late, err := r.next(ctx, tx)
	if err != nil {
		return false, err
	}
	if len(who) == 0 {
		return false, r.finish(ctx, tx, "")
	}
	for _, member := range who {
		sent, _, err := s.SendTx(ctx, tx, b, l, r.request().order(member))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return false, err
		}
		if err != nil || sent.Status == message.Failed { // NotFound: the customer was deleted meanwhile
			r.Failed++
		}
	}
	if late {
		_, err = tx.Exec(ctx, `DELETE FROM send_batch_members WHERE batch_id = $1 AND late AND customer_id <= $2`, id, who[len(who)-1])
	} else {
		r.NextCustomer = who[len(who)-1]
	}
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE send_batches SET done = done + $3, failed = $4, next_customer = $5 WHERE business_id = $1 AND id = $2`,
		b.ID, id, len(who), r.Failed, r.NextCustomer)
	return true, err
}

// next are the members of the next chunk: in the order of their ids, then those who came late.
func (r batchRow) next(ctx context.Context, tx *db.Tx) (who []customer.ID, late bool, err error) {
	err = tx.Select(ctx, &who, `SELECT customer_id FROM send_batch_members WHERE batch_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT $3`, r.ID, r.NextCustomer, atOnce)
	if err == nil && len(who) == 0 {
		late = true
		err = tx.Select(ctx, &who, `SELECT customer_id FROM send_batch_members WHERE batch_id = $1 AND late ORDER BY customer_id LIMIT $2`, r.ID, atOnce)
	}
	return who, late, err
}

// moveMember gives one customer the turn of another in the batches that are being sent, in the
// transaction that merges the two. Who had a turn as either of them has none any more.
func moveMember(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	const (
		sending = `batch_id IN (SELECT id FROM send_batches WHERE business_id = $1 AND finished_at IS NULL)`
		reached = `(SELECT b.next_customer FROM send_batches b WHERE b.id = send_batch_members.batch_id)`
		waits   = `(customer_id > ` + reached + ` OR late)`
	)
	// No chunk is sent meanwhile.
	if _, err := tx.Exec(ctx, `UPDATE send_batches SET done = done WHERE business_id = $1 AND finished_at IS NULL`, businessID); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM send_batch_members WHERE customer_id = $2 AND ` + waits + ` AND ` + sending + `
			AND EXISTS (SELECT 1 FROM send_batch_members m JOIN send_batches b ON b.id = m.batch_id
				WHERE m.batch_id = send_batch_members.batch_id AND m.customer_id = $3 AND m.customer_id <= b.next_customer AND NOT m.late)`,
		`UPDATE send_batch_members SET customer_id = $2, late = $2 <= ` + reached + ` WHERE customer_id = $3 AND ` + waits + ` AND ` + sending + `
			AND NOT EXISTS (SELECT 1 FROM send_batch_members m WHERE m.batch_id = send_batch_members.batch_id AND m.customer_id = $2)`,
		`DELETE FROM send_batch_members WHERE customer_id = $3 AND $2 <> $3 AND ` + sending,
	} {
		if _, err := tx.Exec(ctx, statement, businessID, keep, gone); err != nil {
			return err
		}
	}
	return nil
}

// finish ends a batch; why is "" when everybody had their turn.
func (r batchRow) finish(ctx context.Context, tx *db.Tx, why string) error {
	_, err := tx.Exec(ctx, `UPDATE send_batches SET finished_at = $3, due_at = NULL, stopped = $4, done = CASE WHEN $4 = '' THEN total ELSE done END
		WHERE business_id = $1 AND id = $2`, r.BusinessID, r.ID, db.At(tx.Now()), why)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM send_batch_members WHERE batch_id = $1`, r.ID)
	tx.Notify("activity", string(r.LinkID))
	return err
}

// ContinueDue continues every batch that is not finished: for whoever must know
// that all is sent, such as the test clock.
func (s *Deliveries) ContinueDue(ctx context.Context) error {
	var open []openBatch
	if err := s.DB.Select(ctx, &open, `SELECT business_id, id FROM send_batches WHERE finished_at IS NULL ORDER BY id`); err != nil {
		return err
	}
	for _, b := range open {
		if err := s.Continue(ctx, b.BusinessID, b.ID); err != nil {
			return err
		}
	}
	return nil
}

// Batches are a link's sends to many, the newest first, a few at most.
func (s *Deliveries) Batches(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) ([]Batch, error) {
	var rows []batchRow
	err := from.Select(ctx, &rows, `SELECT `+batchColumns+` FROM send_batches WHERE business_id = $1 AND link_id = $2 AND mode = $3 ORDER BY id DESC LIMIT 5`,
		businessID, linkID, mode)
	all := make([]Batch, len(rows))
	for i, r := range rows {
		all[i] = r.batch()
	}
	return all, err
}
