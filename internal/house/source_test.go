package house

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// outside are the rooms that may ask the machine for the time or for chance;
// everything else is handed a clock.Clock, an instant or an io.Reader, so that
// test mode can move the time and a test can repeat what it saw.
var outside = []string{"clock", "id", "secret", "app", "cmd"}

var (
	clockReaders   = []string{"Now", "Since", "Until"}
	chancePackages = []string{"math/rand", "math/rand/v2", "crypto/rand"}
	vagueNames     = []string{"util", "utils", "helper", "helpers", "common", "misc"}
)

func TestTimeAndChanceComeFromOutside(t *testing.T) {
	for _, f := range goFiles(t) {
		name, ours := room(f.Folder())
		if !ours || f.ForTests() || slices.Contains(outside, floor(name)) {
			continue
		}
		f.Imports(func(imported, at string) {
			if slices.Contains(chancePackages, imported) {
				t.Errorf("%s: imports %s; take an io.Reader instead, which app hands out", at, imported)
			}
		})
		for _, call := range uses(f, "time", clockReaders) {
			t.Errorf("%s: reads the machine's clock; take a clock.Clock or the instant of the transaction", call)
		}
	}
}

// uses lists the places where the file names one of a package's members,
// under whatever name it imports that package.
func uses(f file, imported string, members []string) []string {
	local := ""
	for _, spec := range f.AST.Imports {
		if spec.Path.Value != strconv.Quote(imported) {
			continue
		}
		local = path.Base(imported)
		if spec.Name != nil {
			local = spec.Name.Name
		}
	}
	var places []string
	ast.Inspect(f.AST, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := selector.X.(*ast.Ident); ok && x.Name == local && slices.Contains(members, selector.Sel.Name) {
			places = append(places, f.At(selector))
		}
		return true
	})
	return places
}

// Some days have no midnight, and some times of a day come twice or never. Package calendar
// knows; time.Date and time.ParseInLocation choose the day before, or either.
func TestTimesOfZonesAreMadeByTheCalendar(t *testing.T) {
	for _, f := range goFiles(t) {
		if name, ours := room(f.Folder()); !ours || f.ForTests() || floor(name) == "calendar" {
			continue
		}
		for _, call := range uses(f, "time", []string{"ParseInLocation"}) {
			t.Errorf("%s: reads a time of a zone; take calendar.ParseDay or calendar.ParseLocal", call)
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 8 || !isMember(call.Fun, "time", "Date") || isMember(call.Args[7], "time", "UTC") {
				return true
			}
			t.Errorf("%s: makes a time of a zone; take calendar.Day or calendar.Local", f.At(call))
			return true
		})
	}
}

// isMember tells whether an expression is a member of a package.
func isMember(e ast.Expr, of, name string) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == of
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, f := range goFiles(t) {
		if ast.IsGenerated(f.AST) {
			continue
		}
		for _, declaration := range f.AST.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
				t.Errorf("%s: has an init function; build it where it is wired", f.At(function))
			}
		}
	}
}

func TestPackagesAreNamedAfterWhatTheyDo(t *testing.T) {
	for _, f := range goFiles(t) {
		name := strings.TrimSuffix(f.AST.Name.Name, "_test")
		if slices.Contains(vagueNames, name) || slices.Contains(vagueNames, path.Base(f.Folder())) {
			t.Errorf("%s: the package name %s says nothing; put the code where it is used", f.Path, name)
		}
	}
}
