// Package audit is the log of what was done to a business: by whom, when and from where.
package audit

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/id"
)

// Entry is a line of the log.
type Entry struct {
	ID      string    // "act_…"; made by the log
	At      time.Time // by the wall, whatever the test clock says; set by the log
	Actor   string    // id of the member or of the token; CommandLine
	Name    string    // of the actor, then
	What    string    // in words: "Changed a link"
	Object  string    // id, "" for none
	Address string    // from where, masked like "192.168.1.xxx"
}

// Log keeps the entries of all businesses. It is safe for concurrent use.
type Log struct{ db *db.DB }

// New returns the log in the database.
func New(d *db.DB) *Log { return &Log{d} }

// Record adds an entry, in the transaction of what it tells.
func (l *Log) Record(ctx context.Context, tx *db.Tx, businessID business.ID, e Entry) error {
	made, err := tx.NewID("act")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_log (id, business_id, at, actor, name, what, object, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		made, businessID, db.At(l.db.Clock().Wall()), e.Actor, e.Name, e.What, e.Object, e.Address)
	return err
}

// pageSize is how many entries a page of the log shows.
const pageSize = 50

// List is a page of the business's log, the newest first, and the cursor of the next,
// "" at the end. object narrows to what was done to it, "" to nothing.
func (l *Log) List(ctx context.Context, businessID business.ID, object, cursor string) (entries []Entry, next string, err error) {
	if cursor != "" && !id.Valid("act", cursor) {
		cursor = ""
	}
	var rows []struct {
		ID, Actor, Name, What, Object, Address string
		At                                     db.Time
	}
	// By the wall's time, not by id: ids follow the test clock.
	err = l.db.Select(ctx, &rows, `SELECT id, at, actor, name, what, object, address FROM audit_log
		WHERE business_id = $1 AND (CAST($2 AS TEXT) = '' OR object = $2)
		AND (CAST($3 AS TEXT) = '' OR (at, id) < (SELECT at, id FROM audit_log WHERE business_id = $1 AND id = $3)) ORDER BY at DESC, id DESC LIMIT $4`,
		businessID, object, cursor, pageSize+1)
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = rows[pageSize-1].ID
	}
	for _, r := range rows {
		entries = append(entries, Entry{ID: r.ID, At: r.At.Time, Actor: r.Actor, Name: r.Name, What: r.What, Object: r.Object, Address: r.Address})
	}
	return entries, next, err
}

// The log goes back so many days, and is shortened so many entries at a time.
const (
	keptDays = 400
	chunk    = 500
)

// DeleteOld removes what was done more than 400 days ago. It is for a periodic job.
func (l *Log) DeleteOld(ctx context.Context) error {
	before := db.At(l.db.Clock().Wall().AddDate(0, 0, -keptDays))
	_, err := l.db.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)`, before, most)
	})
	return err
}

// By are the newest entries of some actors of the business, at most so many.
func (l *Log) By(ctx context.Context, businessID business.ID, actors []string, most int) (entries []Entry, err error) {
	if len(actors) == 0 {
		return nil, nil
	}
	arguments := []any{businessID, most}
	for _, a := range actors {
		arguments = append(arguments, a)
	}
	var rows []struct {
		ID, Actor, Name, What, Object, Address string
		At                                     db.Time
	}
	err = l.db.Select(ctx, &rows, `SELECT id, at, actor, name, what, object, address FROM audit_log
		WHERE business_id = $1 AND actor IN (`+db.In(len(actors), 3)+`) ORDER BY at DESC, id DESC LIMIT $2`, arguments...)
	for _, r := range rows {
		entries = append(entries, Entry{ID: r.ID, At: r.At.Time, Actor: r.Actor, Name: r.Name, What: r.What, Object: r.Object, Address: r.Address})
	}
	return entries, err
}
