package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Go does not promise whether a variable in a list of results is read before or behind the
// calls in it: what a call assigns, or is given the address of, is returned by a statement of
// its own.
func TestResultsAreAssignedBeforeTheyAreReturned(t *testing.T) {
	for _, dir := range []string{"../../bench", "../../cmd", "../../e2e", "../../release", ".."} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") {
				return nil
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			pointers := pointersIn(file)
			ast.Inspect(file, func(n ast.Node) bool {
				if r, is := n.(*ast.ReturnStmt); is && len(r.Results) > 1 {
					if name := readAndAssigned(r.Results); name != "" && !pointers[name] {
						t.Errorf("%s: %s is returned beside a call that assigns it", fset.Position(r.Pos()), name)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pointersIn are the names that a file gives to new pointers: whoever has one sees what is
// assigned behind it, whenever it was read.
func pointersIn(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, is := n.(*ast.AssignStmt); is && len(s.Lhs) == 1 && len(s.Rhs) == 1 {
			if made, is := s.Rhs[0].(*ast.UnaryExpr); is && made.Op == token.AND {
				names[rootOf(s.Lhs[0])] = true
			}
		}
		return true
	})
	return names
}

// readAndAssigned is a variable that one of the results reads and a call in another assigns.
func readAndAssigned(results []ast.Expr) string {
	for i, one := range results {
		read := readBy(one)
		for j, other := range results {
			for name := range assignedBy(other) {
				if i != j && read[name] {
					return name
				}
			}
		}
	}
	return ""
}

// readBy are the variables that an expression reads, but for those in its functions.
func readBy(e ast.Expr) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.KeyValueExpr:
			return false
		case *ast.UnaryExpr:
			return n.Op != token.AND
		case *ast.SelectorExpr:
			ast.Inspect(n.X, func(x ast.Node) bool {
				if id, is := x.(*ast.Ident); is {
					names[id.Name] = true
				}
				return true
			})
			return false
		case *ast.Ident:
			names[n.Name] = true
		}
		return true
	})
	return names
}

// assignedBy are the variables of outside that the functions in an expression assign, and
// those of which its calls get the address.
func assignedBy(e ast.Expr) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(e, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		for _, argument := range call.Args {
			switch a := argument.(type) {
			case *ast.UnaryExpr:
				if root := rootOf(a.X); a.Op == token.AND && root != "" {
					names[root] = true
				}
			case *ast.FuncLit:
				own := declaredIn(a)
				ast.Inspect(a.Body, func(n ast.Node) bool {
					if s, is := n.(*ast.AssignStmt); is && s.Tok != token.DEFINE {
						for _, to := range s.Lhs {
							if root := rootOf(to); root != "" && !own[root] {
								names[root] = true
							}
						}
					}
					if u, is := n.(*ast.UnaryExpr); is && u.Op == token.AND {
						if root := rootOf(u.X); root != "" && !own[root] {
							names[root] = true
						}
					}
					return true
				})
			}
		}
		return true
	})
	return names
}

// declaredIn are the names that a function declares anywhere.
func declaredIn(f *ast.FuncLit) map[string]bool {
	own := map[string]bool{"_": true}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, id := range n.Names {
				own[id.Name] = true
			}
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if id, is := to.(*ast.Ident); is && n.Tok == token.DEFINE {
					own[id.Name] = true
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, is := e.(*ast.Ident); is && n.Tok == token.DEFINE {
					own[id.Name] = true
				}
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				own[id.Name] = true
			}
		}
		return true
	})
	return own
}

// rootOf is the variable whose part an expression is, "" for none.
func rootOf(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}
