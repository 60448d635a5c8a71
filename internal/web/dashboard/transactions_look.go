package dashboard

import (
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui"
)

// showNeedsALook lists what a person must decide.
func (d *Dashboard) showNeedsALook(w http.ResponseWriter, r *http.Request, at *room) error {
	views, err := d.Payments.ToLookAt(r.Context(), at.Business.ID, at.Business.Mode)
	if err != nil {
		return err
	}
	v := transactionsView{Base: at.Base + "/transactions", Test: at.Business.Mode == business.Test}
	for _, p := range views {
		v.Rows = append(v.Rows, transactionRowOf(at, p))
	}
	if v.Tabs, err = d.transactionTabs(r.Context(), at, v.Base+"/review"); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, needsALookPage(d.frame(r, at, place{"Needs a look", transactionsRoom}), v))
}

// waiting is how much needs a look, "" for nothing.
func (d *Dashboard) waiting(r *http.Request, at *room) string {
	n, err := d.Payments.NeedsALook(r.Context(), at.Business.ID, at.Business.Mode)
	if err != nil || n == 0 {
		return "" // without the count, the page is whole all the same
	}
	return count(n)
}

// lookedAt takes a transaction off the queue.
func (d *Dashboard) lookedAt(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	done, err := d.Payments.LookedAt(r.Context(), at.Business.ID, payment.ID(r.PathValue("id")), r.FormValue("free") != "")
	if err != nil {
		return err
	}
	toast := ui.ToastProps{Text: "Off the list", More: "What you found stays in its timeline as looked at."}
	if !done {
		toast = ui.ToastProps{Text: "It was off the list already", Calm: true}
	}
	d.say(r, toast)
	return redirect(w, r, at.Base+"/transactions/review")
}
