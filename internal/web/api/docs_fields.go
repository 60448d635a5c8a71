package api

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/web/api/frame"
)

// field is a line of a body on the page.
type field struct {
	Name, Type, About string
	Object            *docsObject // that it is, or holds many of
	Null, Required    bool
	Values            []string // one of these
}

// fieldReader reads the fields of schemas, in the order in which they are written.
type fieldReader struct {
	document *huma.OpenAPI
	orders   map[string][]string // by the names, sorted: a schema forgets their order
}

func newFieldReader(document *huma.OpenAPI) fieldReader {
	r := fieldReader{document, map[string][]string{}}
	for name := range document.Components.Schemas.Map() {
		var names []string
		for _, f := range reflect.VisibleFields(document.Components.Schemas.TypeFromRef("#/components/schemas/" + name)) {
			if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" {
				names = append(names, key)
			}
		}
		r.orders[orderKey(names)] = names
	}
	return r
}

func orderKey(names []string) string {
	return strings.Join(slices.Sorted(slices.Values(names)), " ")
}

// fields are those of a schema and of what is in it, as paths.
func (r fieldReader) fields(s *huma.Schema) []field {
	return r.add(nil, resolve(r.document, s), "")
}

func (r fieldReader) add(fields []field, s *huma.Schema, before string) []field {
	for _, name := range r.names(s) {
		said := s.Properties[name]
		p, object := resolve(r.document, said), objectOf(said)
		if object == nil && said.Items != nil {
			object = objectOf(said.Items)
		}
		fields = append(fields, field{
			Name: before + name, Type: typeOf(r.document, said), About: cmp.Or(said.Description, p.Description),
			Object: object, Null: said.Nullable || p.Nullable || len(said.OneOf) > 0, Required: slices.Contains(s.Required, name), Values: valuesOf(p),
		})
		switch {
		case object != nil: // told by itself
		case p.Type == huma.TypeArray && p.Items != nil:
			fields = r.inside(fields, p.Items, before+name+"[].")
		default:
			fields = r.inside(fields, p, before+name+".")
		}
	}
	return fields
}

func (r fieldReader) inside(fields []field, s *huma.Schema, before string) []field {
	if s = resolve(r.document, s); isMoney(s) { // told at the start
		return fields
	}
	return r.add(fields, s, before)
}

func (r fieldReader) names(s *huma.Schema) []string {
	sorted := frame.SortedKeys(s.Properties)
	if names, known := r.orders[strings.Join(sorted, " ")]; known {
		return names
	}
	return sorted
}

// resolve follows references, also of what may be null.
func resolve(document *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	for _, one := range s.OneOf {
		if one.Ref != "" {
			s = one
		}
	}
	if s.Ref == "" {
		return s
	}
	return document.Components.Schemas.SchemaFromRef(s.Ref)
}

func isMoney(s *huma.Schema) bool {
	return len(s.Properties) == 2 && s.Properties["value"] != nil && s.Properties["currency"] != nil
}

// typeOf is the kind of a value in a word or two; "" for an object that is told by
// itself.
func typeOf(document *huma.OpenAPI, s *huma.Schema) string {
	p := resolve(document, s)
	switch {
	case objectOf(s) != nil:
		return ""
	case isMoney(p):
		return "money"
	case p.Format == "date-time":
		return "time"
	case p.Type == huma.TypeArray && p.Items != nil:
		return "list of " + typeOf(document, p.Items)
	}
	return p.Type
}

func valuesOf(s *huma.Schema) []string {
	var all []string
	for _, v := range s.Enum {
		if v != nil {
			all = append(all, fmt.Sprint(v))
		}
	}
	if s.Items != nil {
		all = append(all, valuesOf(s.Items)...)
	}
	return all
}

// rangeOf says which numbers a parameter takes.
func rangeOf(s *huma.Schema) string {
	var said []string
	if s.Minimum != nil && s.Maximum != nil {
		said = append(said, fmt.Sprintf("%v to %v", *s.Minimum, *s.Maximum))
	}
	if s.Default != nil {
		said = append(said, fmt.Sprintf("%v when left out", s.Default))
	}
	return strings.Join(said, "; ")
}
