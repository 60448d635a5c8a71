// Package job runs work behind the answer to a request: enqueued by the
// transaction that caused it, done at least once, by one of all processes. It
// is the only room that knows River, on both engines.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"smartlinks/internal/db"
)

const (
	// workers is how many jobs of a process run at once.
	workers = 8
	// poll is how often SQLite is asked for jobs; PostgreSQL tells by itself.
	poll = time.Second
	// maxTries bounds the tries of a job; River's waits grow with the fourth
	// power, so that is about a day.
	maxTries = 15
	// keep is how long jobs that are done can be looked at; periodic ones are
	// many.
	keep = 2 * time.Hour
	// timeout ends a job that hangs, and abandoned is when another process takes
	// over a job whose process is gone.
	timeout   = 5 * time.Minute
	abandoned = 10 * time.Minute
)

// work is a job as it is stored: which handler, and what for.
type work struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Kind implements river.JobArgs.
func (work) Kind() string { return "work" }

// client is River's, whichever transaction it takes.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	PeriodicJobs() *river.PeriodicJobBundle
}

// Queue is the jobs of one process. Register handlers before Start.
type Queue struct {
	client   client
	insert   func(ctx context.Context, tx *db.Tx, w work) error
	handlers map[string]func(ctx context.Context, payload []byte) error
}

// New returns the queue of the database.
func New(d *db.DB, log *slog.Logger) (*Queue, error) {
	q := &Queue{handlers: map[string]func(context.Context, []byte) error{}}
	registered := river.NewWorkers()
	river.AddWorker(registered, river.WorkFunc(q.do))
	config := &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}}, Workers: registered,
		Logger: slog.New(quiet{log.Handler()}), MaxAttempts: maxTries, FetchPollInterval: poll,
		CompletedJobRetentionPeriod: keep, JobTimeout: timeout, RescueStuckJobsAfter: abandoned,
	}
	if pool := d.Pool(); pool != nil {
		return q, connect(q, riverpgxv5.New(pool), config, (*db.Tx).PGX)
	}
	return q, connect(q, riversqlite.New(d.QueuePool()), config, (*db.Tx).SQL)
}

// connect makes River's client for the driver's kind of transaction.
func connect[T any](q *Queue, driver riverdriver.Driver[T], config *river.Config, of func(*db.Tx) T) error {
	c, err := river.NewClient(driver, config)
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	q.client = c
	q.insert = func(ctx context.Context, tx *db.Tx, w work) error {
		// SQLite's transaction is shared with others, whom a cancelled statement
		// would interrupt.
		_, err := c.InsertTx(context.WithoutCancel(ctx), of(tx), w, nil)
		return err
	}
	return nil
}

// Handle says what to do for jobs of the name. A job whose handler fails is
// tried again after growing waits, so handlers must not mind to run twice.
func (q *Queue) Handle(name string, do func(ctx context.Context, payload []byte) error) {
	q.handlers[name] = do
}

// Every does something at the interval, in one of all processes.
func (q *Queue) Every(name string, interval time.Duration, do func(ctx context.Context) error) {
	q.Handle(name, func(ctx context.Context, _ []byte) error { return do(ctx) })
	q.client.PeriodicJobs().Add(river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) {
			return work{Name: name}, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: interval}}
		}, nil))
}

// Enqueue adds a job that is done once the transaction is committed, and never
// when it isn't. payload is stored as JSON.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, name string, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	return q.insert(ctx, tx, work{Name: name, Payload: text})
}

// Start begins to work.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop lets running jobs finish, until ctx ends; then they are cancelled, to be
// tried again by the next process.
func (q *Queue) Stop(ctx context.Context) error {
	err := q.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return q.client.StopAndCancel(last)
	}
	return err
}

func (q *Queue) do(ctx context.Context, j *river.Job[work]) error {
	handler, known := q.handlers[j.Args.Name]
	if !known {
		return river.JobSnooze(time.Minute) // another version of the server may know it
	}
	return handler(ctx, j.Args.Payload)
}

// quiet passes on what people should act on.
type quiet struct{ slog.Handler }

// Handle implements slog.Handler. That a stopping process cancels what runs is
// no news.
func (h quiet) Handle(ctx context.Context, r slog.Record) error {
	canceled := false
	r.Attrs(func(a slog.Attr) bool {
		err, isError := a.Value.Any().(error)
		canceled = isError && errors.Is(err, context.Canceled) || a.Value.String() == context.Canceled.Error()
		return !canceled
	})
	if canceled {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// Enabled implements slog.Handler.
func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}
