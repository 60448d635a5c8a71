package spectest

import (
	"fmt"
	"strings"
)

// undeclared tells the members that the document doesn't have: a schema takes any, but
// a misspelt one does nothing at the other end. Requests have no member that is only
// read.
func (d *document) undeclared(at, path string, value any, request bool) (wrong []string) {
	places := d.alternatives(at, map[string]bool{})
	switch value := value.(type) {
	case []any:
		for i, one := range value {
			for _, place := range places {
				if schema, where := d.at(place); schema["items"] != nil {
					wrong = append(wrong, d.undeclared(where+"/items", fmt.Sprintf("%s/%d", path, i), one, request)...)
					break
				}
			}
		}
	case map[string]any:
		declared, closed := map[string]string{}, false
		for _, place := range places {
			schema, where := d.at(place)
			if schema["additionalProperties"] != nil && schema["additionalProperties"] != false {
				return nil
			}
			for name := range child(schema, "properties") {
				declared[name], closed = where+"/properties/"+escape(name), true
			}
		}
		for name, inner := range value {
			where, is := declared[name]
			switch {
			case !closed, name == "_embedded" && len(d.rules.embedded) > 0 && !is:
			case !is:
				wrong = append(wrong, "there is no member "+path+"/"+name)
			default:
				if schema, _ := d.at(where); request && d.readOnly(schema) {
					wrong = append(wrong, "the member "+path+"/"+name+" is only read")
				}
				wrong = append(wrong, d.undeclared(where, path+"/"+name, inner, request)...)
			}
		}
	}
	return wrong
}

// alternatives are all schemas that a value of the one at the pointer may follow.
func (d *document) alternatives(at string, seen map[string]bool) (all []string) {
	if seen[at] {
		return nil
	}
	seen[at] = true
	schema, where := d.at(at)
	all = []string{where}
	if ref, is := schema["$ref"].(string); is {
		all = append(all, d.alternatives(strings.TrimPrefix(ref, "#"), seen)...)
	}
	for _, word := range []string{"allOf", "oneOf", "anyOf"} {
		list, _ := schema[word].([]any)
		for i := range list {
			_, place := d.within(where+"/"+word, list[i], i)
			all = append(all, d.alternatives(place, seen)...)
		}
	}
	return all
}

// embedded looks at what an answer embeds beyond its schema.
func (d *document) embedded(value any) (wrong []string) {
	object, _ := value.(map[string]any)
	for name, list := range child(object, "_embedded") {
		if where := d.rules.embedded[name]; where != "" {
			items, _ := list.([]any)
			for i, one := range items {
				wrong = append(wrong, about(fmt.Sprintf("_embedded/%s/%d", name, i), append(d.check(answers, where, one), d.undeclared(where, "", one, false)...))...)
			}
		}
	}
	return wrong
}
