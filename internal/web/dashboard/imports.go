package dashboard

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/web/ui"
)

// importRoutes are the pages that make customers and links of a file.
func (d *Dashboard) importRoutes(inside func(pattern string, h roomHandler)) {
	const at = " /dashboard/{handle}"
	for _, k := range []importer.Kind{importer.Customers, importer.Links} {
		path := at + "/" + string(k) + "/import"
		inside("GET"+path, d.newImport(k))
		inside("POST"+path, d.readImport(k))
		inside("GET"+path+"/example.csv", d.exampleImport(k))
	}
	inside("GET"+at+"/imports/{id}", d.showImport)
	inside("GET"+at+"/imports/{id}/live", d.followImport)
	inside("GET"+at+"/imports/{id}/failed.csv", d.exportFailed)
	inside("POST"+at+"/imports/{id}/columns", d.chooseColumns)
	inside("POST"+at+"/imports/{id}/encoding", d.chooseEncoding)
	inside("POST"+at+"/imports/{id}/start", d.startImport)
	inside("POST"+at+"/imports/{id}/stop", d.stopImport)
	inside("POST"+at+"/imports/{id}/discard", d.discardImport)
}

func (d *Dashboard) newImport(k importer.Kind) roomHandler {
	return func(w http.ResponseWriter, r *http.Request, at *room) error {
		return d.showNewImport(w, r, at, http.StatusOK, k, problems{})
	}
}

func (d *Dashboard) showNewImport(w http.ResponseWriter, r *http.Request, at *room, status int, k importer.Kind, p problems) error {
	recent, err := d.Imports.Recent(r.Context(), at.Business.ID, k)
	if err != nil {
		return err
	}
	words := importWordsOf(k)
	v := newImportView{importWords: words, problems: p, Base: at.Base, Action: at.Base + words.List + "/import", Fields: importer.FieldsOf(k)}
	for _, i := range recent {
		v.Recent = append(v.Recent, importRowOf(at, i))
	}
	return render(w, r, status, newImportPage(d.frame(r, at, place{words.Title, words.Room}), v))
}

// readImport keeps the file and leads to what is in it.
func (d *Dashboard) readImport(k importer.Kind) roomHandler {
	return func(w http.ResponseWriter, r *http.Request, at *room) error {
		files, err := readUploads(w, r, importer.MaxFile, "file")
		if err != nil {
			return err
		}
		file, name, err := files.file("file")
		var i importer.Import
		if err == nil {
			i, err = d.Imports.Read(r.Context(), at.Business, k, name, file, string(at.Member.ID))
		}
		if fault.Is(err, fault.Invalid) {
			p, _ := problemsOf(err, nil)
			return d.showNewImport(w, r, at, http.StatusUnprocessableEntity, k, p)
		}
		if err != nil {
			return err
		}
		return redirect(w, r, importHref(at, i.ID))
	}
}

// file is the file of an input that needs one, and its name.
func (u uploads) file(input string) (body []byte, name string, err error) {
	sent, found := u[input]
	if !found {
		var wrong fault.Fields
		wrong.Add(input, "", "Choose a file.")
		return nil, "", wrong.Err()
	}
	return sent.Body, sent.Name, nil
}

func (d *Dashboard) exampleImport(k importer.Kind) roomHandler {
	return func(w http.ResponseWriter, r *http.Request, _ *room) error {
		out, err := beginCSV(w, r, "example-"+string(k))
		if err != nil {
			return err
		}
		for _, line := range importWordsOf(k).Example {
			if err := out.Write(line...); err != nil {
				return err
			}
		}
		return out.Flush()
	}
}

func (d *Dashboard) showImport(w http.ResponseWriter, r *http.Request, at *room) error {
	i, err := d.importAt(r, at)
	if err != nil {
		return err
	}
	return d.showImportPage(w, r, at, http.StatusOK, i, problems{})
}

func (d *Dashboard) importAt(r *http.Request, at *room) (importer.Import, error) {
	return d.Imports.Get(r.Context(), at.Business.ID, importer.ID(r.PathValue("id")))
}

func importHref(at *room, id importer.ID) string { return at.Base + "/imports/" + string(id) }

// followImport tells the page how far the import is, as server-sent events.
func (d *Dashboard) followImport(w http.ResponseWriter, r *http.Request, at *room) error {
	i, err := d.importAt(r, at)
	if err != nil {
		return err
	}
	return d.follow(w, r, livePause, func(topic, key string) bool { return topic == importer.Topic && key == string(i.ID) })
}

