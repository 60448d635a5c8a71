package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// boundRules are what code must keep to that strangers, other servers and other users
// of the machine come near. allowed names the functions that may do otherwise, and why.
var boundRules = []struct {
	name    string
	breaks  func(f file, n ast.Node) string // what is wrong, "" for nothing
	allowed map[string]string
	planted string // the body of a function that breaks the rule
	right   string // one that doesn't
}{
	{
		name: "requests to others have a time-out", breaks: unboundedClient,
		planted: `http.Get("https://example.com"); http.DefaultClient.Do(nil); _ = &http.Client{Transport: nil}; _ = http.Client{Timeout: 0}; http.ListenAndServe(":1", nil); _ = http.Server{}; _ = new(http.Client); var c http.Client; _ = c`,
		right:   `_ = &http.Client{Timeout: time.Second}; _ = http.Header{}; _ = http.StatusOK; var c *http.Client; _ = c`,
	},
	{
		name: "what others send is read up to a bound", breaks: unboundedRead,
		allowed: map[string]string{
			"internal/web/public/hook/hook.go receive":           "guard.Area has its bound",
			"internal/web/api/payrequest/parts.go readParts":     "parts of a body that was read up to its bound",
			"internal/payment/mollie/wire.go do":                 "the client of payment/outgoing cuts answers off",
			"internal/message/sms/wire.go do":                    "the client of payment/outgoing cuts answers off",
			"internal/web/dashboard/frame/upload.go beginningOf": "guard and readUploads have their bounds, and what is too much is thrown away",
			"internal/app/backup.go copyFile":                    "a file of ours",
		},
		planted: `io.ReadAll(r.Body); io.Copy(w, r.Body); json.NewDecoder(answer.Body).Decode(nil); xml.NewDecoder(r.Body); bufio.NewReader(r.Body); ioutil.ReadAll(r.Body); buffer.ReadFrom(r.Body)`,
		right:   `io.ReadAll(io.LimitReader(r.Body, 10)); io.ReadAll(http.MaxBytesReader(w, r.Body, 10)); json.NewDecoder(bytes.NewReader(body)); bytes.NewReader(m.Body); io.CopyN(w, r.Body, 10)`,
	},
	{
		name: "files are for their owner only", breaks: openFile,
		allowed: map[string]string{
			"internal/db/private.go private": "takes rights away, whatever they are",
		},
		planted: `os.Create("x"); os.WriteFile("x", nil, 0o644); os.OpenFile("x", os.O_CREATE, mode); os.MkdirAll("x", 0o755); os.Mkdir("x", 0o777); os.Chmod("x", 0o640); ioutil.WriteFile("x", nil, 0o666)`,
		right:   `os.WriteFile("x", nil, 0o600); os.OpenFile("x", os.O_CREATE, 0o600); os.MkdirAll("x", 0o700); os.CreateTemp("", "x"); os.Chmod("x", 0o700); os.Open("x")`,
	},
}

func TestWhatIsNearOthersIsBounded(t *testing.T) {
	used := map[string]bool{}
	for _, f := range goFiles(t) {
		if _, ours := room(f.Folder()); !ours || f.ForTests() || servesTests(f.Folder()) {
			continue
		}
		for _, rule := range boundRules {
			for _, found := range broken(f, rule.breaks) {
				place := f.Path + " " + found.function
				if _, allowed := rule.allowed[place]; allowed {
					used[place] = true
					continue
				}
				t.Errorf("%s (%s): %s: %s", found.at, found.function, rule.name, found.what)
			}
		}
	}
	for _, rule := range boundRules {
		for place := range rule.allowed {
			if !used[place] {
				t.Errorf("%s: %q is allowed to break what it doesn't break; take it off the list", rule.name, place)
			}
		}
	}
}

// The rules find what they are for, and nothing else.
func TestBoundsAreSeenWhereTheyLack(t *testing.T) {
	for _, rule := range boundRules {
		statements := strings.Count(rule.planted, ";") + 1 - strings.Count(rule.planted, "; _ = c")
		if found := broken(mustFile(t, rule.planted), rule.breaks); len(found) != statements {
			t.Errorf("%s: of %d planted %d are found: %v", rule.name, statements, len(found), found)
		}
		if found := broken(mustFile(t, rule.right), rule.breaks); len(found) != 0 {
			t.Errorf("%s: %v is right", rule.name, found)
		}
	}
}

// mustFile is a file with one function of these statements.
func mustFile(t *testing.T, body string) file {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "planted.go", "package p\nfunc f() {"+body+"}", 0)
	if err != nil {
		t.Fatal(err)
	}
	return file{Path: "internal/p/planted.go", AST: parsed, set: set}
}

