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
	channel, channel_detail, campaign, recipient_token, visit_id`

const columnCount = 17

func (v View) arguments() []any {
	return []any{v.ID, v.BusinessID, v.TargetID, v.Mode, db.At(v.At), string(v.Class), v.Reason, v.IP, v.Browser, v.OS,
		v.Language, v.Referrer, v.Channel, v.ChannelDetail, v.Campaign, v.RecipientToken, v.VisitID}
}

// store writes views, totals and rollups in one transaction.
func store(ctx context.Context, d *db.DB, views []View) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		if err := insert(ctx, tx, views); err != nil {
			return err
		}
		return count(ctx, tx, views)
	})
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

// chunkSize is the largest power of two that fits, 64 at most: below the bounds
// of both engines on arguments, and few enough statements to keep prepared.
func chunkSize(n int) int {
	size := 64
	for size > n {
		size /= 2
	}
	return size
}

// insertStatements are the statements by the number of their rows.
var insertStatements = func() map[int]string {
	by := map[int]string{}
	for size := 1; size <= 64; size *= 2 {
		rows := make([]string, size)
		for i := range rows {
			rows[i] = "(" + db.In(columnCount, 1+i*columnCount) + ")"
		}
		by[size] = "INSERT INTO views (" + columns + ") VALUES " + strings.Join(rows, ", ")
	}
	return by
}()
