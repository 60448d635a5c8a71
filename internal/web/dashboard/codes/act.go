package codes

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/coupon"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// back is where an action leads: to the page that it stood on.
func back(r *http.Request, scope *frame.Scope) string {
	return scope.Within(r.PostForm.Get("back"), scope.Base+"/codes")
}

// stopCode ends a code now. The way back gives it the times that it had.
func (d pages) stopCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	before, err := d.Coupons.CodeOf(r.Context(), scope.Business, coupon.CodeID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if _, err := d.Coupons.EndCode(r.Context(), scope.Business.ID, before.ID); err != nil {
		return err
	}
	undo := url.Values{}
	for name, at := range map[string]*time.Time{"starts_at": before.StartsAt, "ends_at": before.EndsAt} {
		if at != nil {
			undo.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	d.Toast(r, ui.ToastProps{
		Text: scope.T("{{.Code}} has ended", "Code", before.Text), Calm: true,
		UndoLabel: scope.T("Undo"), UndoAction: frame.WithQuery(scope.Base+"/codes/"+string(before.ID)+"/reopen", undo, "", ""),
	})
	return frame.Redirect(w, r, back(r, scope))
}

// reopenCode lets a code count again, from now on without an end, or between the times of
// the address.
func (d pages) reopenCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	q := r.URL.Query()
	starts, ends := instantOf(q.Get("starts_at")), instantOf(q.Get("ends_at"))
	c, err := d.Coupons.EditCode(r.Context(), scope.Business.ID, coupon.CodeID(r.PathValue("id")), 0, func(f *coupon.CodeFields) {
		f.StartsAt, f.EndsAt = starts, ends
	})
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Code}} counts again", "Code", c.Text)})
	return frame.Redirect(w, r, back(r, scope))
}

func instantOf(text string) *time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	return &at
}

func (d pages) deleteCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	c, err := d.Coupons.CodeOf(r.Context(), scope.Business, coupon.CodeID(r.PathValue("id")))
	if err == nil {
		err = d.Coupons.DeleteCode(r.Context(), scope.Business.ID, c.ID)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Deleted: {{.Name}}", "Name", c.Text)})
	to := back(r, scope)
	if strings.HasPrefix(to, scope.Base+"/codes/") { // its own page is gone
		to = scope.Base + "/codes"
	}
	return frame.Redirect(w, r, to)
}
