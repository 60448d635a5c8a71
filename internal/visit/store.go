package visit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/db"
)

// bucketLength is the grain of rollups: time zones have offsets of 30 and 45
// minutes, so a day of any zone is a whole number of buckets.
const bucketLength = 15 * time.Minute

// bucketOf is the start of the bucket that holds the instant.
func bucketOf(at time.Time) time.Time { return at.UTC().Truncate(bucketLength) }

// columns of a view, in the order of its arguments.
const columns = `id, business_id, link_id, mode, at, class, reason, ip, browser, os, language, referrer,
	channel, channel_detail, campaign, recipient_token, visit_id, visitor, country, device`

const columnCount = 20

func (v View) arguments() []any {
	return []any{v.ID, v.BusinessID, v.TargetID, v.Mode, db.At(v.At), string(v.Class), v.Reason, v.IP, v.Browser, v.OS,
		v.Language, v.Referrer, v.Channel, v.ChannelDetail, v.Campaign, v.RecipientToken, v.VisitID, v.Visitor, v.Country, v.Device}
}

// write stores views, totals and rollups in one transaction. One runs at a time,
// because the top values belong to it.
func (r *Recorder) write(ctx context.Context, views []View) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	err := r.d.InTx(ctx, func(tx *db.Tx) error {
		if err := insert(ctx, tx, views); err != nil {
			return err
		}
		fresh, err := addVisitors(ctx, tx, views)
		if err != nil {
			return err
		}
		t := tallyOf(views, fresh, &r.topValues)
		t.notify(tx)
		return t.add(ctx, tx)
	})
	if err == nil {
		r.stored.Add(int64(len(views)))
		r.batches.Add(1)
	}
	return err
}

// unstored leaves out the views that a transaction has stored whose answer was
// lost, so that trying again stores none twice.
func unstored(ctx context.Context, d *db.DB, views []View) ([]View, error) {
	rest := views[:0:0]
	for part := range slices.Chunk(views, 500) {
		ids := make([]any, len(part))
		for i, v := range part {
			ids[i] = v.ID
		}
		var stored []int64
		if err := d.Select(ctx, &stored, `SELECT id FROM views WHERE id IN (`+db.In(len(ids), 1)+`)`, ids...); err != nil {
			return nil, err
		}
		for _, v := range part {
			if !slices.Contains(stored, v.ID) {
				rest = append(rest, v)
			}
		}
	}
	return rest, nil
}

// insert writes the views in chunks of sizes that repeat, so that the prepared
// statements are few.
func insert(ctx context.Context, tx *db.Tx, views []View) error {
	for rest := views; len(rest) > 0; {
		chunk := rest[:chunkSize(len(rest))]
		rest = rest[len(chunk):]
		arguments := make([]any, 0, len(chunk)*columnCount)
		for _, v := range chunk {
			arguments = append(arguments, v.arguments()...)
		}
		if _, err := tx.Exec(ctx, insertStatements[len(chunk)], arguments...); err != nil {
			return fmt.Errorf("insert views: %w", err)
		}
	}
	return nil
}

// maxChunk is below the bounds of both engines on arguments, with few enough
// statements to keep prepared.
const maxChunk = 64

// chunkSize is the largest power of two that fits, maxChunk at most.
func chunkSize(n int) int {
	size := maxChunk
	for size > n {
		size /= 2
	}
	return size
}

// insertStatements are the statements by the number of their rows.
var insertStatements = bySize(func(size int) string {
	return "INSERT INTO views (" + columns + ") VALUES " + rowsOf(size, columnCount)
})

// bySize writes a statement for each of the sizes of chunks.
func bySize(write func(size int) string) map[int]string {
	by := map[int]string{}
	for size := 1; size <= maxChunk; size *= 2 {
		by[size] = write(size)
	}
	return by
}

// rowsOf is so many rows of placeholders.
func rowsOf(rows, columns int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = "(" + db.In(columns, 1+i*columns) + ")"
	}
	return strings.Join(all, ", ")
}
