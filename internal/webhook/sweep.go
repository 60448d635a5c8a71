package webhook

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

const (
	// lease is how long a claimed delivery is left to whoever claimed it: longer
	// than an endpoint may take.
	lease = time.Minute
	// every is how often a process looks for what nobody told it of: tries that
	// are to be made again, and what another process or a command wrote.
	every = 5 * time.Second
)

// Start posts what is due until Close: what this process writes as soon as it
// is committed, everything else within seconds. It has workers of its own and
// not those of the job queue, because endpoints that hang would hold up money.
func (h *Webhooks) Start() {
	h.loop.Go(func() {
		look := time.NewTicker(every)
		defer look.Stop()
		for {
			select {
			case <-h.closed:
				return
			case <-h.wake:
			case <-look.C:
			}
			if _, err := h.dispatch(h.life); err != nil && h.life.Err() == nil {
				h.Log.Warn("events are not posted now", "error", err)
			}
		}
	})
}

// Close ends what Start began and waits for answers that are on their way,
// until ctx ends. What is let go then is due again later, with the same id.
func (h *Webhooks) Close(ctx context.Context) {
	close(h.closed)
	h.loop.Wait()
	if err := h.lanes.settled(ctx); err != nil {
		h.end()
		_ = h.lanes.settled(context.WithoutCancel(ctx)) // posting ends with its context
	}
	h.end()
}

// stir says that something may be due. Once is enough for any number.
func (h *Webhooks) stir() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// PostDue posts what is due and returns when nothing is left, neither here nor
// under way in this process.
func (h *Webhooks) PostDue(ctx context.Context) error {
	for {
		begun, err := h.dispatch(ctx)
		if err != nil {
			return err
		}
		if err := h.lanes.settled(ctx); err != nil || begun == 0 {
			return err
		}
	}
}

// claim is a delivery that this process is to post now.
type claim struct {
	EventID    EventID
	EndpointID EndpointID
	BusinessID business.ID
	Type       Type
	URL        string `db:"url"`
	Format     Format
	Body       string
	Tries      int64 // this one included
}

// dispatch claims what is due, as far as there is room, and begins to post it.
// Whoever gives room back looks again.
func (h *Webhooks) dispatch(ctx context.Context) (begun int, err error) {
	if begun, err = h.dispatchCallbacks(ctx); err != nil {
		return begun, err
	}
	for {
		free, full := h.lanes.room()
		if free == 0 {
			return begun, nil
		}
		due, err := h.due(ctx, free, full)
		if err != nil || len(due) == 0 {
			return begun, err
		}
		for _, c := range due {
			if !h.lanes.take(c.EndpointID) {
				continue
			}
			mine, err := h.claim(ctx, &c)
			if err != nil || !mine {
				h.lanes.giveBack(c.EndpointID)
				if err != nil {
					return begun, err
				}
				continue
			}
			begun++
			go func() {
				defer h.stir()
				defer h.lanes.giveBack(c.EndpointID)
				h.try(h.life, c)
			}()
		}
	}
}

// due are deliveries that are due, without those of full endpoints.
func (h *Webhooks) due(ctx context.Context, most int, full []EndpointID) (due []claim, err error) {
	statement, arguments := `
		SELECT d.event_id, d.endpoint_id, d.business_id, v.type, e.url, e.format, v.body, d.tries FROM webhook_deliveries d
		JOIN webhook_endpoints e ON e.id = d.endpoint_id JOIN events v ON v.id = d.event_id
		WHERE d.due_at <= $1`, []any{db.At(h.DB.Clock().Wall()), most}
	if len(full) > 0 {
		statement += ` AND d.endpoint_id NOT IN (` + db.In(len(full), 3) + `)`
		for _, id := range full {
			arguments = append(arguments, id)
		}
	}
	err = h.DB.Select(ctx, &due, statement+` ORDER BY d.due_at LIMIT $2`, arguments...)
	return due, err
}

// claim moves the due time, so of several processes one posts; and it counts as
// a try, so that what kills the process isn't tried for ever.
func (h *Webhooks) claim(ctx context.Context, c *claim) (mine bool, err error) {
	err = h.DB.InTx(ctx, func(tx *db.Tx) error {
		now := h.DB.Clock().Wall()
		err := tx.Get(ctx, &c.Tries, `UPDATE webhook_deliveries SET tries = tries + 1, due_at = $3 WHERE event_id = $1 AND endpoint_id = $2 AND due_at <= $4
			RETURNING tries`, c.EventID, c.EndpointID, db.At(now.Add(lease)), db.At(now))
		mine = err == nil
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		return err
	})
	return mine, err
}
