package importer

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"smartlinks/internal/fault"
)

// parseAny reads a file as an upload is read.
func parseAny(file []byte) (table, error) {
	e, _, err := recognised(file)
	if err != nil {
		return table{}, err
	}
	return parse(file, e, FieldsOf(Links))
}

func TestFilesOfEveryProgramAreRead(t *testing.T) {
	want := table{header: []string{"name", "note"}, rows: []Row{{Line: 2, Cells: []string{"Zoë, Ann", "a\nb"}}, {Line: 4, Cells: []string{"Bo"}}}}
	const file = "name,note\n\"Zoë, Ann\",\"a\nb\"\nBo\n"
	encoded := func(e interface{ Bytes([]byte) ([]byte, error) }, s string) string {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, given := range map[string]string{
		"plain":                file,
		"with a mark":          "\ufeff" + file,
		"Windows lines":        strings.ReplaceAll(file, "\n", "\r\n"),
		"lines of an old Mac":  strings.ReplaceAll(file, "\n", "\r"),
		"semicolons":           "name;note\n\"Zoë, Ann\";\"a\nb\"\nBo;;;\n",
		"tabs":                 "name\tnote\n\"Zoë, Ann\"\t\"a\nb\"\nBo\t\n",
		"bars":                 "name|note\n\"Zoë, Ann\"|\"a\nb\"\nBo\n",
		"UTF-16, little":       encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), file),
		"UTF-16, big":          encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), file),
		"Windows letters":      encoded(charmap.Windows1252.NewEncoder(), file),
		"spaces around":        " name , note \n\"Zoë, Ann\",\"a\nb\"\n Bo , \n",
		"no line at the end":   strings.TrimSuffix(file, "\n"),
		"more separators here": "name,note\n\"Zoë, Ann\",\"a\nb\"\nBo\n",
	} {
		got, err := parseAny([]byte(given))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	said, err := parseAny([]byte("sep=;\r\na;b,c\r\n1;2\r\n"))
	if err != nil || len(said.header) != 2 {
		t.Errorf("sep=: %+v, %v", said, err)
	}
	if got, _ := parseAny([]byte("a\n'=1+1\n'+31 6\n'tis\n")); got.rows[0].Cells[0] != "=1+1" || got.rows[1].Cells[0] != "+31 6" || got.rows[2].Cells[0] != "'tis" {
		t.Errorf("apostrophes of exports: %+v", got.rows)
	}
}

func TestWhatIsNoListIsRefusedInWords(t *testing.T) {
	for says, file := range map[string]string{
		"no lines":    "name,email\n\n",
		"workbook":    "PK\x03\x04rest",
		"text file":   "a\x00b\nc\n",
		"Line 3 has":  "a,b\n1,2\n3,\"4\" 5\n",
		"5 MB":        strings.Repeat("x", MaxFile+1),
		"10000 lines": "a\n" + strings.Repeat("1\n", MaxRows+1),
		"60 columns":  strings.Repeat("a,", maxColumns) + "a\n",
	} {
		_, err := parseAny([]byte(file))
		if f := fault.Of(err); f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "file" || !strings.Contains(f.Fields[0].Message, says) {
			t.Errorf("%q: %v", says, err)
		}
	}
}

// Whatever bytes come, the table that is read is text, is within its bounds, and
// is the same when it is written and read again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "sep=;\na;b\n1;2", "\xff\xfea\x00\n\x00", "a\n\"x", "name\n'=1\n", "\ufeffa|b\n|\n,", "a\r\n\r\nb\r", "é;\xe9\n\xe9;1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := parseAny(file)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("an error that is not for people: %v", err)
			}
			return
		}
		if len(got.header) == 0 || len(got.rows) == 0 || len(got.rows) > MaxRows {
			t.Fatalf("%d columns, %d lines", len(got.header), len(got.rows))
		}
		var written bytes.Buffer
		out := csv.NewWriter(&written)
		all := [][]string{got.header}
		for _, r := range got.rows {
			all = append(all, r.Cells)
		}
		for _, cells := range all {
			if len(cells) == 0 || len(cells) > maxColumns {
				t.Fatalf("a line of %d cells", len(cells))
			}
			for _, cell := range cells {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
					t.Fatalf("a cell that is no text: %q", cell)
				}
			}
		}
		if err := out.WriteAll(all); err != nil {
			t.Fatal(err)
		}
		for _, field := range match(Links, got) {
			if field != "" && len(field) > 20 {
				t.Fatalf("a field called %q", field)
			}
		}
	})
}
