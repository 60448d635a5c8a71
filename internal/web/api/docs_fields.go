package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// field is a line of a body on the page.
type field struct{ Name, Type, About string }

// Fields are those of the operation's request body.
func (d described) Fields(document *huma.OpenAPI) []field {
	if d.RequestBody == nil {
		return nil
	}
	s := d.RequestBody.Content["application/json"].Schema
	return fieldsOf(document, resolve(document, s), "")
}

func fieldsOf(document *huma.OpenAPI, s *huma.Schema, before string) []field {
	var fields []field
	for _, name := range sortedKeys(s.Properties) {
		p := resolve(document, s.Properties[name])
		fields = append(fields, field{Name: before + name, Type: typeOf(p), About: cmp.Or(s.Properties[name].Description, p.Description)})
		fields = append(fields, fieldsOf(document, p, before+name+".")...)
	}
	return fields
}

func resolve(document *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref == "" {
		return s
	}
	return document.Components.Schemas.SchemaFromRef(s.Ref)
}

func typeOf(s *huma.Schema) string {
	words := []string{s.Type}
	if s.Format != "" {
		words = append(words, "("+s.Format+")")
	}
	if s.Nullable {
		words = append(words, "or null")
	}
	return strings.Join(words, " ")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
