package spectest

import (
	"encoding/json"
	"strconv"
	"testing"
)

// Examples are the answers of a status that a document shows for an operation, by
// their names; none when the documents are not there. A document without any fails the
// test.
func Examples(tb testing.TB, document, method, path string, status int) map[string]json.RawMessage {
	tb.Helper()
	d := open(tb, document)
	if d == nil {
		return nil
	}
	found := map[string]json.RawMessage{}
	response, at := d.at("/paths/" + escape(path) + "/" + method + "/responses/" + strconv.Itoa(status))
	for kind, content := range child(response, "content") {
		content := content.(map[string]any)
		for name := range child(content, "examples") {
			example, _ := d.at(at + "/content/" + escape(kind) + "/examples/" + escape(name))
			text, err := json.Marshal(example["value"])
			if err != nil {
				tb.Fatal(err)
			}
			found[name] = text
		}
		if content["example"] != nil {
			text, err := json.Marshal(content["example"])
			if err != nil {
				tb.Fatal(err)
			}
			found["example"] = text
		}
	}
	if len(found) == 0 {
		tb.Fatalf("%s shows no answer %d to %s %s", document, status, method, path)
	}
	return found
}

// Values are the texts that a schema of the document allows, by its JSON pointer; none
// when the documents are not there.
func Values(tb testing.TB, document, pointer string) (texts []string) {
	tb.Helper()
	d := open(tb, document)
	if d == nil {
		return nil
	}
	schema, _ := d.at(pointer)
	list, _ := schema["enum"].([]any)
	for _, value := range list {
		if text, is := value.(string); is {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		tb.Fatalf("%s has no values at %s", document, pointer)
	}
	return texts
}