// choose keeps the columns and options of the form.
func (d *Dashboard) choose(r *http.Request, at *room, i importer.Import) error {
	return d.Imports.Choose(r.Context(), at.Business.ID, i.ID, r.PostForm["column"], importer.Options{
		UpdateKnown: ticked(r.PostForm, "update"), Repeat: ticked(r.PostForm, "repeat"),
	})
}

// chooseColumns shows what would happen with other columns or options.
func (d *Dashboard) chooseColumns(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.actOnImport(w, r, at, func(i importer.Import) error { return d.choose(r, at, i) })
}

// chooseEncoding reads the file again, in the encoding of the form.
func (d *Dashboard) chooseEncoding(w http.ResponseWriter, r *http.Request, at *room) error {
	var again importer.Import
	return d.actOnImportThen(w, r, at, func(i importer.Import) (err error) {
		again, err = d.Imports.ReadAs(r.Context(), at.Business, i.ID, spreadsheet.Encoding(r.PostForm.Get("encoding")), string(at.Member.ID))
		return err
	}, func() string { return importHref(at, again.ID) })
}

// startImport starts with what the form says, whether it was looked at or not.
func (d *Dashboard) startImport(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.actOnImport(w, r, at, func(i importer.Import) error {
		if err := d.choose(r, at, i); err != nil {
			return err
		}
		return d.Imports.Start(r.Context(), at.Business.ID, i.ID)
	})
}

func (d *Dashboard) stopImport(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.actOnImport(w, r, at, func(i importer.Import) error { return d.Imports.Stop(r.Context(), at.Business.ID, i.ID) })
}

// actOnImport does something to an import and shows it anew; what the form got
// wrong is told beside what was chosen.
func (d *Dashboard) actOnImport(w http.ResponseWriter, r *http.Request, at *room, do func(importer.Import) error) error {
	return d.actOnImportThen(w, r, at, do, func() string { return importHref(at, importer.ID(r.PathValue("id"))) })
}

// actOnImportThen is actOnImport that leads to another page.
func (d *Dashboard) actOnImportThen(w http.ResponseWriter, r *http.Request, at *room, do func(importer.Import) error, next func() string) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	i, err := d.importAt(r, at)
	if err != nil {
		return err
	}
	err = do(i)
	p, ours := problemsOf(err, nil)
	switch {
	case err == nil:
		return redirect(w, r, next())
	case !ours || i.State != importer.Ready:
		return err
	}
	if i, err = d.importAt(r, at); err != nil {
		return err
	}
	i.Fields = padded(r.PostForm["column"], len(i.Header))
	i.UpdateKnown, i.Repeat = ticked(r.PostForm, "update"), ticked(r.PostForm, "repeat")
	status := http.StatusUnprocessableEntity
	if r.Header.Get("HX-Request") == "true" {
		status = http.StatusOK // a part that is drawn anew, with what is wrong in it
	}
	return d.showImportPage(w, r, at, status, i, p)
}

func padded(names []string, n int) []string {
	all := make([]string, n)
	copy(all, names)
	return all
}

func (d *Dashboard) discardImport(w http.ResponseWriter, r *http.Request, at *room) error {
	i, err := d.importAt(r, at)
	if err != nil {
		return err
	}
	if err := d.Imports.Discard(r.Context(), at.Business.ID, i.ID); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The file is put away", More: "Nothing was imported.", Calm: true})
	return redirect(w, r, at.Base+importWordsOf(i.Kind).List+"/import")
}

// exportFailed sends the lines that failed as they came, with what is wrong
// behind them: to be mended and uploaded again.
func (d *Dashboard) exportFailed(w http.ResponseWriter, r *http.Request, at *room) error {
	i, err := d.importAt(r, at)
	if err != nil {
		return err
	}
	return d.sendList(w, r, at, string(i.Kind)+"-to-mend", append(padded(i.Header, len(i.Header)), "what_is_wrong"), func(line func(...string) error) error {
		for after := int64(0); ; {
			rows, err := d.Imports.Failed(r.Context(), at.Business.ID, i.ID, after, 500)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, failed := range rows {
				after = failed.Line
				if err := line(append(padded(failed.Cells, len(i.Header)), problemTextOf(i.Kind, failed.Problems))...); err != nil {
					return err
				}
			}
		}
	})
}
