package recovery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
)

// Unfinished is an attempt that was not finished, and whether its payer can be asked.
type Unfinished struct {
	history.View
	Against  Obstacle
	Recovery *Recovery // nil while nothing is planned or was sent
}

// May reports whether its payer can be asked now.
func (s Unfinished) May() bool { return s.Against == None }

// List are the attempts that came to nothing and whose payers neither paid nor tried again,
// the newest first, and the cursor of the next page.
func (s *Recoveries) List(ctx context.Context, b business.Business, f history.Filter) ([]Unfinished, string, error) {
	f.Unfinished = true
	views, next, err := s.Payments.List(ctx, b.ID, b.Mode, f)
	if err != nil {
		return nil, "", err
	}
	all, err := s.unfinishedOf(ctx, b, views)
	return all, next, err
}

// UnfinishedOf is how one attempt stands, whatever became of it.
func (s *Recoveries) UnfinishedOf(ctx context.Context, b business.Business, v history.View) (Unfinished, error) {
	all, err := s.unfinishedOf(ctx, b, []history.View{v})
	if err != nil {
		return Unfinished{}, err
	}
	return all[0], nil
}

func (s *Recoveries) unfinishedOf(ctx context.Context, b business.Business, views []history.View) ([]Unfinished, error) {
	attempts, ids := make([]attempt.Attempt, len(views)), make([]attempt.ID, len(views))
	for i, v := range views {
		attempts[i], ids[i] = v.Attempt, v.ID
	}
	against, err := s.obstacles(ctx, s.DB, b, attempts)
	if err != nil {
		return nil, err
	}
	mails, err := s.Of(ctx, s.DB, b.ID, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Unfinished, len(views))
	for i, v := range views {
		all[i] = Unfinished{View: v, Against: against[v.ID]}
		if r, has := mails[v.ID]; has {
			all[i].Recovery = &r
			if r.State == Sent && all[i].Against == None {
				all[i].Against = Asked
			}
		}
	}
	return all, nil
}
