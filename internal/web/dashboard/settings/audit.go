package settings

import (
	"net/http"
	"strings"

	"smartlinks/internal/web/dashboard/frame"
)

// auditView is Settings → Audit log.
type auditView struct {
	Settings     frame.SettingsView
	Of           string // the object it is narrowed to
	All          string
	Rows         []auditRow
	Newer, Older string
}

type auditRow struct {
	Name, What, Object, Href, Address string
	Program                           bool
	Time, Ago, ISO                    string
}

func (d pages) showAudit(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	t, object := frame.TrailFrom(q), q.Get("of")
	entries, next, err := d.Audit.List(r.Context(), scope.Business.ID, object, t.Cursor)
	if err != nil {
		return err
	}
	base := scope.Base + "/settings/audit"
	v := auditView{Settings: frame.SettingsAt(scope, "audit"), Of: object, All: base, Newer: t.Newer(base, q), Older: t.Older(base, q, next)}
	zone := scope.Business.Location()
	for _, a := range entries {
		v.Rows = append(v.Rows, auditRow{
			Name: a.Who(scope.Translator), What: a.Words(scope.Translator), Object: a.Object, Href: objectHref(scope, a.Object), Address: a.Address, Program: strings.HasPrefix(a.Actor, "tok_") || strings.HasPrefix(a.Actor, "gra_"),
			Time: scope.DateTime(a.At, zone), Ago: scope.Ago(a.At, d.DB.Clock().Wall(), zone), ISO: frame.IsoTime(a.At),
		})
	}
	return frame.Render(w, r, http.StatusOK, auditPage(d.Frame(r, scope, v.Settings.Place()), v))
}

// objectHref is the page of an object, "" where it has none.
func objectHref(scope *frame.Scope, object string) string {
	prefix, _, _ := strings.Cut(object, "_")
	for kind, pages := range map[string]string{"lnk": "/links/", "cus": "/customers/", "prd": "/products/", "pay": "/transactions/", "tag": "/tags/", "imp": "/imports/"} {
		if prefix == kind {
			return scope.Base + pages + object
		}
	}
	return ""
}
