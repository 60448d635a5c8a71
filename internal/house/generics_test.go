package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// maxGenericMethods is how many methods an exported generic struct may have. They are
// compiled anew in every package that reaches the struct through a field, and with them
// those of what it embeds: a queue of work cost forty packages half a second each. What
// has more is an interface before a struct of its package.
const maxGenericMethods = 5

func TestGenericsAreNotCompiledInEveryPackage(t *testing.T) {
	for _, f := range goFiles(t) {
		if _, ours := room(f.Folder()); !ours || f.ForTests() {
			continue
		}
		for _, name := range heavyGenerics(f.AST) {
			t.Errorf("%s: the generic struct %s embeds a pointer or has more than %d methods; make it an interface", f.Path, name, maxGenericMethods)
		}
	}
}

// heavyGenerics are the exported generic structs of a file that embed a pointer, with all
// methods of what it points to, or have too many methods in it.
func heavyGenerics(f *ast.File) []string {
	methods, structs := map[string]int{}, map[string]*ast.StructType{}
	for _, declaration := range f.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			methods[receiver(d)]++
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok && s.TypeParams != nil && s.Name.IsExported() {
					if kept, ok := s.Type.(*ast.StructType); ok {
						structs[s.Name.Name] = kept
					}
				}
			}
		}
	}
	var heavy []string
	for name, kept := range structs {
		embeds := false
		for _, field := range kept.Fields.List {
			_, pointer := field.Type.(*ast.StarExpr)
			embeds = embeds || pointer && len(field.Names) == 0
		}
		if embeds || methods[name] > maxGenericMethods {
			heavy = append(heavy, name)
		}
	}
	return heavy
}

// receiver is the name of a method's type; "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

func TestHeavyGenericsAreFound(t *testing.T) {
	for source, want := range map[string]int{
		"type Cache[K, V any] interface{ Get(K) V }":                                         0,
		"type Page[T any] struct{ Rows []T }":                                                0,
		"type Kind[T any] struct{ Rows }":                                                    0,
		"type work[T any] struct{ *Queue }":                                                  0,
		"type Work[T any] struct{ *Queue }":                                                  1,
		"type M[K, V any] struct{ k K; v V }\n" + methodsOf("*M[K, V]", maxGenericMethods):   0,
		"type M[K, V any] struct{ k K; v V }\n" + methodsOf("*M[K, V]", maxGenericMethods+1): 1,
		"type M[K any] struct{ k K }\n" + methodsOf("M[K]", maxGenericMethods+1):             1,
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := heavyGenerics(parsed); len(got) != want {
			t.Errorf("%s: found %v, want %d", source, got, want)
		}
	}
}

func methodsOf(receiver string, n int) (source string) {
	for i := range n {
		source += "func (m " + receiver + ") " + string(rune('A'+i)) + "() {}\n"
	}
	return source
}
