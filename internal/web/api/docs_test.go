package api_test

import (
	"encoding/json"
	"html"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/webhook"
)

func TestThePageTellsOfEveryOperationAndEvent(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	page := s.must(200, "GET", "/api/docs", "", "Authorization", "").text
	for _, o := range s.operations() {
		if !strings.Contains(page, `id="`+o.id+`"`) {
			t.Errorf("the page lacks %s %s", o.method, o.path)
		}
	}
	for _, event := range append(webhook.Types(), webhook.Test) {
		if !strings.Contains(page, "<code>"+string(event)+"</code></h3>") {
			t.Errorf("the page lacks the event %s", event)
		}
	}
	if regexp.MustCompile(`<script[^>]*>[^<]|<style| style=| on[a-z]+=`).MatchString(page) {
		t.Error("the page has a script or a style inside, which its policy forbids")
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[id[1]] {
			t.Errorf("two parts of the page are called %s", id[1])
		}
		ids[id[1]] = true
	}
	for _, href := range regexp.MustCompile(` href="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if name, inside := strings.CutPrefix(html.UnescapeString(href[1]), "#"); inside && !ids[name] {
			t.Errorf("%s leads nowhere", href[1])
		} else if strings.Contains(href[1], ".md") {
			t.Errorf("%s is no page of the server", href[1])
		}
	}
}

// Examples lead to the server that shows them.
func TestExamplesNameThisServer(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, path := range []string{"/api/docs", "/openapi.json"} {
		text := s.must(200, "GET", path, "").text
		if !strings.Contains(text, "https://pay.example/acme/early-bird") || strings.Contains(text, "pay.example.com") {
			t.Errorf("%s does not name https://pay.example", path)
		}
	}
}

func TestExamplesAreAsTheDocumentSays(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	text := s.must(200, "GET", "/openapi.json", "").text
	document, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	check := func(what string, content openapi3.Content, required bool) {
		t.Helper()
		media := content.Get("application/json")
		if media == nil {
			return
		}
		if media.Example == nil {
			if required {
				t.Errorf("%s has no example", what)
			}
			return
		}
		judged++
		if err := media.Schema.Value.VisitJSON(media.Example); err != nil {
			t.Errorf("the example of %s is not as the document says: %v", what, err)
		}
	}
	for path, item := range document.Paths.Map() {
		for method, o := range item.Operations() {
			if o.RequestBody != nil {
				check(method+" "+path, o.RequestBody.Value.Content, o.RequestBody.Value.Required)
			}
			for status, r := range o.Responses.Map() {
				if code, _ := strconv.Atoi(status); code >= 200 && code < 300 {
					check(status+" of "+method+" "+path, r.Value.Content, true)
				}
			}
		}
	}
	if judged < 60 {
		t.Errorf("only %d examples were judged", judged)
	}
}

// The events of the document are those that endpoints can ask for.
func TestEveryEventIsInTheDocument(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	type ref struct {
		Ref string `json:"$ref"`
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties    map[string]ref
				Discriminator struct{ Mapping map[string]string }
			}
		}
		Webhooks map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct {
						Schema  ref
						Example map[string]json.RawMessage
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(s.must(200, "GET", "/openapi.json", "").text), &document); err != nil {
		t.Fatal(err)
	}
	types := append(webhook.Types(), webhook.Test)
	if len(document.Webhooks) != len(types) {
		t.Errorf("%d events are in the document, want %d", len(document.Webhooks), len(types))
	}
	for _, event := range types {
		content := document.Webhooks[string(event)].Post.RequestBody.Content["application/json"]
		schema := document.Components.Schemas[path.Base(content.Schema.Ref)]
		if schema.Properties["data"].Ref == "" && event != webhook.Test {
			t.Errorf("the document does not say what the data of %s is", event)
		}
		if document.Components.Schemas["Event"].Discriminator.Mapping[string(event)] != content.Schema.Ref {
			t.Errorf("Event can't be %s", event)
		}
		// A message that reached a phone needs a gateway that says so.
		if content.Example == nil && !slices.Contains([]webhook.Type{webhook.DeliveryDelivered, webhook.DeliveryFailed}, event) {
			t.Errorf("%s has no example", event)
		}
	}
}
