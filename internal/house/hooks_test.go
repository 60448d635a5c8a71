package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// A hook that only tests set is a promise that the program does not keep: its tests
// pass, because they wire what the program does not.
func TestHooksAreSetByTheProgram(t *testing.T) {
	hooks, set := map[string]string{}, map[string]bool{} // name to place
	for _, f := range goFiles(t) {
		if _, ours := room(f.Folder()); !ours || f.ForTests() {
			continue
		}
		for name, at := range hooksOf(f) {
			hooks[name] = at
		}
		for name := range namesSet(f) {
			set[name] = true
		}
	}
	if len(hooks) < 10 {
		t.Fatalf("only %d hooks were found", len(hooks))
	}
	for name, at := range hooks {
		if !set[name] {
			t.Errorf("%s: nothing but tests sets %s: wire it in the program, or drop it", at, name)
		}
	}
}

// hooksOf are the exported ways to have a function called back: methods that take
// one and return nothing, and fields of structs.
func hooksOf(f file) map[string]string {
	found := map[string]string{}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv != nil && n.Name.IsExported() && n.Type.Results == nil && takesFunction(n.Type) {
				found[n.Name.Name] = f.At(n)
			}
			return false
		case *ast.StructType:
			for _, field := range n.Fields.List {
				if _, is := field.Type.(*ast.FuncType); !is {
					continue
				}
				for _, name := range field.Names {
					if name.IsExported() {
						found[name.Name] = f.At(field)
					}
				}
			}
		}
		return true
	})
	return found
}

func takesFunction(t *ast.FuncType) bool {
	for _, p := range t.Params.List {
		if _, is := p.Type.(*ast.FuncType); is {
			return true
		}
	}
	return false
}

// namesSet are the methods that a file calls, and the fields that it gives a value.
func namesSet(f file) map[string]bool {
	names := map[string]bool{}
	add := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.SelectorExpr:
			names[e.Sel.Name] = true
		case *ast.Ident:
			names[e.Name] = true
		}
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			add(n.Fun)
		case *ast.KeyValueExpr:
			add(n.Key)
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				add(left)
			}
		}
		return true
	})
	return names
}

func parse(t *testing.T, source string) file {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file{Path: "x.go", AST: parsed, set: set}
}

func TestAHookThatOnlyTestsSetIsFound(t *testing.T) {
	program := parse(t, `package x
		type Store struct{ Told func(); done []func() }
		func (s *Store) OnDone(do func()) { s.done = append(s.done, do) }
		func (s *Store) Each(do func() error) error { return do() }`)
	if found := hooksOf(program); len(found) != 2 || found["OnDone"] == "" || found["Told"] == "" {
		t.Errorf("found %v", found)
	}
	wiring := parse(t, `package y
		func wire(s *Store) { s.OnDone(nil); s.Told = nil; _ = Config{Between: nil} }`)
	for _, name := range strings.Fields("OnDone Told Between") {
		if !namesSet(wiring)[name] {
			t.Errorf("%s is set, and was not seen", name)
		}
	}
}
