package share

import (
	"net/http"
	"net/url"

	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

type pages struct{ *frame.Dashboard }

// Routes are the page on which a link is shared, and its text.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/links/{id}/share", frame.Members, d.showShare),
		frame.Post("/links/{id}/share", frame.Members, "Changed the text by which a link is shared", d.saveText),
	}
}

// showShare is the dialog as a page, for lists and where no script opens it.
func (d pages) showShare(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	texts, err := d.Share.Of(r.Context(), scope.Business.ID, l.ID)
	if err != nil {
		return err
	}
	return d.show(w, r, scope, http.StatusOK, ViewOf(scope, l, texts, r.URL.Query().Get("language")))
}

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v View) error {
	title := scope.T("Share {{.Name}}", "Name", v.Name)
	return frame.Render(w, r, status, page(d.Frame(r, scope, frame.Heading{Title: title, Section: frame.PaymentPageSection}), v))
}

// saveText keeps what is said of a link in a language. A text that is refused is shown
// again with the reason.
func (d pages) saveText(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	language, text := r.PostForm.Get("language"), r.PostForm.Get("text")
	err = d.Share.Set(r.Context(), scope.Business, l.ID, language, text)
	if err == nil {
		return frame.Redirect(w, r, frame.LinkHref(scope, l.ID)+"/share?"+url.Values{"language": {language}}.Encode())
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, map[string]string{"language": "text"})
	if !ok {
		return err
	}
	v := ViewOf(scope, l, map[string]string{language: text}, language)
	v.Error = p.Errors["text"]
	return d.show(w, r, scope, http.StatusUnprocessableEntity, v)
}
