package account

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/id"
)

// Act is a line of the audit log: who did what, when and from where.
type Act struct {
	ID      string    // "act_…"
	At      time.Time // by the wall, whatever the test clock says
	Actor   string    // id of the member or of the token
	Name    string    // of the actor, then
	What    string    // in words: "Changed a link"
	Object  string    // id, "" for none
	Address string    // from where, masked like "192.168.1.xxx"
}

// NoteAct adds what was done to the business's audit log. It is called behind the
// act itself.
func (a *Accounts) NoteAct(ctx context.Context, businessID business.ID, act Act) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error { return a.note(ctx, tx, businessID, act) })
}

// note is NoteAct in the transaction of the act itself.
func (a *Accounts) note(ctx context.Context, tx *db.Tx, businessID business.ID, act Act) error {
	made, err := tx.NewID("act")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO acts (id, business_id, at, actor, name, what, object, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		made, businessID, db.At(a.db.Clock().Wall()), act.Actor, act.Name, act.What, act.Object, act.Address)
	return err
}

// actsPage is how many acts a page of the log shows.
const actsPage = 50

// Acts are a page of the business's audit log, the newest first, and the cursor of
// the next, "" at the end. object narrows to what was done to it, "" to nothing.
func (a *Accounts) Acts(ctx context.Context, businessID business.ID, object, cursor string) (acts []Act, next string, err error) {
	if cursor != "" && !id.Valid("act", cursor) {
		cursor = ""
	}
	var rows []struct {
		ID, Actor, Name, What, Object, Address string
		At                                     db.Time
	}
	// By the wall's time, not by id: ids follow the test clock.
	err = a.db.Select(ctx, &rows, `SELECT id, at, actor, name, what, object, address FROM acts
		WHERE business_id = $1 AND (CAST($2 AS TEXT) = '' OR object = $2)
		AND (CAST($3 AS TEXT) = '' OR (at, id) < (SELECT at, id FROM acts WHERE business_id = $1 AND id = $3)) ORDER BY at DESC, id DESC LIMIT $4`,
		businessID, object, cursor, actsPage+1)
	if len(rows) > actsPage {
		rows = rows[:actsPage]
		next = rows[actsPage-1].ID
	}
	for _, r := range rows {
		acts = append(acts, Act{ID: r.ID, At: r.At.Time, Actor: r.Actor, Name: r.Name, What: r.What, Object: r.Object, Address: r.Address})
	}
	return acts, next, err
}

// actsFor is how long the audit log goes back, in days.
const actsFor = 400

// ForgetActs removes what was done more than 400 days ago. It is for a periodic job.
func (a *Accounts) ForgetActs(ctx context.Context) error {
	before := db.At(a.db.Clock().Wall().AddDate(0, 0, -actsFor))
	_, err := a.db.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM acts WHERE id IN (SELECT id FROM acts WHERE at < $1 ORDER BY at LIMIT $2)`, before, most)
	})
	return err
}
