package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/yaml"

	"smartlinks/internal/web/api/frame"
)

// object is a part of a document as JSON.
type object = map[string]any

// published is the document as it is served, as JSON: what huma checks requests by, with
// what huma can't say. It is a copy, so that requests are still checked, and refused, in
// our own words.
type published struct {
	json   []byte // OpenAPI 3.1
	json30 []byte // OpenAPI 3.0.3, for generators that know no newer one
}

// publishDocument makes both of the document.
func publishDocument(document *huma.OpenAPI) (p published, err error) {
	doc, err := newPublication(document)
	if err != nil {
		return p, err
	}
	doc.saySomeAreNeeded(document)
	doc.nameEvents()
	doc.referToObjects()
	doc.sayNullInEnums()
	doc.dropUnreached()
	doc.openAnswers()
	if p.json, err = json.Marshal(doc.object); err != nil {
		return p, err
	}
	doc.downgrade()
	p.json30, err = json.Marshal(doc.object)
	return p, err
}

// publication is a document on its way.
type publication struct {
	object
	schemas object
}

func newPublication(document *huma.OpenAPI) (publication, error) {
	text, err := json.Marshal(document)
	if err != nil {
		return publication{}, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var p publication
	if err := d.Decode(&p.object); err != nil {
		return p, err
	}
	p.schemas = p.object["components"].(object)["schemas"].(object)
	return p, nil
}

const schemaPrefix = "#/components/schemas/"

func ref(name string) object { return object{"$ref": schemaPrefix + name} }

// nameOfRef is the name that a schema refers to, "" for any other.
func nameOfRef(schema any) string {
	o, _ := schema.(object)
	to, _ := o["$ref"].(string)
	return strings.TrimPrefix(to, schemaPrefix)
}

// saySomeAreNeeded marks what a request must hold. One type of ours is read by POST
// and by PATCH, which needs nothing: the one for POST gets a schema of its own.
func (p publication) saySomeAreNeeded(document *huma.OpenAPI) {
	for _, d := range operations(document) {
		o, ours := frame.OperationOf(d.Operation)
		if !ours || len(o.Needs) == 0 {
			continue
		}
		content := p.object["paths"].(object)[d.Path].(object)[strings.ToLower(d.Method)].(object)["requestBody"].(object)["content"].(object)["application/json"].(object)
		from := nameOfRef(content["schema"])
		name := "New" + strings.TrimPrefix(from, "New")
		whole := maps.Clone(p.schemas[from].(object))
		properties := maps.Clone(whole["properties"].(object))
		for _, needed := range o.Needs {
			property := maps.Clone(properties[needed].(object))
			if types, several := property["type"].([]any); several {
				property["type"] = withoutNull(types)[0]
			}
			properties[needed] = property
		}
		whole["properties"], whole["required"] = properties, o.Needs
		p.schemas[name], content["schema"] = whole, ref(name)
	}
}

func withoutNull(types []any) []any {
	return slices.DeleteFunc(slices.Clone(types), func(t any) bool { return t == "null" })
}

// nameEvents gives each event a schema of its own, and Event for any of them, told
// apart by its type: a program that has verified a message reads it as that. Lists of
// events hold it too, so that generators which know no webhooks keep the schemas.
func (p publication) nameEvents() {
	var all []any
	mapping := object{}
	for _, kind := range eventTypes {
		body := p.object["webhooks"].(object)[string(kind.Type)].(object)["post"].(object)["requestBody"].(object)["content"].(object)["application/json"].(object)
		var name strings.Builder
		for _, word := range strings.FieldsFunc(string(kind.Type), func(c rune) bool { return c == '.' || c == '_' }) {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		name.WriteString("Event")
		p.schemas[name.String()], body["schema"] = body["schema"], ref(name.String())
		all, mapping[string(kind.Type)] = append(all, ref(name.String())), schemaPrefix+name.String()
	}
	p.schemas["Event"] = object{
		"description": "An event as it is posted to endpoints. More types may come: answer 2xx to those that you don't know.",
		"oneOf":       all, "discriminator": object{"propertyName": "type", "mapping": mapping},
	}
	p.schemas["ListEventView"].(object)["properties"].(object)["data"].(object)["items"] = ref("Event")
}

// referToObjects leads to the schema of an object that a request may hold, or null,
// where huma has to write the object out.
func (p publication) referToObjects() {
	known := map[string]string{}
	for _, name := range frame.SortedKeys(p.schemas) {
		if s := p.schemas[name].(object); s["type"] == "object" {
			known[shapeOf(s)] = name
		}
	}
	each(p.object, func(schema object) {
		types, several := schema["type"].([]any)
		name, found := known[shapeOf(schema)]
		if !several || !slices.Contains(types, "null") || !found {
			return
		}
		described := schema["description"]
		clear(schema)
		if schema["oneOf"] = []any{ref(name), object{"type": "null"}}; described != nil {
			schema["description"] = described
		}
	})
}

// shapeOf is the same for objects with the same members.
func shapeOf(schema object) string {
	text, err := json.Marshal([]any{schema["properties"], schema["required"]})
	if err != nil || schema["properties"] == nil {
		return "none"
	}
	return string(text)
}

// sayNullInEnums lets values that may be null be null where they are listed: a list
// excludes what it does not hold, whatever the type says (JSON Schema 2020-12,
// validation, 6.1.2). No parameter of an address is null.
func (p publication) sayNullInEnums() {
	each(p.object, func(o object) {
		if parameter, is := o["schema"].(object); is && o["in"] != nil {
			if types, several := parameter["type"].([]any); several {
				parameter["type"] = withoutNull(types)[0]
			}
		}
	})
	each(p.object, func(schema object) {
		types, several := schema["type"].([]any)
		values, listed := schema["enum"].([]any)
		if several && listed && slices.Contains(types, "null") && !slices.Contains(values, nil) {
			schema["enum"] = append(slices.Clone(values), nil)
		}
	})
}

// dropUnreached leaves out schemas that nothing leads to.
func (p publication) dropUnreached() {
	reached := map[string]bool{}
	for part, value := range p.object {
		if part != "components" {
			p.reach(value, reached)
		}
	}
	maps.DeleteFunc(p.schemas, func(name string, _ any) bool { return !reached[name] })
}

// reach notes the schemas that the part of the document leads to.
func (p publication) reach(part any, reached map[string]bool) {
	each(part, func(o object) {
		name := nameOfRef(o)
		if name == "" || reached[name] || p.schemas[name] == nil {
			return
		}
		reached[name] = true
		p.reach(p.schemas[name], reached)
	})
}

// openAnswers takes "nothing else" from what only answers and events hold: more
// members may come. Requests with members that we don't know are refused.
func (p publication) openAnswers() {
	asked := map[string]bool{}
	each(p.object["paths"], func(o object) {
		if body, is := o["requestBody"].(object); is {
			p.reach(body, asked)
		}
	})
	for name, schema := range p.schemas {
		if !asked[name] {
			each(schema, func(o object) {
				if o["additionalProperties"] == false {
					delete(o, "additionalProperties")
				}
			})
		}
	}
}

// each calls do with every object of a part of a document, but those of examples.
func each(part any, do func(o object)) {
	switch part := part.(type) {
	case object:
		do(part)
		for name, value := range part {
			if name != "example" && name != "examples" && name != "enum" {
				each(value, do)
			}
		}
	case []any:
		for _, value := range part {
			each(value, do)
		}
	}
}

// downgrade makes the document one of OpenAPI 3.0.3, which knows no type null, no
// members beside $ref, no webhooks and no contentMediaType; the schemas of these stay.
func (p publication) downgrade() {
	p.object["openapi"] = "3.0.3"
	delete(p.object, "webhooks")
	each(p.object, func(o object) {
		if types, several := o["type"].([]any); several {
			o["type"], o["nullable"] = withoutNull(types)[0], slices.Contains(types, "null")
		}
		if either, is := o["oneOf"].([]any); is && len(either) == 2 && nameOfRef(either[0]) != "" && nameOfRef(either[1]) == "" {
			delete(o, "oneOf")
			o["allOf"], o["nullable"] = either[:1], true
		}
		if to := o["$ref"]; to != nil && len(o) > 1 {
			delete(o, "$ref")
			o["allOf"] = []any{object{"$ref": to}}
		}
		delete(o, "contentMediaType") // format says that it is a file
		if examples, several := o["examples"].([]any); several && len(examples) > 0 {
			delete(o, "examples")
			o["example"] = examples[0]
		}
	})
}

// servePublished answers with the forms of the document at the addresses that huma
// would have. Each is made when it is first asked for: together they took a third of the
// time that a server takes to start.
func servePublished(mux *http.ServeMux, document *huma.OpenAPI, log *slog.Logger) {
	made := sync.OnceValues(func() (published, error) { return publishDocument(document) })
	of := func(version func(published) []byte) func() ([]byte, error) {
		return func() ([]byte, error) {
			p, err := made()
			return version(p), err
		}
	}
	newest, older := of(func(p published) []byte { return p.json }), of(func(p published) []byte { return p.json30 })
	for ending, form := range map[string]func() ([]byte, error){".json": newest, ".yaml": asYAML(newest), "-3.0.json": older, "-3.0.yaml": asYAML(older)} {
		kind := "application/openapi+" + ending[len(ending)-4:]
		mux.HandleFunc("GET "+frame.Prefix+"/openapi"+ending, func(w http.ResponseWriter, r *http.Request) {
			text, err := form()
			if err != nil { // no test would let it through
				log.ErrorContext(r.Context(), "the document of the API can't be made", "error", err)
				http.Error(w, "The document can't be made; the log of the server says why.", http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", kind)
			// The reader is gone when this fails, and nothing is left to do.
			_, _ = w.Write(text)
		})
	}
}

// asYAML is a form of the document that is JSON, as YAML, made once.
func asYAML(form func() ([]byte, error)) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) {
		text, err := form()
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = yaml.Convert(&out, bytes.NewReader(text))
		return out.Bytes(), err
	})
}

// selfDescribing tells programs with every answer where the API is described, for them and
// for people (RFC 8631).
func selfDescribing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Link", `<`+frame.Prefix+`/openapi.json>; rel="service-desc"; type="application/openapi+json"`)
		w.Header().Add("Link", `</api/docs>; rel="service-doc"; type="text/html"`)
		next.ServeHTTP(w, r)
	})
}
