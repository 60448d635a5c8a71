package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"smartlinks/internal/db"
)

const (
	// storedAtOnce bounds how many stored jobs a process does at once, and how many of one
	// business: they work through much.
	storedAtOnce, storedAtOnceEach = 4, 2
	// firstWait doubles with every failure of a job, up to maxWait.
	firstWait = 5 * time.Second
	maxWait   = time.Hour
	// unknownWait is how long a job waits that this version does not know: another may.
	unknownWait = time.Minute
)

// stored are the jobs that are kept in a table of their own: work that belongs to no row
// of a feature, and work that comes back.
type stored struct {
	Work[storedJob]
	handlers map[string]func(ctx context.Context, payload []byte) error
	periodic []periodic
}

// storedJob is a row of jobs. One that comes back has its name as its id.
type storedJob struct {
	ID         string
	BusinessID string
	Name       string
	Payload    string
	Tries      int64 // this one included
	Period     int64 // in microseconds; 0 for one that is done once
}

type periodic struct {
	name     string
	interval time.Duration
}

func (q *Queue) addStored() {
	q.stored.handlers = map[string]func(context.Context, []byte) error{}
	q.stored.Work = Add(q, Kind[storedJob]{
		Name: "jobs", AtOnce: storedAtOnce, AtOnceEach: storedAtOnceEach,
		Rows: Rows{
			Table: "jobs", Key: []string{"id"}, ByWall: true, Group: "business_id", Set: "tries = tries + 1",
			Returning: "id, business_id, name, payload, tries, period",
		},
		KeyOf:   func(j storedJob) []any { return []any{j.ID} },
		GroupOf: func(j storedJob) string { return j.BusinessID },
		Do:      q.doStored,
		Pause:   func(j storedJob) time.Duration { return min(firstWait<<min(j.Tries-1, 20), maxWait) },
	})
}

// Handle says what to do for jobs of the name. A job whose handler fails is tried again
// after growing waits until it succeeds, so handlers must not mind to run twice.
func (q *Queue) Handle(name string, do func(ctx context.Context, payload []byte) error) {
	q.stored.handlers[name] = do
}

// Every does something when the queue starts and at the interval, in one of all
// processes. When it fails it has its turn again at the next interval.
func (q *Queue) Every(name string, interval time.Duration, do func(ctx context.Context) error) {
	q.Handle(name, func(ctx context.Context, _ []byte) error {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("periodic work failed", "name", name, "error", err)
		}
		return ctx.Err()
	})
	q.stored.periodic = append(q.stored.periodic, periodic{name, interval})
}

// Enqueue adds a job of a business that is done once the transaction is committed, and
// never when it isn't. payload is stored as JSON.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, businessID, name string, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	id, err := tx.NewID("job")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO jobs (id, business_id, name, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, businessID, name, string(text), db.At(q.d.Clock().Wall()), db.At(tx.Now()))
	q.stored.Due(tx)
	return err
}

// addPeriodic writes the rows of what comes back, where they are not there yet.
func (q *Queue) addPeriodic(ctx context.Context) error {
	return q.d.InTx(ctx, func(tx *db.Tx) error {
		for _, p := range q.stored.periodic {
			_, err := tx.Exec(ctx, `INSERT INTO jobs (id, business_id, name, payload, period, due_at, created_at) VALUES ($1, '', $1, '', $2, $3, $4)
				ON CONFLICT (id) DO UPDATE SET period = excluded.period WHERE jobs.period <> excluded.period`,
				p.name, p.interval.Microseconds(), db.At(q.d.Clock().Wall()), db.At(tx.Now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (q *Queue) doStored(ctx context.Context, j storedJob) error {
	handler, known := q.stored.handlers[j.Name]
	if !known {
		return q.finish(ctx, j, unknownWait)
	}
	if err := handler(ctx, []byte(j.Payload)); err != nil {
		return err
	}
	return q.finish(ctx, j, time.Duration(j.Period)*time.Microsecond)
}

// finish ends a job, or lets it come back.
func (q *Queue) finish(ctx context.Context, j storedJob, again time.Duration) error {
	return q.d.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if again == 0 {
			_, err := tx.Exec(ctx, `DELETE FROM jobs WHERE id = $1 AND tries = $2`, j.ID, j.Tries)
			return err
		}
		at := q.d.Clock().Wall().Add(again)
		_, err := tx.Exec(ctx, `UPDATE jobs SET tries = 0, due_at = $3 WHERE id = $1 AND tries = $2`, j.ID, j.Tries, db.At(at))
		q.stored.DueAt(tx, at)
		return err
	})
}
