package domains

import (
	"net/http"

	"smartlinks/internal/domain"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

func here(scope *frame.Scope) string { return scope.Base + "/settings/domains" }

func (d pages) add(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	typed := r.PostForm.Get("host")
	one, err := d.Domains.Claim(r.Context(), scope.Business.ID, typed)
	if err == nil {
		d.Toast(r, ui.ToastProps{Text: scope.T("{{.Host}} is added", "Host", one.Host)})
		return frame.Redirect(w, r, here(scope)+"#"+string(one.ID))
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	v, err := d.view(r, scope)
	if err != nil {
		return err
	}
	v.Problems, v.Typed, v.Adding = p, typed, true
	return d.show(w, r, scope, http.StatusUnprocessableEntity, v)
}

func (d pages) check(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	one, err := d.Domains.Check(r.Context(), scope.Business.ID, domain.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return frame.Redirect(w, r, here(scope)+"#"+string(one.ID))
}

func (d pages) use(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := domain.ID(r.PathValue("id"))
	if err := d.Domains.UseForNew(r.Context(), scope.Business.ID, id); err != nil {
		return err
	}
	one, err := d.Domains.Get(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("New links use {{.Host}}", "Host", one.Host)})
	return frame.Redirect(w, r, here(scope))
}

// removeView asks before a domain stops.
type removeView struct {
	Settings     frame.SettingsView
	Host, Action string
}

func (d pages) askRemove(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	one, err := d.Domains.Get(r.Context(), scope.Business.ID, domain.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := removeView{Settings: frame.SettingsAt(scope, "domains"), Host: one.Host, Action: r.URL.Path}
	return frame.Render(w, r, http.StatusOK, removePage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) remove(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := domain.ID(r.PathValue("id"))
	one, err := d.Domains.Get(r.Context(), scope.Business.ID, id)
	if err == nil {
		err = d.Domains.Remove(r.Context(), scope.Business.ID, id)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Host}} is removed", "Host", one.Host)})
	return frame.Redirect(w, r, here(scope))
}
