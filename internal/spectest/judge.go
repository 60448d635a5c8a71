package spectest

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// request tells what the document has against a request.
func (d *document) request(r *http.Request, body []byte) (wrong []string) {
	o := d.find(r)
	if o.at == "" {
		return []string{"there is no such operation"}
	}
	wrong = d.parameters(o, r)
	has, at := d.at(o.at + "/requestBody")
	switch {
	case has == nil && len(body) > 0:
		return append(wrong, "there is no body")
	case len(body) == 0 && (has == nil || has["required"] != true):
		return wrong
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	content := child(child(has, "content"), kind)
	if content == nil {
		return append(wrong, "there is no body of "+kind)
	}
	at += "/content/" + escape(kind) + "/schema"
	value, err := d.read(kind, at, body)
	if err != nil {
		return append(wrong, err.Error())
	}
	return slices.Concat(wrong, d.check(requests, at, value), d.undeclared(at, "", value, true))
}

// answer tells what the document has against an answer.
func (d *document) answer(r *http.Request, status int, header http.Header, body []byte) []string {
	o := d.find(r)
	if o.at == "" {
		return nil // it was said of the request
	}
	has, at := d.at(o.at + "/responses/" + strconv.Itoa(status))
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case has == nil && status >= http.StatusBadRequest:
		at = d.rules.failure
	case has == nil:
		return []string{"there is no such status"}
	case child(has, "content") == nil && len(body) == 0:
		return nil
	case child(child(has, "content"), kind) == nil:
		return []string{"there is no answer of " + kind}
	default:
		at += "/content/" + escape(kind) + "/schema"
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	return slices.Concat(d.check(answers, at, value), d.undeclared(at, "", value, false), d.embedded(value))
}

// parameters looks at those in the path and in the query.
func (d *document) parameters(o operation, r *http.Request) (wrong []string) {
	query, known, inPath := r.URL.Query(), []string{}, o.inPath(r)
	for _, owner := range []string{strings.TrimSuffix(o.at, "/"+strings.ToLower(o.method)), o.at} {
		holder, _ := d.at(owner)
		list, _ := holder["parameters"].([]any)
		for i := range list {
			p, at := d.within(owner+"/parameters", list[i], i)
			name, _ := p["name"].(string)
			switch p["in"] {
			case "path":
				wrong = append(wrong, about(name, d.check(requests, at+"/schema", inPath[name]))...)
			case "query":
				mine, bad := d.parameter(name, at, query)
				known, wrong = append(known, mine...), append(wrong, bad...)
			}
		}
	}
	for name := range query {
		if !slices.Contains(known, name) {
			wrong = append(wrong, "there is no query parameter "+name)
		}
	}
	return wrong
}

// parameter looks at one of the query; known are the keys that are it.
func (d *document) parameter(name, at string, query url.Values) (known, wrong []string) {
	members := map[string]any{} // of an object: name[member]
	for key, values := range query {
		inner, is := strings.CutPrefix(key, name+"[")
		if is && strings.HasSuffix(inner, "]") {
			known, members[strings.TrimSuffix(inner, "]")] = append(known, key), values[0]
		}
		if key != name {
			continue
		}
		known = append(known, key)
		if allowed, is := d.rules.lists[name]; is {
			for one := range strings.SplitSeq(values[0], ",") {
				if !slices.Contains(allowed, one) {
					wrong = append(wrong, name+" has no value "+one)
				}
			}
			continue
		}
		wrong = append(wrong, about(name, d.check(requests, at+"/schema", d.typed(at+"/schema", values[0])))...)
	}
	if len(members) > 0 {
		wrong = append(wrong, about(name, slices.Concat(d.check(requests, at+"/schema", members), d.undeclared(at+"/schema", "", members, true)))...)
	}
	return known, wrong
}

// within is an item of a list, which may be a reference.
func (d *document) within(list string, item any, i int) (map[string]any, string) {
	object, _ := item.(map[string]any)
	if ref, is := object["$ref"].(string); is {
		return d.at(strings.TrimPrefix(ref, "#"))
	}
	return object, fmt.Sprintf("%s/%d", list, i)
}

func about(name string, wrong []string) []string {
	for i := range wrong {
		wrong[i] = name + ": " + wrong[i]
	}
	return wrong
}

// read is a body as the document's schemas see it.
func (d *document) read(kind, at string, body []byte) (any, error) {
	if kind != "application/x-www-form-urlencoded" {
		return jsonschema.UnmarshalJSON(bytes.NewReader(body))
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	value := map[string]any{}
	for name, values := range form {
		value[name] = d.typed(at+"/properties/"+escape(name), values[0])
	}
	return value, nil
}

// typed is a text as what its schema wants.
func (d *document) typed(at, text string) any {
	schema, _ := d.at(at)
	kinds, _ := schema["type"].([]any)
	kinds = append(kinds, schema["type"])
	for _, kind := range kinds {
		if kind == "integer" || kind == "number" || kind == "boolean" {
			if value, err := jsonschema.UnmarshalJSON(strings.NewReader(text)); err == nil {
				return value
			}
		}
	}
	return text
}
