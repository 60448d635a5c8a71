package house

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/types"
	"strconv"
	"strings"
	"testing"
)

// dbPackage is where statements go; what its methods call query is SQL.
const dbPackage = module + "/internal/db"

// builtSQL are the functions whose statements may hold what these rules can't follow,
// and why it is nothing that a stranger wrote.
var builtSQL = map[string]string{
	"internal/visit/facet.go addFacets":        "a table of statements by their number of rows, made of constants and db.In",
	"internal/visit/store.go insert":           "a table of statements by their number of rows, made of constants and db.In",
	"internal/visit/visitor.go addVisitors":    "a table of statements by their number of rows, made of constants and db.In",
	"internal/job/kind.go Add":                 "what kinds of work say of their rows: constants of ours",
	"internal/visit/partition.go addPartition": "the name of a partition is a month of the clock",
}

// SQL is made of our own words: constants, numbers, placeholders, and joins of such. What
// somebody typed goes into arguments alone.
func TestSQLHoldsOurOwnWordsAlone(t *testing.T) {
	p := loadProgram(t, goFiles(t))
	used := map[string]bool{}
	statements := p.statements(func(place string, at ast.Expr, file file) {
		if _, allowed := builtSQL[place]; allowed {
			used[place] = true
			return
		}
		t.Errorf("%s: the SQL of %s is not made of constants, numbers and db.In alone; hand values over as arguments", file.At(at), place)
	})
	if statements < 400 {
		t.Errorf("only %d statements are found; the rule looks past most", statements)
	}
	for place := range builtSQL {
		if !used[place] {
			t.Errorf("%s needs no exception any more; take it off the list", place)
		}
	}
}

// The rule finds what comes from outside, by whatever way, and nothing else.
func TestTypedTextInSQLIsSeen(t *testing.T) {
	const around = `package planted
import ("context"; "fmt"; "strings"; "strconv"; "smartlinks/internal/db")
const columns = "id, name"
var rows = db.ColumnsOf[filter]()
var orders = map[string]string{"name": "name_folded"}
type filter struct{ Typed, Fixed string }
func either(yes bool) string { if yes { return "ASC" }; return "DESC" }
func where(column string) string { return " WHERE " + column + " = $1" }
func typed(s string) string { return s }
func two(a, b string) (string, string) { return a, b }
func loop(s string, n int) string { if n > 0 { return loop(s, n-1) }; return s }
func run(ctx context.Context, tx *db.Tx, f filter, name string, n int) {
	var all []string
	var b strings.Builder
	BODY
}
func others(ctx context.Context, tx *db.Tx, name string) { run(ctx, tx, filter{Typed: name, Fixed: "x"}, name, 1) }
`
	cases := map[string]bool{
		`tx.Exec(ctx, "SELECT 1")`: true,
		`tx.Exec(ctx, "SELECT " + columns + " LIMIT " + strconv.Itoa(n), name)`:           true,
		`tx.Exec(ctx, fmt.Sprintf("SELECT %d ORDER BY %s", n, either(n > 1)))`:            true,
		`tx.Exec(ctx, "x IN (" + db.In(n, 1) + ")" + orders[name] + where("name"))`:       true,
		`all = append(all, "a"); tx.Exec(ctx, strings.Join(all, ", "))`:                   true,
		`b.WriteString("a"); fmt.Fprintf(&b, "$%d", n); tx.Exec(ctx, b.String())`:         true,
		`for _, q := range []string{"a", "b"} { tx.Exec(ctx, q + f.Fixed) }`:              true,
		`add := func(s string) { all = append(all, s) }; add("x"); tx.Exec(ctx, all[0])`:  true,
		`add := func(s string) { all = append(all, s) }; add(name); tx.Exec(ctx, all[0])`: false,
		`q, _ := two("a", name); tx.Exec(ctx, q)`:                                         true,
		`_, q := two("a", name); tx.Exec(ctx, q)`:                                         false,
		`tx.Exec(ctx, loop("a", n) + loop(name, n))`:                                      false,
		`var q string; tx.Get(ctx, &q, "SELECT name"); tx.Exec(ctx, q)`:                   false,
		`tx.Exec(ctx, "SELECT " + name)`:                                                  false,
		`tx.Exec(ctx, name)`:                                                              false,
		`tx.Get(ctx, &n, fmt.Sprintf("SELECT '%s'", name))`:                               false,
		`q := "a"; if n > 1 { q += name }; tx.Select(ctx, &all, q)`:                       false,
		`all = append(all, name); tx.Exec(ctx, strings.Join(all, ", "))`:                  false,
		`b.WriteString(name); tx.Exec(ctx, b.String())`:                                   false,
		`fmt.Fprintf(&b, "%s", name); tx.Exec(ctx, b.String())`:                           false,
		`tx.Exec(ctx, where(name))`:                                                       false,
		`tx.Exec(ctx, typed(name))`:                                                       false,
		`tx.Exec(ctx, "a" + f.Typed)`:                                                     false,
		`tx.Queue(ctx, &db.Statement{Query: "a" + name})`:                                 false,
		`tx.Batch(ctx, db.One(&n, "a" + name))`:                                           false,
		`tx.Exec(ctx, orders["a"] + strings.ToUpper(name))`:                               false,
		`into, all := rows.Insert(f); tx.Exec(ctx, "INSERT INTO a " + into, all...)`:      true,
		`set, all := rows.Set(f, name); tx.Exec(ctx, "UPDATE a SET " + set, all...)`:      true,
		`tx.Exec(ctx, "SELECT " + rows.List("a"))`:                                        true,
		`tx.Exec(ctx, "SELECT " + rows.List(name))`:                                       false,
	}
	files, bodies, found := only(goFiles(t), "internal/db"), map[string]string{}, map[string]int{}
	for body := range cases {
		name := "internal/planted" + strconv.Itoa(len(bodies)) + "/planted.go"
		bodies[name] = body
		parsed, err := parser.ParseFile(files[0].set, name, strings.Replace(around, "BODY", body, 1), 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{Path: name, AST: parsed, set: files[0].set})
	}
	loadProgram(t, files).statements(func(_ string, _ ast.Expr, f file) { found[f.Path]++ })
	for name, body := range bodies {
		if (found[name] == 0) != cases[body] {
			t.Errorf("%s: found %d times", body, found[name])
		}
	}
}