// breach is a place where a rule is broken.
type breach struct{ at, function, what string }

// broken lists where a file breaks a rule.
func broken(f file, breaks func(file, ast.Node) string) (all []breach) {
	for _, declaration := range f.AST.Decls {
		function := ""
		if declared, ok := declaration.(*ast.FuncDecl); ok {
			function = declared.Name.Name
		}
		ast.Inspect(declaration, func(n ast.Node) bool {
			if n == nil {
				return false
			}
			if what := breaks(f, n); what != "" {
				all = append(all, breach{f.At(n), function, what})
			}
			return true
		})
	}
	return all
}

// called is what a call calls, as it is written: os.Create; "" for others.
func called(n ast.Node) (name string, arguments []ast.Expr) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	return written(call.Fun), call.Args
}

// written is a name behind a name: os.Create.
func written(e ast.Expr) string {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + selector.Sel.Name
}

func unboundedClient(_ file, n ast.Node) string {
	switch name, arguments := called(n); name {
	case "http.Get", "http.Post", "http.PostForm", "http.Head":
		return name + " waits for ever; take a client with a Timeout"
	case "http.ListenAndServe", "http.ListenAndServeTLS", "http.Serve", "http.ServeTLS":
		return name + " lets slow clients stay; take guard.Server"
	default:
		if name == "" && len(arguments) == 1 && (written(arguments[0]) == "http.Client" || written(arguments[0]) == "http.Server") {
			return "new(" + written(arguments[0]) + ") has no time-outs"
		}
	}
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if written(n) == "http.DefaultClient" {
			return "http.DefaultClient waits for ever; take a client with a Timeout"
		}
	case *ast.ValueSpec:
		if name := written(n.Type); name == "http.Client" || name == "http.Server" {
			return "a " + name + " without time-outs"
		}
	case *ast.CompositeLit:
		needs := map[string]string{"http.Client": "Timeout", "http.Server": "ReadHeaderTimeout"}[written(n.Type)]
		if needs != "" && !sets(n, needs) {
			return written(n.Type) + " without " + needs
		}
	}
	return ""
}

// sets tells whether a literal gives a field something that isn't zero.
func sets(literal *ast.CompositeLit, field string) bool {
	return slices.ContainsFunc(literal.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, ok := pair.Key.(*ast.Ident)
		zero, isLiteral := pair.Value.(*ast.BasicLit)
		return ok && key.Name == field && (!isLiteral || zero.Value != "0")
	})
}

// unboundedRead finds readers of whatever comes: io.ReadAll of anything but a bounded
// reader, and what else reads a Body to its end.
func unboundedRead(_ file, n ast.Node) string {
	name, arguments := called(n)
	switch name {
	case "io.ReadAll", "ioutil.ReadAll":
		if inner, _ := called(arguments[0]); inner == "io.LimitReader" || inner == "http.MaxBytesReader" {
			return ""
		}
		return name + " without io.LimitReader or http.MaxBytesReader"
	case "io.Copy", "io.CopyBuffer":
		if inner, _ := called(arguments[1]); inner == "io.LimitReader" || inner == "http.MaxBytesReader" {
			return ""
		}
		return name + " without io.LimitReader or http.MaxBytesReader"
	}
	if name == "" || name == "bytes.NewReader" || len(arguments) == 0 {
		return "" // bytes are there already
	}
	if selector, ok := arguments[0].(*ast.SelectorExpr); ok && selector.Sel.Name == "Body" &&
		(strings.HasSuffix(name, ".NewDecoder") || strings.HasSuffix(name, ".NewReader") || strings.HasSuffix(name, ".NewScanner") || strings.HasSuffix(name, ".ReadFrom")) {
		return name + " of a body without io.LimitReader or http.MaxBytesReader"
	}
	return ""
}

// openFile finds files and folders that others may read. os.CreateTemp and os.MkdirTemp
// make them for their owner only.
func openFile(_ file, n ast.Node) string {
	name, arguments := called(n)
	switch name {
	case "os.Create":
		return "os.Create makes files that others may read; take os.OpenFile with 0o600"
	case "os.WriteFile", "ioutil.WriteFile", "os.OpenFile", "os.Mkdir", "os.MkdirAll", "os.Chmod":
	default:
		return ""
	}
	mode, ok := arguments[len(arguments)-1].(*ast.BasicLit)
	if !ok || mode.Value != "0o600" && mode.Value != "0o700" {
		return name + " with a mode that isn't written 0o600 or 0o700"
	}
	return ""
}
