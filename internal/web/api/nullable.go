package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// sayNull adds to the document that objects of answers may be null: those that are
// pointers and always sent. huma says so of plain values alone, because a
// reference can't carry it.
func sayNull(document *huma.OpenAPI) {
	schemas := document.Components.Schemas
	for name, s := range schemas.Map() {
		for _, f := range reflect.VisibleFields(schemas.TypeFromRef("#/components/schemas/" + name)) {
			tag := f.Tag.Get("json")
			key, options, _ := strings.Cut(tag, ",")
			p := s.Properties[key]
			if p == nil || p.Ref == "" || f.Type.Kind() != reflect.Pointer || options == "omitempty" {
				continue
			}
			s.Properties[key] = &huma.Schema{Description: p.Description, OneOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}}
		}
	}
}
