package spectest

import (
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// document is an OpenAPI document. Its schemas are JSON Schema 2020-12, as those of
// OpenAPI 3.1 are; what 3.0 writes otherwise is brought into that form.
type document struct {
	name       string
	root       map[string]any
	operations []operation
	rules      rules

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by side and JSON pointer
}

// operation is a method of a path.
type operation struct {
	method, template string
	path             *regexp.Regexp
	at               string // JSON pointer
}

// rules are what a document leaves out or says too narrowly, and its owner's pages
// tell.
type rules struct {
	failure  string              // JSON pointer of what answers every status of 400 and above that has no schema
	lists    map[string][]string // values of query parameters that are lists, by name
	embedded map[string]string   // JSON pointers of the items of members below _embedded that answers may have
}

func load(path string) (*document, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	name := filepath.Base(path)
	root, ok := content.(map[string]any)
	version, _ := root["openapi"].(string)
	if !ok || !strings.HasPrefix(version, "3.") {
		return nil, fmt.Errorf("%s is no OpenAPI document", path)
	}
	d := &document{name: name, root: root, rules: known[name], compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	for kind, schema := range extra[name] {
		child(child(root, "components"), "schemas")[kind] = schema
	}
	if strings.HasPrefix(version, "3.0") {
		nullable(root)
	}
	enums(root)
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	d.compiler.UseRegexpEngine(expression)
	for _, f := range formats {
		d.compiler.RegisterFormat(&f)
	}
	if err := errors.Join(d.compiler.AddResource(answers+name, root), d.compiler.AddResource(requests+name, d.asked(root))); err != nil {
		return nil, err
	}
	d.operations = operations(root)
	if len(d.operations) == 0 {
		return nil, fmt.Errorf("%s has no operations", path)
	}
	return d, nil
}

// formats are those that the documents mean otherwise than JSON Schema does.
var formats = []jsonschema.Format{
	{Name: "uri", Validate: check(func(s string) error { _, err := url.Parse(s); return err })}, // Twilio's examples are relative
	{Name: "date-time-rfc-2822", Validate: check(func(s string) error { _, err := mail.ParseDate(s); return err })},
}

func check(valid func(string) error) func(any) error {
	return func(v any) error {
		if s, is := v.(string); is {
			return valid(s)
		}
		return nil
	}
}

// expression compiles a pattern. Those that look ahead are beyond Go's syntax; none of
// them is about anything that we send or read, and one that were would fail.
func expression(pattern string) (jsonschema.Regexp, error) { return regexp.Compile(pattern) }

// The document twice: what is only read is required of answers, and not of requests
// (OpenAPI 3.1, fixed fields of the Schema Object in 3.0: readOnly).
const answers, requests = "https://answers/", "https://requests/"

// schema compiles the schema at a JSON pointer, as answers or requests have it.
func (d *document) schema(side, pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := side + d.name + "#" + pointer
	if s := d.schemas[at]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile(at)
	if err == nil {
		d.schemas[at] = s
	}
	return s, err
}

// check tells what is wrong with a value.
func (d *document) check(side, pointer string, value any) []string {
	s, err := d.schema(side, pointer)
	if err != nil {
		return []string{err.Error()}
	}
	var wrong *jsonschema.ValidationError
	if err := s.Validate(value); errors.As(err, &wrong) {
		return []string{wrong.Error()}
	}
	return nil
}

// find is the operation that a request asks for; "" is none.
func (d *document) find(r *http.Request) (found operation) {
	for _, o := range d.operations {
		plain := !strings.Contains(o.template, "{")
		if o.method == r.Method && o.path.MatchString(r.URL.EscapedPath()) && (found.at == "" || plain) {
			found = o
		}
	}
	return found
}

// inPath are the values of the path's parameters, by their names.
func (o operation) inPath(r *http.Request) map[string]string {
	names, values := inBraces.FindAllStringSubmatch(o.template, -1), o.path.FindStringSubmatch(r.URL.EscapedPath())
	found := map[string]string{}
	for i, name := range names {
		found[name[1]], _ = url.PathUnescape(values[i+1])
	}
	return found
}

var inBraces = regexp.MustCompile(`\{([^}]*)\}`)

var placeholder = regexp.MustCompile(`\\\{[^/]*?\\\}`)

func operations(root map[string]any) (all []operation) {
	for template, item := range child(root, "paths") {
		path := regexp.MustCompile("^" + placeholder.ReplaceAllString(regexp.QuoteMeta(template), "([^/]+?)") + "$")
		for method := range item.(map[string]any) {
			switch method {
			case "get", "post", "put", "patch", "delete":
				all = append(all, operation{strings.ToUpper(method), template, path, "/paths/" + escape(template) + "/" + method})
			}
		}
	}
	return all
}

// escape is a name within a JSON pointer (RFC 6901), which is part of a URL.
func escape(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

// at is what a JSON pointer leads to, with references followed; nil is nothing.
func (d *document) at(pointer string) (found map[string]any, where string) {
	var here any = d.root
	for _, name := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		plain, err := url.PathUnescape(name)
		if err != nil {
			return nil, ""
		}
		switch whole := here.(type) {
		case map[string]any:
			here = whole[strings.NewReplacer("~1", "/", "~0", "~").Replace(plain)]
		case []any:
			i, err := strconv.Atoi(plain)
			if err != nil || i < 0 || i >= len(whole) {
				return nil, ""
			}
			here = whole[i]
		default:
			return nil, ""
		}
	}
	found, _ = here.(map[string]any)
	if ref, is := found["$ref"].(string); is && len(found) == 1 {
		return d.at(strings.TrimPrefix(ref, "#"))
	}
	return found, pointer
}

// asked is a copy of a part of the document in which nothing is required that is only
// read.
func (d *document) asked(node any) any {
	switch node := node.(type) {
	case []any:
		list := make([]any, len(node))
		for i := range node {
			list[i] = d.asked(node[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(node))
		for name, inner := range node {
			object[name] = d.asked(inner)
		}
		if required, is := node["required"].([]any); is {
			object["required"] = slices.DeleteFunc(slices.Clone(required), func(name any) bool {
				property, _ := child(node, "properties")[fmt.Sprint(name)].(map[string]any)
				return d.readOnly(property)
			})
		}
		return object
	}
	return node
}

// readOnly reports whether a property is only read.
func (d *document) readOnly(schema map[string]any) bool {
	if ref, is := schema["$ref"].(string); is && schema["readOnly"] == nil {
		schema, _ = d.at(strings.TrimPrefix(ref, "#"))
	}
	return schema["readOnly"] == true
}

// enums lets a type that may be null be null where its values are listed: documents
// forget it there, and give the reason in the type.
func enums(node any) {
	switch node := node.(type) {
	case []any:
		for _, one := range node {
			enums(one)
		}
	case map[string]any:
		for _, one := range node {
			enums(one)
		}
		kinds, _ := node["type"].([]any)
		if values, is := node["enum"].([]any); is && slices.Contains(kinds, any("null")) && !slices.Contains(values, nil) {
			node["enum"] = append(values, nil)
		}
	}
}

func child(object map[string]any, name string) map[string]any {
	inner, _ := object[name].(map[string]any)
	return inner
}

// nullable writes OpenAPI 3.0's nullable as 3.1 does.
func nullable(node any) {
	switch node := node.(type) {
	case []any:
		for _, one := range node {
			nullable(one)
		}
	case map[string]any:
		for _, one := range node {
			nullable(one)
		}
		if kind, is := node["type"].(string); is && node["nullable"] == true {
			node["type"] = []any{kind, "null"}
		}
	}
}
