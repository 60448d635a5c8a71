package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"smartlinks/internal/fault"
	"smartlinks/internal/spreadsheet"
)

// The bounds of a file.
const (
	MaxFile    = 5 << 20 // bytes
	MaxRows    = 10_000
	maxColumns = 60
)

// table is what a file holds: its first line, and the others that are not empty.
type table struct {
	header []string
	rows   []Row
}

// parse reads comma-separated values (RFC 4180) as programs write them: parted
// by commas, semicolons, tabs or bars, in the given encoding. What can't be read is an
// Invalid fault at "file".
// The columns are those of the fields; a first line that names none of them and holds data is
// a line as the others, and the columns have no names.
func parse(file []byte, e spreadsheet.Encoding, fields []Field) (table, error) {
	text, err := decoded(file, e)
	if err != nil {
		return table{}, err
	}
	// Excel for the Mac ends lines with CR alone.
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text, separator := separatorOf(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, false
	var t table
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return table{}, unreadable(err)
		}
		line, _ := r.FieldPos(0)
		if err := t.add(line, cells, fields); err != nil {
			return table{}, err
		}
	}
	for _, row := range t.rows {
		if t.nameless() && len(row.Cells) > len(t.header) {
			t.header = make([]string, len(row.Cells))
		}
	}
	if len(t.rows) == 0 {
		return table{}, wrongFile("This file has no lines below its first one, which names the columns.")
	}
	return t, nil
}

// add takes a line: the first that holds anything names the columns, unless it is data.
func (t *table) add(line int, cells []string, fields []Field) error {
	filled := 0
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(spreadsheet.Unescape(cell))
		if cells[i] != "" {
			filled = i + 1
		}
	}
	switch {
	case filled == 0:
		return nil
	case filled > maxColumns:
		return wrongFile(fmt.Sprintf("Line %d has more than %d columns. Remove those that are not needed.", line, maxColumns))
	case t.header == nil && isData(fields, cells[:filled]):
		t.header = make([]string, filled)
	case t.header == nil:
		t.header = cells[:filled]
		return nil
	case len(t.rows) == MaxRows:
		return wrongFile(fmt.Sprintf("This file has more than %d lines. Split it and import the parts one after the other.", MaxRows))
	}
	t.rows = append(t.rows, Row{Line: int64(line), Cells: cells[:filled]})
	return nil
}

// recognised is how a file is written, or an Invalid fault where it is no list.
func recognised(file []byte) (e spreadsheet.Encoding, certain bool, err error) {
	switch {
	case len(file) > MaxFile:
		return "", false, wrongFile("This file is larger than 5 MB. Split it and import the parts one after the other.")
	case bytes.HasPrefix(file, []byte("PK\x03\x04")), bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")):
		return "", false, wrongFile("This is a workbook. In Excel or Numbers choose Save as or Export, then CSV, and upload that file.")
	}
	e, certain = spreadsheet.Recognise(file)
	return e, certain, nil
}

// decoded is the file as text.
func decoded(file []byte, e spreadsheet.Encoding) (string, error) {
	text, err := spreadsheet.Decode(file, e)
	switch {
	case err != nil:
		return "", wrongFile("This file can’t be read. Save it as CSV in UTF-8 and upload it again.")
	case strings.ContainsRune(text, 0):
		return "", wrongFile("This is not a text file. Save your list as CSV and upload that file.")
	}
	return text, nil
}

// separatorOf finds what parts the cells: what a line "sep=;" says, which Excel
// writes, else what stands most often in the first line, outside of quotes.
func separatorOf(text string) (rest string, separator rune) {
	first, behind, _ := strings.Cut(text, "\n")
	if said, ok := strings.CutPrefix(first, "sep="); ok && len(said) == 1 && strings.Contains(",;\t|", said) {
		return behind, rune(said[0])
	}
	counts, quoted := map[rune]int{}, false
	line := []rune(first)
	for i, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if !quoted && !(c == ',' && i > 0 && i+1 < len(line) && unicode.IsDigit(line[i-1]) && unicode.IsDigit(line[i+1])) {
			counts[c]++ // 49,00 may be one number: where nothing else parts cells, commas do
		}
	}
	separator = ','
	for _, c := range ";\t|" {
		if counts[c] > counts[separator] {
			separator = c
		}
	}
	return text, separator
}

func unreadable(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return wrongFile(fmt.Sprintf("Line %d has a quotation mark in the wrong place. Mend it, or save the list as CSV again.", at.Line))
	}
	return wrongFile("This file can’t be read. Save it as CSV in UTF-8 and upload it again.")
}

func wrongFile(message string) error {
	var wrong fault.Fields
	wrong.Add("file", "", message)
	return wrong.Err()
}
