package api

import (
	"smartlinks/internal/web/api/frame"

	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/address"
	"smartlinks/internal/webhook"
)

//go:embed examples.json
var examplesText string

// examples are what the API was asked and answered in a test, which keeps them true.
type examples struct {
	Operations map[string]example
	Events     map[webhook.Type]json.RawMessage
}

// example is what an operation was asked, and its answer of success.
type example struct {
	Path    string // with the query
	Request json.RawMessage
	Status  int
	Answer  json.RawMessage
}

// mustExamples are the examples of a server at this address. It panics when the
// embedded file can't be read, which no test would let through.
func mustExamples(addresses address.Book) (e examples) {
	text := strings.ReplaceAll(examplesText, "https://pay.example/", addresses.Origin()+"/")
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		panic(fmt.Errorf("api: read examples.json: %w", err))
	}
	return e
}

// show puts the examples into the document.
func (e examples) show(document *huma.OpenAPI) {
	for _, d := range operations(document) {
		example, known := e.Operations[d.OperationID]
		if !known {
			continue // the test of the examples asks for it
		}
		if d.RequestBody != nil && example.Request != nil {
			d.RequestBody.Content["application/json"].Example = example.Request
		}
		answer := d.Responses[strconv.Itoa(example.Status)]
		if answer != nil && answer.Content["application/json"] != nil && example.Answer != nil {
			answer.Content["application/json"].Example = example.Answer
		}
	}
}

// described is an operation and where it is.
type described struct {
	Method, Path string
	*huma.Operation
}

// operations are those of the document by address.
func operations(document *huma.OpenAPI) []described {
	var all []described
	for _, path := range frame.SortedKeys(document.Paths) {
		item := document.Paths[path]
		for _, d := range []described{
			{http.MethodPost, path, item.Post}, {http.MethodGet, path, item.Get},
			{http.MethodPatch, path, item.Patch}, {http.MethodDelete, path, item.Delete},
		} {
			if d.Operation != nil {
				all = append(all, d)
			}
		}
	}
	return all
}
