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
