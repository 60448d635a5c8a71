package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// writes finds the tables that a statement writes.
var writes = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)\b`)

// shared are tables that several packages write, and why.
var shared = map[string]string{
	"installation": "one row with what the installation knows, each column written by one package",
}

// A table is written by one package alone. What another feature must change of it, it
// asks that package, in the open transaction.
func TestATableIsWrittenByOnePackage(t *testing.T) {
	writers := map[string][]string{} // of a table, by their first places
	for _, f := range goFiles(t) {
		name, ours := room(f.Folder())
		if !ours || f.ForTests() || name == "db" || strings.HasPrefix(name, "db/") {
			continue
		}
		for table, at := range tablesWritten(f) {
			if !slices.ContainsFunc(writers[table], func(other string) bool { return strings.HasPrefix(other, floor(name)+" ") }) {
				writers[table] = append(writers[table], floor(name)+" ("+at+")")
			}
		}
	}
	if len(writers) < 50 {
		t.Fatalf("only %d tables are found; the rule looks past most", len(writers))
	}
	for table, by := range writers {
		if _, may := shared[table]; !may && len(by) > 1 {
			t.Errorf("the table %s is written by %s", table, strings.Join(by, " and "))
		}
	}
	for table := range shared {
		if len(writers[table]) < 2 {
			t.Errorf("%s is written by one package; take it off the list", table)
		}
	}
}

// tablesWritten are the tables that statements in a file write, with their places.
func tablesWritten(f file) map[string]string {
	found := map[string]string{}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return true // the parser has refused it already
		}
		for _, match := range writes.FindAllStringSubmatch(text, -1) {
			found[match[1]] = f.At(literal)
		}
		return true
	})
	return found
}

func TestWritesOfTablesAreSeen(t *testing.T) {
	f := parse(t, "package x\nvar a, b = `INSERT INTO one (id) SELECT id FROM none ON CONFLICT DO UPDATE SET id = 1`, \"DELETE FROM two\"\nfunc f() string { return `UPDATE\n\tthree SET a = (SELECT 1 FROM nothing)` }")
	found := tablesWritten(f)
	if len(found) != 3 || found["one"] == "" || found["two"] == "" || found["three"] == "" {
		t.Errorf("found %v", found)
	}
}
