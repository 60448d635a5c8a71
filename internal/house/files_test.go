// Package house checks the rules that keep the code base one house of rooms:
// imports point one way, the time and randomness come from outside, nothing
// happens before main. The rules and their reasons are in docs/architecture.md.
package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// root is the top of the repository, seen from this folder.
const root = "../.."

// module is the name in go.mod: the prefix of our own imports.
const module = "smartlinks"

// file is one parsed Go file of the repository.
type file struct {
	Path string // from the top, with slashes: internal/link/hold.go
	AST  *ast.File
	set  *token.FileSet
}

// Folder is the path of the file's package from the top: internal/link.
func (f file) Folder() string { return path.Dir(f.Path) }

// ForTests tells whether the file never reaches the binary: a _test.go file or
// one of a package that serves tests, such as db/dbtest.
func (f file) ForTests() bool {
	return strings.HasSuffix(f.Path, "_test.go") || servesTests(f.Folder())
}

// servesTests tells whether a package exists for tests: its name ends in test.
func servesTests(folder string) bool { return strings.HasSuffix(folder, "test") }

// At is the place of a node for a message: internal/link/hold.go:12.
func (f file) At(n ast.Node) string {
	return f.Path + ":" + strconv.Itoa(f.set.Position(n.Pos()).Line)
}

// Imports calls do with every import path of the file and its place.
func (f file) Imports(do func(imported, at string)) {
	for _, spec := range f.AST.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it already
		}
		do(imported, f.At(spec))
	}
}

// goFiles are all Go files of the repository, those of the bench and e2e modules too.
// Folders that hold no code of ours are left out. All tests share what was parsed.
func goFiles(t *testing.T) []file {
	t.Helper()
	files, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no Go files found under %s", root)
	}
	return slices.Clone(files)
}

var parsed = sync.OnceValues(func() (files []file, err error) {
	set := token.NewFileSet()
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if base := entry.Name(); name != "." && (base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".")) {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go":
			return nil
		}
		tree, err := parser.ParseFile(set, filepath.Join(root, filepath.FromSlash(name)), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		files = append(files, file{Path: name, AST: tree, set: set})
		return nil
	})
	return files, err
})
