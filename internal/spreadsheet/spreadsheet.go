// Package spreadsheet writes and reads tables of text as files (RFC 4180) that Excel,
// LibreOffice, Numbers and Google Sheets open without running anything in them.
package spreadsheet

import (
	"encoding/csv"
	"io"
	"regexp"
)

// Separator is what parts the cells of a file.
type Separator rune

// The separators that are written. Excel opens a file by a click only with the one of its
// country: semicolons where the decimal sign is a comma.
const (
	Comma     Separator = ','
	Semicolon Separator = ';'
)

// Writer writes a table. It buffers: call Flush at the end.
type Writer struct{ out *csv.Writer }

// NewWriter begins a file: with the mark of UTF-8, without which Excel takes letters beyond
// ASCII for those of an old code page.
func NewWriter(w io.Writer, s Separator) (*Writer, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = rune(s), true
	return &Writer{out}, nil
}

// byteOrderMark is U+FEFF, which tells UTF-8 from other encodings at the start of a file.
const byteOrderMark = "\ufeff"

// Write writes a line of texts, each made safe by Escape.
func (w *Writer) Write(cells ...string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = Escape(cell)
	}
	return w.out.Write(safe)
}

// WriteFigures writes a line of a text and figures of our own. A figure stays a number for
// the spreadsheet, below zero too; what is not one is a text.
func (w *Writer) WriteFigures(of string, figures ...string) error {
	safe := []string{Escape(of)}
	for _, f := range figures {
		if !number.MatchString(f) {
			f = Escape(f)
		}
		safe = append(safe, f)
	}
	return w.out.Write(safe)
}

var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Flush writes what is buffered, and returns the first error of the file.
func (w *Writer) Flush() error {
	w.out.Flush()
	return w.out.Error()
}