// only are the files of one folder.
func only(files []file, folder string) (some []file) {
	for _, f := range files {
		if f.Folder() == folder {
			some = append(some, f)
		}
	}
	return some
}

// statements calls bad for each SQL that may hold what isn't ours, and counts all.
func (p *program) statements(bad func(place string, at ast.Expr, f file)) (count int) {
	for name, files := range p.files {
		if name == dbPackage {
			continue // it hands on what it is given
		}
		for _, f := range files {
			for _, declaration := range f.AST.Decls {
				place := f.Path
				if function, ok := declaration.(*ast.FuncDecl); ok {
					place += " " + function.Name.Name
				}
				ast.Inspect(declaration, func(n ast.Node) bool {
					if query := p.query(n); query != nil {
						count++
						if !p.ours(query) {
							bad(place, query, f)
						}
					}
					return true
				})
			}
		}
	}
	return count
}

// query is the SQL that a node hands to the database, nil for none.
func (p *program) query(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		callee, ok := p.object(n.Fun).(*types.Func)
		if !ok || callee.Pkg() == nil || callee.Pkg().Path() != dbPackage {
			return nil
		}
		parameters := callee.Signature().Params()
		for i := range min(parameters.Len(), len(n.Args)) {
			if parameters.At(i).Name() == "query" {
				return n.Args[i]
			}
		}
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		if field, is := p.info.Uses[key].(*types.Var); ok && is && field.IsField() && field.Name() == "Query" && field.Pkg().Path() == dbPackage {
			return n.Value
		}
	}
	return nil
}

