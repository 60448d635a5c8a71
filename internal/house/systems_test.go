package house

import (
	"go/ast"
	"regexp"
	"slices"
	"testing"
)

// everywhere are the parts of syscall that every target of a release has. Where golang.org/x/sys
// is used, or another part, the file says for which systems it is.
var everywhere = []string{"SIGTERM", "SIGINT", "SIGHUP", "SIGKILL", "RawConn", "Errno"}

var perSystem = regexp.MustCompile(`_(unix|linux|windows|darwin|other)\.go$`)

func TestOnlyFilesOfASystemUseItsCalls(t *testing.T) {
	for _, f := range goFiles(t) {
		if _, ours := room(f.Folder()); !ours || f.ForTests() || perSystem.MatchString(f.Path) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if of, ok := s.X.(*ast.Ident); ok && (of.Name == "syscall" && !slices.Contains(everywhere, s.Sel.Name) || of.Name == "unix") {
					t.Errorf("%s: %s.%s is not on every system that we release for; move it into a file per system", f.Path, of.Name, s.Sel.Name)
				}
			}
			return true
		})
	}
}
