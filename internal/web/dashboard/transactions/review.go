package transactions

import (
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/statements"
	"smartlinks/internal/web/ui"
)

// showReview lists what a person must decide.
func (d pages) showReview(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	views, err := d.Payments.NeedingAttention(r.Context(), scope.Business.ID, scope.Business.Mode)
	if err != nil {
		return err
	}
	v := transactionsView{Base: scope.Base + "/transactions", Test: scope.Business.Mode == business.Test}
	for _, p := range views {
		v.Rows = append(v.Rows, TransactionRowOf(scope, p))
	}
	if scope.MayManage() {
		if v.OnStatements, err = statements.Waiting(r.Context(), d.Dashboard, scope); err != nil {
			return err
		}
	}
	if v.Tabs, err = d.TransactionTabs(r.Context(), scope, v.Base+"/review"); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, needsALookPage(d.Frame(r, scope, frame.Heading{Title: scope.T("To check|a status"), Section: frame.TransactionsSection}), v))
}

// finishReview takes a transaction off the queue.
func (d pages) finishReview(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	done, err := d.Payments.Resolve(r.Context(), scope.Business.ID, attempt.ID(r.PathValue("id")), r.FormValue("free") != "")
	if err != nil {
		return err
	}
	toast := ui.ToastProps{Text: scope.T("Taken off the list"), More: scope.T("The timeline shows that it was checked.")}
	if !done {
		toast = ui.ToastProps{Text: scope.T("It was off the list already"), Calm: true}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/transactions/review")
}
