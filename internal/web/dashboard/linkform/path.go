package linkform

import (
	"net/http"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// pathView is the link's address, and the field in which it can be changed.
type pathView struct {
	Value, Prefix        string
	Hint, Error, Warning string
	Free                 bool
	Open                 bool // the field was unfolded
}

// Path is the address as the form shows it at first.
func (v formView) Path(reader frame.Reader) pathView {
	hint := pathHint(reader)
	if v.ID != "" {
		hint = reader.T("The old address still leads here.")
	}
	return pathView{Value: v.Values.Path, Prefix: v.Prefix, Hint: hint, Error: v.Errors["path"], Warning: v.PathWarning}
}

func pathHint(reader frame.Reader) string { return reader.T("Left empty, it is made from the name.") }

func guessable(reader frame.Reader) string {
	return reader.T("This address is easily guessed. Whoever tries it can see the page; a longer name keeps it to those you send it to.")
}

// suggestPath answers, while somebody types, whether a path is free, or makes
// one from the name.
func (d pages) suggestPath(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	p := pathView{Value: strings.TrimSpace(q.Get("path")), Prefix: prefixOf(scope, ""), Open: q.Get("open") != ""}
	name := strings.TrimSpace(q.Get("name"))
	if p.Value == "" && name != "" {
		free, err := d.Links.FreePath(r.Context(), scope.Business, name)
		if err != nil {
			return err
		}
		p.Value = free
	}
	if p.Value == "" {
		p.Hint = pathHint(scope.Reader)
		return frame.Render(w, r, http.StatusOK, pathPart(p))
	}
	err := d.Links.CheckPath(r.Context(), scope.Business.ID, p.Value, link.ID(q.Get("except")))
	switch {
	case fault.Is(err, fault.Invalid):
		p.Error = frame.Sentences(scope.Reader, fault.Of(err))
	case err != nil:
		return err
	default:
		p.Hint, p.Free = scope.T("This address is available."), true
	}
	if link.GuessablePath(p.Value) {
		p.Warning = guessable(scope.Reader)
	}
	return frame.Render(w, r, http.StatusOK, pathPart(p))
}
