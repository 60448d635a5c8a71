package bank

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// keep takes the amount that came as the payment.
func (d pages) keep(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, id := r.Context(), attempt.ID(r.PathValue("id"))
	if _, err := d.Payments.Get(ctx, scope.Business.ID, id); err != nil {
		return err
	}
	toast := ui.ToastProps{Text: scope.T("Taken as the payment")}
	err := d.Transfers.Keep(ctx, scope.Business.ID, id)
	if fault.Is(err, fault.Conflict) {
		toast = ui.ToastProps{Text: scope.T("It was decided before"), Calm: true}
	} else if err != nil {
		return err
	}
	if _, err := d.Payments.Sync(ctx, scope.Business.ID, id, attempt.CauseMerchant); err != nil {
		return err
	}
	return d.back(w, r, scope, id, toast)
}

// release lets somebody else have the place of a transfer that will not come, or that came
// with another amount and was sent back or a mistake.
func (d pages) release(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, id := r.Context(), attempt.ID(r.PathValue("id"))
	before, err := d.Payments.Get(ctx, scope.Business.ID, id)
	if err != nil {
		return err
	}
	if before.State == attempt.Review {
		dropped, err := d.Transfers.Drop(ctx, scope.Business.ID, id)
		if err != nil {
			return err
		}
		if _, err := d.Payments.Sync(ctx, scope.Business.ID, id, attempt.CauseMerchant); err != nil {
			return err
		}
		return d.back(w, r, scope, id, ui.ToastProps{Text: scope.T("Nothing of it counts, and nobody waits for it any more"), Calm: !dropped})
	}
	err = d.Payments.CloseWaiting(ctx, scope.Business.ID, id, attempt.CauseMerchant)
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return d.back(w, r, scope, id, ui.ToastProps{Text: scope.T("Nobody waits for this transfer any more"), Calm: err != nil})
}

// gaveBack notes that money which was too much went back.
func (d pages) gaveBack(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, id := r.Context(), attempt.ID(r.PathValue("id"))
	if _, err := d.Payments.Get(ctx, scope.Business.ID, id); err != nil {
		return err
	}
	if err := d.Transfers.GaveBack(ctx, scope.Business.ID, id); err != nil {
		return err
	}
	if _, err := d.Payments.Sync(ctx, scope.Business.ID, id, attempt.CauseMerchant); err != nil {
		return err
	}
	return d.back(w, r, scope, id, ui.ToastProps{Text: scope.T("Noted that the money went back")})
}

func (d pages) back(w http.ResponseWriter, r *http.Request, scope *frame.Scope, id attempt.ID, toast ui.ToastProps) error {
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/transactions/"+string(id))
}
