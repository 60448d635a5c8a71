package dashboard

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"
)

// beginCSV says that the answer is a file of comma-separated values (RFC 4180).
func beginCSV(w http.ResponseWriter, name string) *csv.Writer {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out
}

// sendList streams a list of the business as CSV: each writes one line after the
// other. No cell is a formula.
func (d *Dashboard) sendList(w http.ResponseWriter, r *http.Request, at *room, what string, columns []string, each func(line func(cells ...string) error) error) error {
	out := beginCSV(w, at.Business.Handle+"-"+what+"-"+at.Now.In(at.Business.Location()).Format(time.DateOnly))
	line := func(cells ...string) error {
		safe := make([]string, len(cells))
		for i, cell := range cells {
			safe[i] = harmless(cell)
		}
		return out.Write(safe)
	}
	err := line(columns...) // of an import they are what stood in its file
	if err == nil {
		err = each(line)
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		// The answer has begun. Breaking it off tells the reader that lines are
		// missing; a page in its place would end up in a spreadsheet.
		d.Log.ErrorContext(r.Context(), "an export broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// cellTime writes an instant for programs, "" for none.
func cellTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// harmless keeps spreadsheets from running a payer's words as a formula: a cell
// that begins with what starts one is preceded by an apostrophe (OWASP, "CSV
// Injection"). Spaces before it don't help against some programs, so they are
// looked through; full-width signs count as well.
func harmless(cell string) string {
	switch first := strings.TrimLeft(cell, " \u00a0\u3000"); {
	case first == "":
		return cell
	case strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]):
		return "'" + cell
	}
	return cell
}
