package system

import "context"

// Due does everything that fell due, and returns when nothing is left.
func (r *System) Due(ctx context.Context) error {
	if err := r.Settle(ctx); err != nil {
		return err
	}
	if err := r.Statements.SettleDue(ctx); err != nil {
		return err
	}
	if err := r.Domains.End(ctx); err != nil {
		return err
	}
	if err := r.Links.NotifyOverdue(ctx, r.Businesses); err != nil {
		return err
	}
	if err := r.Imports.ContinueDue(ctx); err != nil {
		return err
	}
	if err := r.Waiting.EndDue(ctx); err != nil {
		return err
	}
	if err := r.Requests.ContinueDue(ctx); err != nil {
		return err
	}
	if err := r.Deliveries.SendLaterDue(ctx); err != nil {
		return err
	}
	if err := r.Deliveries.ContinueDue(ctx); err != nil {
		return err
	}
	if _, err := r.Reminders.SendDue(ctx); err != nil {
		return err
	}
	if err := r.Recovery.SendDue(ctx); err != nil {
		return err
	}
	if err := r.Messages.SummariseDue(ctx); err != nil {
		return err
	}
	if err := r.Alerts.PostDue(ctx); err != nil {
		return err
	}
	return r.Messages.SendDue(ctx)
}

// Settle does what fell due about money. It never waits for a mail.
func (r *System) Settle(ctx context.Context) error {
	for {
		settled, err := r.Payments.SweepDue(ctx)
		if err != nil {
			return err
		}
		sent := 0
		if r.Sandbox != nil {
			if sent, err = r.Sandbox.DeliverDue(ctx); err != nil {
				return err
			}
		}
		if settled+sent == 0 {
			return nil
		}
	}
}
