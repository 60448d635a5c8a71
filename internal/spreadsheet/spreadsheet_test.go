package spreadsheet_test

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"smartlinks/internal/spreadsheet"
)

// anyText draws texts of all characters but NUL, mostly of those that mean something to a
// spreadsheet.
func anyText() *rapid.Generator[string] {
	sharp := rapid.SampledFrom([]rune("=+-@＝＋－＠,;\t|\r\n\"'  \u00a0\u3000\ufeff\u200b\u2028\vxé日0"))
	char := rapid.OneOf(sharp, sharp, sharp, rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.Z, unicode.Cf))
	return rapid.StringOfN(char, 0, 14, -1)
}

// oneBreak makes every line break "\n", as files can't tell them apart.
func oneBreak(s string) string { return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s) }

func written(t interface{ Fatal(...any) }, s spreadsheet.Separator, lines [][]string) string {
	var file strings.Builder
	w, err := spreadsheet.NewWriter(&file, s)
	for _, line := range lines {
		if err == nil {
			err = w.Write(line...)
		}
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func TestNoReaderFindsAFormulaAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SliceOfN(anyText(), 3, 3), 1, 3).Draw(t, "lines")
		for _, s := range []spreadsheet.Separator{spreadsheet.Comma, spreadsheet.Semicolon} {
			file, marked := strings.CutPrefix(written(t, s, lines), "\ufeff")
			if !marked {
				t.Fatal("the file has no mark")
			}
			for _, reader := range ",;\t|" {
				for _, piece := range append(splitAnywhere(file, reader), splitAtFields(file, reader)...) {
					if begins(piece) {
						t.Fatalf("read with %q, a cell of %q is %q", reader, file, piece)
					}
				}
			}
			r := csv.NewReader(strings.NewReader(file))
			r.Comma = rune(s)
			back, err := r.ReadAll()
			if err != nil || len(back) != len(lines) {
				t.Fatalf("%q: %d lines, %v", file, len(back), err)
			}
			for i, line := range lines {
				for k, cell := range line {
					if got := spreadsheet.Unescape(back[i][k]); got != oneBreak(cell) {
						t.Fatalf("%q came back as %q", cell, got)
					}
				}
			}
		}
	})
}

// begins reports whether a spreadsheet would run a cell. Space that some take off doesn't help.
func begins(cell string) bool {
	if strings.IndexAny(cell, "\t\r\n") == 0 {
		return true
	}
	first := strings.TrimLeftFunc(cell, unicode.IsSpace)
	return first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0])
}

var lineEnd = regexp.MustCompile(`\r\n|\n|\r`)

// splitAnywhere is a reader that knows no quotation marks but takes them off.
func splitAnywhere(file string, separator rune) (pieces []string) {
	for _, line := range lineEnd.Split(file, -1) {
		for piece := range strings.SplitSeq(line, string(separator)) {
			if piece = strings.Trim(piece, `"`); piece != "" {
				pieces = append(pieces, piece)
			}
		}
	}
	return pieces
}

// splitAtFields is a reader for which a cell is quoted that begins with a quotation mark,
// as in Excel; one in the middle is a character.
func splitAtFields(file string, separator rune) (pieces []string) {
	var cell []rune
	quoted, fresh := false, true
	in := []rune(file)
	for i := 0; i < len(in); i++ {
		switch c := in[i]; {
		case fresh && c == '"':
			quoted = true
		case quoted && c == '"' && i+1 < len(in) && in[i+1] == '"':
			cell, i = append(cell, '"'), i+1
		case quoted && c == '"':
			quoted = false
		case !quoted && (c == separator || c == '\n' || c == '\r'):
			pieces, cell, fresh = append(pieces, string(cell)), nil, true
			continue
		default:
			cell = append(cell, c)
		}
		fresh = false
	}
	return append(pieces, string(cell))
}

func TestWordsThatAreNoFormulaStayAsTheyAre(t *testing.T) {
	for _, s := range []string{"", "Ann", "'tis", "O'Neill", "Visser, Jan; Smit", "a\n\nb", "1-2", "jan@example.com", "\"Ann\"", "x\t\ty", "日本"} {
		if got := spreadsheet.Escape(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for s, want := range map[string]string{
		"Jan;=cmd|x": "Jan;'=cmd|x", "Jan\n=1": "Jan\n'=1", "a\t-1": "a\t'-1", "＝1": "'＝1", "'=1": "''=1", `a;"=1`: `a;'"=1`, "\t=": "'\t'=", "a;": "a;'", "+31": "'+31", "a, +1": "a,' +1",
	} {
		if got := spreadsheet.Escape(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}

func TestFiguresStayNumbers(t *testing.T) {
	var file strings.Builder
	w, err := spreadsheet.NewWriter(&file, spreadsheet.Comma)
	if err == nil {
		err = w.WriteFigures("=x", "-1.50", "12", "-1+2", "EUR")
	}
	if err == nil {
		err = w.Flush()
	}
	if got := file.String(); err != nil || got != "\ufeff'=x,-1.50,12,'-1+2,EUR\r\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestListsInACell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for _, p := range rapid.SliceOfN(anyText(), 0, 4).Draw(t, "parts") {
			if p != "" {
				parts = append(parts, p)
			}
		}
		if got := spreadsheet.SplitList(spreadsheet.JoinList(parts)); !slices.Equal(got, parts) {
			t.Fatalf("%q came back as %q", parts, got)
		}
	})
	for cell, want := range map[string][]string{
		"VIP, Newsletter": {"VIP", "Newsletter"}, `"a, b", c`: {"a, b", "c"}, "a;b ; c": {"a", "b", "c"}, " , ;": nil,
		`"VIP" club, x`: {`"VIP" club`, "x"}, `5" pipe, b`: {`5" pipe`, "b"}, `"open, x`: {`"open`, "x"}, `"say ""hi""";b`: {`say "hi"`, "b"},
	} {
		if got := spreadsheet.SplitList(cell); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	if got := spreadsheet.JoinList([]string{"VIP", "a, b", `"x`}); got != `VIP, "a, b", """x"` {
		t.Error(got)
	}
}