// ours reports whether a text is made of our own words.
func (p *program) ours(e ast.Expr) bool {
	known := p.info.Types[e]
	if known.Value != nil && known.Value.Kind() != constant.Unknown {
		return true
	}
	if basic, ok := underlying(known.Type).(*types.Basic); ok && basic.Info()&(types.IsNumeric|types.IsBoolean) != 0 {
		return true
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return p.ours(e.X)
	case *ast.BinaryExpr:
		return p.ours(e.X) && p.ours(e.Y)
	case *ast.IndexExpr:
		return p.ours(e.X)
	case *ast.SliceExpr:
		return p.ours(e.X)
	case *ast.UnaryExpr:
		return p.ours(e.X)
	case *ast.KeyValueExpr:
		return p.ours(e.Value)
	case *ast.CompositeLit:
		return p.all(e.Elts)
	case *ast.CallExpr:
		return p.oursCall(e)
	case result:
		if call, ok := e.Expr.(*ast.CallExpr); ok {
			return p.oursObject(p.object(call.Fun), e.index)
		}
		return e.index == 0 && p.ours(e.Expr) // a value of a map, and whether it is there
	case *ast.Ident, *ast.SelectorExpr:
		return p.oursObject(p.object(e), 0)
	}
	return false
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (p *program) all(list []ast.Expr) bool {
	for _, e := range list {
		if !p.ours(e) {
			return false
		}
	}
	return true
}

// oursCall judges what a function makes: conversions and what joins texts are ours if
// what goes in is, our own functions if all that they return is.
func (p *program) oursCall(e *ast.CallExpr) bool {
	switch p.library(e.Fun) {
	case "strconv.Itoa", "strconv.FormatInt", dbPackage + ".In":
		return true
	case "fmt.Sprintf", "fmt.Sprint", "fmt.Fprintf", "fmt.Fprint", "strings.Join", "strings.Repeat", "strings.ReplaceAll", "strings.Replace", "strings.NewReplacer", "strings.TrimSuffix", "strings.TrimPrefix", "slices.Concat", "slices.Clone", "slices.Repeat":
		return p.all(e.Args)
	}
	if kind := p.info.Types[e.Fun]; kind.IsType() { // a conversion
		return p.all(e.Args)
	}
	if name, ok := e.Fun.(*ast.Ident); ok && (name.Name == "append" || name.Name == "make" || name.Name == "max" || name.Name == "min" || name.Name == "len") {
		return name.Name != "append" || p.all(e.Args)
	}
	if callee, ok := p.object(e.Fun).(*types.Func); ok {
		if ofColumns(callee) {
			return p.all(e.Args)
		}
		return p.oursObject(callee, 0)
	}
	// What a builder or a replacer holds: b.String().
	if selector, ok := e.Fun.(*ast.SelectorExpr); ok && (selector.Sel.Name == "String" || selector.Sel.Name == "Replace") {
		return p.ours(selector.X) && p.all(e.Args)
	}
	return false
}

// ofColumns reports whether a function writes the names of a struct's fields as columns.
func ofColumns(f *types.Func) bool {
	return strings.HasPrefix(f.Origin().FullName(), "("+dbPackage+".Columns[")
}

// oursObject judges a variable by all that is put there, and a function by what it
// returns at the index. What is being judged is taken for ours until it is known; if it
// is not, whatever was judged by it is judged again.
func (p *program) oursObject(o types.Object, index int) bool {
	if o == nil {
		return false
	}
	what := holder{o, index}
	if judged, ok := p.judged[what]; ok {
		return judged
	}
	began := len(p.order)
	p.judged[what], p.order = true, append(p.order, what)
	ours := p.judge(o, index)
	if !ours {
		for _, later := range p.order[began:] {
			if p.judged[later] {
				delete(p.judged, later)
			}
		}
		p.order = p.order[:began]
		p.judged[what] = false
	}
	return ours
}

func (p *program) judge(o types.Object, index int) bool {
	switch o := o.(type) {
	case *types.Const, *types.Nil:
		return true
	case *types.Var:
		return p.all(p.values[o]) && (len(p.values[o]) > 0 || o.Kind() == types.LocalVar)
	case *types.Func:
		if ofColumns(o) {
			return true
		}
		for _, results := range p.returns[o] {
			if index >= len(results) || !p.ours(results[index]) {
				return false
			}
		}
		return len(p.returns[o]) > 0
	}
	return false
}
