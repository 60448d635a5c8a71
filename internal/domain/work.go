package domain

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
)

// due is a domain that is to be looked at.
type due struct {
	ID         ID
	BusinessID business.ID
}

// How many domains a process looks at at the same time, and of one business.
const (
	atOnce     = 16
	atOnceEach = 4
)

// addWork tells the queue how domains are looked at.
func (s *Domains) addWork() {
	s.work = job.Add(s.Queue, job.Kind[due]{
		Name: "domains", AtOnce: atOnce, AtOnceEach: atOnceEach,
		KeyOf: func(d due) []any { return []any{d.ID} }, GroupOf: func(d due) string { return string(d.BusinessID) },
		Rows:  job.Rows{Table: "domains", Key: []string{"id"}, ByWall: true, Group: "business_id", Returning: "id, business_id"},
		Do:    s.maintain,
		Pause: func(due) time.Duration { return soon },
	})
}

// maintain asks DNS about a domain that fell due, and gets or renews its certificate when
// it is time to: nobody may have opened its pages for weeks.
func (s *Domains) maintain(ctx context.Context, of due) error {
	d, err := s.check(ctx, of.BusinessID, of.ID, soon)
	if fault.Is(err, fault.NotFound) {
		return nil // removed meanwhile
	}
	if err == nil && s.Certify != nil && (d.Status() == Certificate || d.Served()) {
		s.getCertificate(ctx, d)
	}
	return err
}

// CheckDue looks at what is due and returns when nothing is left.
func (s *Domains) CheckDue(ctx context.Context) error {
	_, err := s.work.Drain(ctx)
	return err
}
