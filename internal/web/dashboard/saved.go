package dashboard

import (
	"net/http"
	"net/url"

	"smartlinks/internal/saved"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// listPaths are where the lists are whose searches can be saved.
var listPaths = map[saved.List]string{saved.Links: "/links", saved.Customers: "/customers", saved.Transactions: "/transactions"}

// saveSearch keeps what a list is narrowed to, under a name.
func (d *Dashboard) saveSearch(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	list, name := saved.List(r.PostForm.Get("list")), r.PostForm.Get("name")
	query, _ := url.ParseQuery(r.PostForm.Get("query")) // what can't be read is left out
	query.Del("cursor")
	query.Del("trail")
	s, err := d.Saved.Save(r.Context(), scope.Business.ID, list, name, query)
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v := frame.SavedView{List: list, Save: scope.Base + "/saved", Query: query.Encode()}
		return frame.Render(w, r, http.StatusUnprocessableEntity, saveSearchPage(d.Frame(r, scope, frame.Titled(scope.T("Save this search"))), v, name, p))
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", s.Name)})
	return frame.Redirect(w, r, scope.Base+listPaths[list]+"?"+s.Query)
}

// deleteSearch forgets a saved search; the list stays as it is.
func (d *Dashboard) deleteSearch(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	s, err := d.Saved.Delete(r.Context(), scope.Business.ID, saved.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is deleted", "Name", s.Name)})
	return frame.Redirect(w, r, scope.Base+listPaths[s.List]+"?"+s.Query)
}
