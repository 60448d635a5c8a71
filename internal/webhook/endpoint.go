package webhook

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// EndpointID names an endpoint: "whe_…".
type EndpointID string

// Stopped says why an endpoint is not active.
type Stopped string

// The reasons.
const (
	ByMember Stopped = ""        // switched off
	Failing  Stopped = "failing" // it took nothing for three days
	GoneAway Stopped = "gone"    // it answered 410
)

// Endpoint is where a business's system hears of events.
type Endpoint struct {
	ID           EndpointID
	BusinessID   business.ID
	URL          string
	Description  string
	Events       Asked
	Format       Format // in which it is told
	Active       bool
	Stopped      Stopped    // why it is not active
	FailingSince *time.Time // wall time: nothing was taken since; nil when the last was
	OldUntil     *time.Time // wall time: the secret before signs as well; nil when none does
	Version      int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Draft describes an endpoint to be made.
type Draft struct {
	URL         string
	Description string
	Events      Asked
	Format      Format // "" is Standard
	Inactive    bool
}

// Patch describes changes; nil keeps what is there.
type Patch struct {
	URL         *string
	Description *string
	Events      *Asked
	Format      *Format
	Active      *bool
}

func (p Patch) apply(e Endpoint) Endpoint {
	if p.URL != nil {
		e.URL = *p.URL
	}
	if p.Description != nil {
		e.Description = *p.Description
	}
	if p.Events != nil {
		e.Events = *p.Events
	}
	if p.Format != nil {
		e.Format = *p.Format
	}
	if p.Active != nil {
		e.Active = *p.Active
	}
	return e
}

// clean puts the endpoint into the form that is stored and returns everything
// that is wrong with it as one fault.
func (h *Webhooks) clean(e *Endpoint) error {
	var wrong fault.Fields
	e.URL = text.Rule{Most: maxURL, Required: true}.Clean("url", e.URL, wrong.Add)
	if why := CheckURL(e.URL, h.AllowPrivate); why != "" && !wrong.Has("url") {
		wrong.Add("url", "url.refused", why)
	}
	e.Description = text.Rule{Most: 120}.Clean("description", e.Description, wrong.Add)
	e.Events = e.Events.clean(&wrong)
	e.Format = e.Format.clean(&wrong)
	return wrong.Err()
}

var errNoEndpoint = fault.New(fault.NotFound, "There is no such endpoint. It may have been deleted.")

const endpointColumns = `id, business_id, url, description, events, format, active, stopped, failing_since, old_until, version, created_at, updated_at`

// endpointRow is an endpoint as it is stored, without its secrets.
type endpointRow struct {
	ID           EndpointID
	BusinessID   business.ID
	URL          string `db:"url"`
	Description  string
	Events       string
	Format       Format
	Active       bool
	Stopped      Stopped
	FailingSince db.Time
	OldUntil     db.Time
	Version      int64
	CreatedAt    db.Time
	UpdatedAt    db.Time
}

func (r endpointRow) endpoint() Endpoint {
	return Endpoint{
		ID: r.ID, BusinessID: r.BusinessID, URL: r.URL, Description: r.Description, Events: askedFrom(r.Events), Format: r.Format, Active: r.Active, Stopped: r.Stopped,
		FailingSince: r.FailingSince.Ptr(), OldUntil: r.OldUntil.Ptr(), Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
}

// Endpoints are those of the business, the oldest first. There are few.
func (h *Webhooks) Endpoints(ctx context.Context, businessID business.ID) ([]Endpoint, error) {
	return endpoints(ctx, h.DB, businessID)
}

func endpoints(ctx context.Context, from db.Reader, businessID business.ID) ([]Endpoint, error) {
	var rows []endpointRow
	err := from.Select(ctx, &rows, `SELECT `+endpointColumns+` FROM webhook_endpoints WHERE business_id = $1 ORDER BY id`, businessID)
	all := make([]Endpoint, len(rows))
	for i, r := range rows {
		all[i] = r.endpoint()
	}
	return all, err
}

// Endpoint returns one of the business, or a NotFound fault.
func (h *Webhooks) Endpoint(ctx context.Context, businessID business.ID, id EndpointID) (Endpoint, error) {
	return endpoint(ctx, h.DB, businessID, id)
}

func endpoint(ctx context.Context, from db.Reader, businessID business.ID, id EndpointID) (Endpoint, error) {
	var r endpointRow
	err := from.Get(ctx, &r, `SELECT `+endpointColumns+` FROM webhook_endpoints WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Endpoint{}, errNoEndpoint
	}
	return r.endpoint(), err
}

// lockEndpoint is endpoint for one that is about to be changed.
func lockEndpoint(ctx context.Context, tx *db.Tx, businessID business.ID, id EndpointID) (Endpoint, error) {
	var r endpointRow
	err := tx.Get(ctx, &r, `UPDATE webhook_endpoints SET version = version WHERE business_id = $1 AND id = $2 RETURNING `+endpointColumns, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Endpoint{}, errNoEndpoint
	}
	return r.endpoint(), err
}
