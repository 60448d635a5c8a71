package frame

import (
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/tag"
)

// BeginCSV says that the answer is a file of separated values (RFC 4180), parted as the
// address asks: by commas, or by semicolons.
func BeginCSV(w http.ResponseWriter, r *http.Request, name string) (*spreadsheet.Writer, error) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	separator := spreadsheet.Comma
	if r.URL.Query().Get("separator") == "semicolon" {
		separator = spreadsheet.Semicolon
	}
	return spreadsheet.NewWriter(w, separator)
}

// withSemicolons is the address of an export whose cells are parted by semicolons.
func withSemicolons(export string) string {
	u, err := url.Parse(export)
	if err != nil {
		return export
	}
	q := u.Query()
	q.Set("separator", "semicolon")
	u.RawQuery = q.Encode()
	return u.String()
}

// SendList streams a list of the business as CSV: each writes one line after the
// other. No cell is a formula.
func (d *Dashboard) SendList(w http.ResponseWriter, r *http.Request, scope *Scope, what string, columns []string, each func(line func(cells ...string) error) error) error {
	return d.sendList(w, r, scope, what, columns, func(out *spreadsheet.Writer) error { return each(out.Write) })
}

// SendFigures is SendList for lines that begin with a text and go on with figures of our
// own, which stay numbers below zero too.
func (d *Dashboard) SendFigures(w http.ResponseWriter, r *http.Request, scope *Scope, what string, columns []string, each func(line func(of string, figures ...string) error) error) error {
	return d.sendList(w, r, scope, what, columns, func(out *spreadsheet.Writer) error { return each(out.WriteFigures) })
}

func (d *Dashboard) sendList(w http.ResponseWriter, r *http.Request, scope *Scope, what string, columns []string, each func(out *spreadsheet.Writer) error) error {
	out, err := BeginCSV(w, r, scope.Business.Handle+"-"+what+"-"+scope.Now.In(scope.Business.Location()).Format(time.DateOnly))
	if err == nil {
		err = out.Write(columns...) // of an import they are what stood in its file
	}
	if err == nil {
		err = each(out)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		// The answer has begun. Breaking it off tells the reader that lines are
		// missing; a page in its place would end up in a spreadsheet.
		d.Log.ErrorContext(r.Context(), "an export broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// CellTime writes an instant for programs, "" for none.
func CellTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}

func YesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func TagCell(tags []tag.Tag) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return spreadsheet.JoinList(names)
}
