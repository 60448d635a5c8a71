package imports

import (
	"net/http"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

func (d pages) newImport(k importer.Kind) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		return d.showNewImport(w, r, scope, http.StatusOK, k, frame.Problems{})
	}
}

func (d pages) showNewImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, k importer.Kind, p frame.Problems) error {
	recent, err := d.Imports.Recent(r.Context(), scope.Business.ID, k)
	if err != nil {
		return err
	}
	words := importWordsOf(scope.Reader, k)
	v := newImportView{importWords: words, Problems: p, Base: scope.Base, Action: scope.Base + words.List + "/import", Fields: importer.FieldsOf(k)}
	if k == importer.Links && scope.MayManage() {
		if v.Accounts, err = d.offering(r.Context(), scope); err != nil {
			return err
		}
	}
	v.Links = k == importer.Links
	v.Amount, v.KeepPaths = r.PostFormValue("amount"), r.Method == http.MethodGet || r.PostFormValue("keep_paths") == "on"
	for _, i := range recent {
		v.Recent = append(v.Recent, importRowOf(scope, i))
	}
	return frame.Render(w, r, status, newImportPage(d.Frame(r, scope, frame.Heading{Title: words.Title, Section: words.Room}), v))
}

// readImport keeps the file and leads to what is in it.
func (d pages) readImport(k importer.Kind) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		files, err := frame.ReadUploads(w, r, importer.MaxFile, "file")
		if err != nil {
			return err
		}
		file, name, err := files.File("file")
		var i importer.Import
		if err == nil {
			i, err = d.Imports.ReadForeign(r.Context(), scope.Business, k, name, file, string(scope.Member.ID), importer.Foreign{
				Amount: strings.TrimSpace(r.PostFormValue("amount")), KeepPaths: r.PostFormValue("keep_paths") == "on",
			})
		}
		if fault.Is(err, fault.Invalid) {
			p, _ := frame.ProblemsOf(scope.Reader, err, nil)
			return d.showNewImport(w, r, scope, http.StatusUnprocessableEntity, k, p)
		}
		if err != nil {
			return err
		}
		return frame.Redirect(w, r, importHref(scope, i.ID))
	}
}

func (d pages) exampleImport(k importer.Kind) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		out, err := frame.BeginCSV(w, r, "example-"+string(k))
		if err != nil {
			return err
		}
		for _, line := range importWordsOf(scope.Reader, k).Example {
			if err := out.Write(line...); err != nil {
				return err
			}
		}
		return out.Flush()
	}
}

func (d pages) showImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	i, err := d.importAt(r, scope)
	if err != nil {
		return err
	}
	return d.showImportPage(w, r, scope, http.StatusOK, i, frame.Problems{})
}

// importAt is the import of the address. Past payments are for owners and admins in every
// step, whoever uploaded them.
func (d pages) importAt(r *http.Request, scope *frame.Scope) (importer.Import, error) {
	i, err := d.Imports.Get(r.Context(), scope.Business.ID, importer.ID(r.PathValue("id")))
	if err == nil && i.Kind == importer.Payments {
		err = scope.Manage()
	}
	return i, err
}

func importHref(scope *frame.Scope, id importer.ID) string {
	return scope.Base + "/imports/" + string(id)
}

// followImport tells the page how far the import is, as server-sent events.
func (d pages) followImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	i, err := d.importAt(r, scope)
	if err != nil {
		return err
	}
	return d.Follow(w, r, frame.LivePause, func(topic, key string) bool { return topic == importer.Topic && key == string(i.ID) })
}

// choose keeps the columns and options of the form.
func (d pages) choose(r *http.Request, scope *frame.Scope, i importer.Import) error {
	return d.Imports.Choose(r.Context(), scope.Business.ID, i.ID, r.PostForm["column"], importer.Options{
		UpdateKnown: frame.Ticked(r.PostForm, "update"), Repeat: frame.Ticked(r.PostForm, "repeat"),
		DateOrder: importer.DateOrder(r.PostForm.Get("dates")),
	})
}

// chooseColumns shows what would happen with other columns or options.
func (d pages) chooseColumns(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.actOnImport(w, r, scope, func(i importer.Import) error { return d.choose(r, scope, i) })
}

// chooseEncoding reads the file again, in the encoding of the form.
func (d pages) chooseEncoding(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	var again importer.Import
	return d.actOnImportThen(w, r, scope, func(i importer.Import) (err error) {
		again, err = d.Imports.ReadAs(r.Context(), scope.Business, i.ID, spreadsheet.Encoding(r.PostForm.Get("encoding")), string(scope.Member.ID))
		return err
	}, func() string { return importHref(scope, again.ID) })
}

// startImport starts with what the form says, whether it was looked at or not.
func (d pages) startImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.actOnImport(w, r, scope, func(i importer.Import) error {
		if err := d.choose(r, scope, i); err != nil {
			return err
		}
		return d.Imports.Start(r.Context(), scope.Business.ID, i.ID)
	})
}

func (d pages) stopImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.actOnImport(w, r, scope, func(i importer.Import) error { return d.Imports.Stop(r.Context(), scope.Business.ID, i.ID) })
}

// actOnImport does something to an import and shows it anew; what the form got
// wrong is told beside what was chosen.
func (d pages) actOnImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func(importer.Import) error) error {
	return d.actOnImportThen(w, r, scope, do, func() string { return importHref(scope, importer.ID(r.PathValue("id"))) })
}

// actOnImportThen is actOnImport that leads to another page.
func (d pages) actOnImportThen(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func(importer.Import) error, next func() string) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	i, err := d.importAt(r, scope)
	if err != nil {
		return err
	}
	err = do(i)
	p, ours := frame.ProblemsOf(scope.Reader, err, nil)
	switch {
	case err == nil:
		return frame.Redirect(w, r, next())
	case !ours || i.State != importer.Ready:
		return err
	}
	if i, err = d.importAt(r, scope); err != nil {
		return err
	}
	i.Fields = padded(r.PostForm["column"], len(i.Header))
	i.DateOrder = importer.DateOrder(r.PostForm.Get("dates"))
	i.UpdateKnown, i.Repeat = frame.Ticked(r.PostForm, "update"), frame.Ticked(r.PostForm, "repeat")
	return d.showImportPage(w, r, scope, frame.RefusedStatus(r), i, p)
}

func padded(names []string, n int) []string {
	all := make([]string, n)
	copy(all, names)
	return all
}

func (d pages) discardImport(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	i, err := d.importAt(r, scope)
	if err != nil {
		return err
	}
	if err := d.Imports.Discard(r.Context(), scope.Business.ID, i.ID); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The file is discarded"), More: scope.T("Nothing was imported."), Calm: true})
	return frame.Redirect(w, r, scope.Base+importWordsOf(scope.Reader, i.Kind).List+"/import")
}

// exportFailed sends the lines that failed as they came, with what is wrong
// behind them: to be mended and uploaded again.
func (d pages) exportFailed(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	i, err := d.importAt(r, scope)
	if err != nil {
		return err
	}
	return d.SendList(w, r, scope, string(i.Kind)+"-to-mend", append(padded(i.Header, len(i.Header)), "what_is_wrong"), func(line func(...string) error) error {
		for after := int64(0); ; {
			rows, err := d.Imports.Failed(r.Context(), scope.Business.ID, i.ID, after, 500)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, failed := range rows {
				after = failed.Line
				if err := line(append(padded(failed.Cells, len(i.Header)), problemTextOf(scope.Reader, i.Kind, failed.Problems))...); err != nil {
					return err
				}
			}
		}
	})
}
