package batches

import (
	"net/http"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/requests"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// newView is the page on which a file is chosen.
type newView struct {
	frame.Problems
	Base, Action string
	Crumbs       []ui.Crumb
	Name, Amount string
	Recent       []recentRow
}

// recentRow is an earlier batch.
type recentRow struct{ Href, Name, Outcome, Time, ISO string }

func crumbs(scope *frame.Scope) []ui.Crumb {
	return []ui.Crumb{{Label: scope.T("Smart Links"), Href: scope.Base + "/links"}, {Label: scope.T("Requests from a file")}}
}

func (d pages) showNew(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showNewPage(w, r, scope, http.StatusOK, newView{})
}

func (d pages) showNewPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v newView) error {
	all, err := d.Requests.Recent(r.Context(), scope.Business)
	if err != nil {
		return err
	}
	v.Base, v.Action, v.Crumbs = scope.Base, scope.Base+"/links/requests", crumbs(scope)
	for _, b := range all {
		v.Recent = append(v.Recent, recentRow{hrefOf(scope, b.ID), b.Name, outcome(scope, b), scope.DateTime(b.CreatedAt, scope.Business.Location()), frame.IsoTime(b.CreatedAt)})
	}
	heading := frame.Heading{Title: scope.T("Requests from a file"), Section: frame.PaymentPageSection}
	return frame.Render(w, r, status, newPage(d.Frame(r, scope, heading), v))
}

// outcome is how far a batch is, in a line.
func outcome(scope *frame.Scope, b requests.Batch) string {
	switch b.State {
	case requests.Draft:
		return scope.N(b.Total, "{{.Count}} row, not sent yet", "{{.Count}} rows, not sent yet")
	case requests.Scheduled:
		return scope.N(b.Total, "{{.Count}} row, sent later", "{{.Count}} rows, sent later")
	case requests.Running:
		return scope.T("{{.Sent}} of {{.Total}} sent so far", "Sent", scope.Number(b.Sent), "Total", scope.Number(b.Total))
	case requests.Stopped:
		return scope.T("Stopped: {{.Sent}} of {{.Total}} sent", "Sent", scope.Number(b.Sent), "Total", scope.Number(b.Total))
	}
	return scope.T("{{.Sent}} of {{.Total}} sent", "Sent", scope.Number(b.Sent), "Total", scope.Number(b.Total))
}

func hrefOf(scope *frame.Scope, id requests.ID) string { return scope.Base + "/requests/" + string(id) }

// read keeps the rows of the file and leads to what would be sent.
func (d pages) read(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	files, err := frame.ReadUploads(w, r, importer.MaxFile, "file")
	if err != nil {
		return err
	}
	v := newView{Name: strings.TrimSpace(r.PostForm.Get("name")), Amount: strings.TrimSpace(r.PostForm.Get("amount"))}
	file, name, err := files.File("file")
	var rows []requests.Row
	if err == nil {
		rows, err = importer.ReadRequests(scope.Business, file, v.Amount)
	}
	var id requests.ID
	if err == nil {
		id, err = d.Requests.Keep(r.Context(), scope.Business, v.Name, name, rows)
	}
	if fault.Is(err, fault.Invalid) {
		v.Problems, _ = frame.ProblemsOf(scope.Reader, err, map[string]string{"rows": "file"})
		return d.showNewPage(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return frame.Redirect(w, r, hrefOf(scope, id))
}

// example is a file that can be filled in.
func (d pages) example(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	out, err := frame.BeginCSV(w, r, "example-requests")
	if err != nil {
		return err
	}
	for _, line := range [][]string{
		{"name", "email", "phone", "amount", "reference", "course"},
		{"Sanne de Vries", "sanne@example.com", "+31612345678", "90.00", "M-2026-001", "Pottery"},
		{"Kwame Mensah", "kwame@example.com", "", "45.00", "M-2026-002", "Drawing"},
	} {
		if err := out.Write(line...); err != nil {
			return err
		}
	}
	return out.Flush()
}
