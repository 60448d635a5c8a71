package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"smartlinks/internal/db/dbtest"
)

// What generators of clients stumble over is not in the document, whatever is added.
func TestTheDocumentSuitsGeneratorsOfClients(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, form := range []string{"/openapi.json", "/openapi-3.0.json", "/openapi.yaml", "/openapi-3.0.yaml"} {
		served := s.must(200, "GET", form, "", "Authorization", "")
		if kind := served.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/openapi+") {
			t.Errorf("%s is %s", form, kind)
		}
		document, err := openapi3.NewLoader().LoadFromData([]byte(served.text))
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if err := document.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil && !strings.Contains(form, "3.0") {
			t.Errorf("%s: %v", form, err)
		}
		if err := document.Validate(t.Context()); err != nil && strings.Contains(form, "3.0") {
			t.Errorf("%s: %v", form, err)
		}
		for name, schema := range document.Components.Schemas {
			for member, p := range schema.Value.Properties {
				nullable := p.Value.Nullable || p.Value.Type != nil && slices.Contains(p.Value.Type.Slice(), "null")
				if len(p.Value.Enum) > 0 && nullable != slices.Contains(p.Value.Enum, nil) {
					t.Errorf("%s: %s.%s may be null: %t, but its values say otherwise", form, name, member, nullable)
				}
			}
		}
		for path, item := range document.Paths.Map() {
			for method, o := range item.Operations() {
				for _, p := range o.Parameters {
					if schema := p.Value.Schema.Value; schema.Nullable || schema.Type != nil && len(schema.Type.Slice()) != 1 {
						t.Errorf("%s: %s %s: %s may be null", form, method, path, p.Value.Name)
					}
				}
			}
		}
		for name, needed := range map[string][]string{
			"NewLinkBody": {"name"}, "NewProductBody": {"name", "price"}, "NewEndpointBody": {"url"}, "NewTagBody": {"name"}, "NewSendBody": {"channels"}, "LinkBody": nil, "ProductBody": nil,
		} {
			schema := document.Components.Schemas[name]
			if schema == nil || !slices.Equal(schema.Value.Required, needed) {
				t.Errorf("%s: %s does not need %v: %+v", form, name, needed, schema)
			}
		}
		if document.Components.Schemas["Event"] == nil || document.Components.Schemas["DeliveryObject"].Value.Properties["address"] == nil || document.Components.Schemas["TaggedObject"].Value.Properties["email"] == nil {
			t.Errorf("%s: events lack members", form)
		}
	}
}

// RFC 8631
func TestEveryAnswerLeadsToTheDocument(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, r := range []reply{s.must(200, "GET", "/links", ""), s.must(401, "GET", "/links", "", "Authorization", ""), s.must(404, "GET", "/nothing", ""), s.must(200, "GET", "/api/docs", "")} {
		if links := strings.Join(r.Header.Values("Link"), ", "); !strings.Contains(links, `</api/v1/openapi.json>; rel="service-desc"`) || !strings.Contains(links, `</api/docs>; rel="service-doc"`) {
			t.Errorf("%s: Link: %s", r.Request.URL, links)
		}
	}
}
