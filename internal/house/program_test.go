package house

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strings"
	"testing"
)

// program is our own code with the types of it that can be known without reading
// libraries: that takes a second, where they would take half a minute.
type program struct {
	files    map[string][]file // by the path of their package
	packages map[string]*types.Package
	info     *types.Info
	// values are all that a variable or a field may hold, and returns what a function
	// returns.
	values  map[types.Object][]ast.Expr
	returns map[types.Object][][]ast.Expr
	judged  map[holder]bool
	order   []holder // in which they were judged
}

// holder is a variable, a field, or one result of a function.
type holder struct {
	types.Object
	result int
}

// result is one of the values that a call gives at once.
type result struct {
	ast.Expr // the call
	index    int
}

func loadProgram(t *testing.T, files []file) *program {
	t.Helper()
	p := &program{
		files: map[string][]file{}, packages: map[string]*types.Package{},
		info:   &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}},
		values: map[types.Object][]ast.Expr{}, returns: map[types.Object][][]ast.Expr{}, judged: map[holder]bool{},
	}
	for _, f := range files {
		if _, ours := room(f.Folder()); ours && !f.ForTests() {
			name := module + "/" + f.Folder()
			p.files[name] = append(p.files[name], f)
		}
	}
	for name := range p.files {
		if _, err := p.Import(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, all := range p.files {
		for _, f := range all {
			p.follow(f)
		}
	}
	return p
}

// Import gives a package of ours with its types, and of others an empty one.
func (p *program) Import(name string) (*types.Package, error) {
	if known, ok := p.packages[name]; ok {
		return known, nil
	}
	files, ours := p.files[name]
	if !ours {
		short := path.Base(name)
		if len(short) > 1 && short[0] == 'v' && strings.Trim(short[1:], "0123456789") == "" {
			short = path.Base(path.Dir(name))
		}
		empty := types.NewPackage(name, short)
		empty.MarkComplete()
		p.packages[name] = empty
		return empty, nil
	}
	var parsed []*ast.File
	for _, f := range files {
		parsed = append(parsed, f.AST)
	}
	config := types.Config{Importer: p, Error: func(error) {}} // of libraries nothing is known
	checked, _ := config.Check(name, files[0].set, parsed, p.info)
	p.packages[name] = checked
	return checked, nil
}

// object is what an expression names: a variable, a field or a function.
func (p *program) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.object(e.X)
	case *ast.UnaryExpr:
		return p.object(e.X)
	case *ast.StarExpr:
		return p.object(e.X)
	case *ast.IndexExpr:
		return p.object(e.X)
	case *ast.Ident:
		if defined := p.info.Defs[e]; defined != nil {
			return defined
		}
		return p.info.Uses[e]
	case *ast.SelectorExpr:
		if selection := p.info.Selections[e]; selection != nil {
			return selection.Obj()
		}
		return p.info.Uses[e.Sel]
	}
	return nil
}

// put notes that what to names may hold the value.
func (p *program) put(to ast.Expr, value ast.Expr) {
	if o := p.object(to); o != nil {
		p.values[o] = append(p.values[o], value)
	}
}

// follow notes what all variables, parameters and fields of a file may hold.
func (p *program) follow(f file) {
	for _, declaration := range f.AST.Decls {
		function, _ := declaration.(*ast.FuncDecl)
		ast.Inspect(declaration, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if len(n.Lhs) == len(n.Rhs) {
						p.put(to, n.Rhs[i])
					} else {
						p.put(to, result{n.Rhs[0], i})
					}
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if len(n.Values) == len(n.Names) {
						p.put(name, n.Values[i])
					} else if len(n.Values) > 0 {
						p.put(name, result{n.Values[0], i})
					}
				}
			case *ast.RangeStmt:
				if n.Key != nil {
					p.put(n.Key, n.X)
				}
				if n.Value != nil {
					p.put(n.Value, n.X)
				}
			case *ast.CompositeLit:
				p.followLiteral(n)
			case *ast.CallExpr:
				p.followCall(n)
			case *ast.ReturnStmt:
				if function != nil {
					o := p.info.Defs[function.Name]
					p.returns[o] = append(p.returns[o], n.Results)
				}
			}
			return true
		})
	}
}

// followLiteral notes what the fields of a struct hold.
func (p *program) followLiteral(n *ast.CompositeLit) {
	shape, _ := p.shape(n)
	for i, e := range n.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && shape != nil {
				p.put(key, pair.Value)
			}
		} else if shape != nil && i < shape.NumFields() {
			p.values[shape.Field(i)] = append(p.values[shape.Field(i)], e)
		}
	}
}

func (p *program) shape(n *ast.CompositeLit) (*types.Struct, bool) {
	kind := p.info.Types[n].Type
	if kind == nil {
		return nil, false
	}
	if pointer, ok := kind.Underlying().(*types.Pointer); ok {
		kind = pointer.Elem()
	}
	shape, ok := kind.Underlying().(*types.Struct)
	return shape, ok
}

// followCall notes what the parameters of a function hold, and what builders are given.
func (p *program) followCall(n *ast.CallExpr) {
	name := p.library(n.Fun)
	written := strings.HasPrefix(name, "fmt.Fprint")
	if written && len(n.Args) > 1 {
		p.put(n.Args[0], &ast.CallExpr{Fun: n.Fun, Args: n.Args[1:]})
	}
	for _, argument := range n.Args {
		if address, ok := argument.(*ast.UnaryExpr); ok && address.Op == token.AND && !written {
			p.put(address.X, &ast.BadExpr{}) // whatever it fills in
		}
	}
	if selector, ok := n.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(selector.Sel.Name, "Write") && len(n.Args) > 0 {
		p.put(selector.X, n.Args[0])
	}
	callee := p.object(n.Fun)
	if callee == nil {
		return
	}
	signature, ok := callee.Type().(*types.Signature) // of a function that a variable holds too
	if !ok {
		return
	}
	parameters := signature.Params()
	for i, argument := range n.Args {
		at := min(i, parameters.Len()-1)
		if at >= 0 {
			o := parameters.At(at)
			p.values[o] = append(p.values[o], argument)
		}
	}
}

// library is the name of a function of a library, as strings.Join; "" for others.
func (p *program) library(e ast.Expr) string {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	imported, ok := p.info.Uses[x].(*types.PkgName)
	if !ok {
		return ""
	}
	return imported.Imported().Path() + "." + selector.Sel.Name
}
