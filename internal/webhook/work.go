package webhook

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/job"
)

const (
	// atOnce bounds how many messages of each kind a process posts at the same time.
	atOnce = 64
	// atOnceEach bounds those to one endpoint or host, so that one that hangs holds up
	// itself alone.
	atOnceEach = 4
)

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

func (c claim) key() []any    { return []any{c.EventID, c.EndpointID} }
func (c claim) group() string { return string(c.EndpointID) }

// call is a callback that this process is to post now.
type call struct {
	Key        string
	BusinessID business.ID
	URL        string `db:"url"`
	Host       string
	Form       string
	Tries      int64
}

func (c call) primaryKey() []any { return []any{c.BusinessID, c.Key} }
func (c call) group() string     { return c.Host }

// addWork tells the queue how events and callbacks are posted. A claim counts as a try,
// so that what kills the process isn't tried for ever.
func (h *Webhooks) addWork() {
	h.deliveries = job.Add(h.Queue, job.Kind[claim]{
		Name: "webhooks", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: claim.key, GroupOf: claim.group, Do: h.try,
		Rows: job.Rows{
			Table: "webhook_deliveries", Key: []string{"event_id", "endpoint_id"}, ByWall: true, Group: "endpoint_id", Set: "tries = tries + 1",
			Returning: `event_id, endpoint_id, business_id, tries,
				(SELECT type FROM events v WHERE v.id = event_id) AS type, (SELECT body FROM events v WHERE v.id = event_id) AS body,
				(SELECT url FROM webhook_endpoints e WHERE e.id = endpoint_id) AS url, (SELECT format FROM webhook_endpoints e WHERE e.id = endpoint_id) AS format`,
		},
	})
	h.callbacks = job.Add(h.Queue, job.Kind[call]{
		Name: "callbacks", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: call.primaryKey, GroupOf: call.group, Do: h.tryCallback,
		Rows: job.Rows{
			Table: "callbacks", Key: []string{"business_id", "key"}, ByWall: true, Group: "host", Set: "tries = tries + 1",
			Returning: "key, business_id, url, host, form, tries",
		},
	})
}

// PostDue posts what is due and returns when nothing is left, neither here nor
// under way in this process.
func (h *Webhooks) PostDue(ctx context.Context) error {
	if _, err := h.deliveries.Drain(ctx); err != nil {
		return err
	}
	_, err := h.callbacks.Drain(ctx)
	return err
}
