package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// program sends what the document allows, and what it doesn't.
type program struct {
	*site
	document *openapi3.T
	all      []call
	ids      map[string][]string // by the first segment of their path
	entry    string              // of the statement
}

// call is an operation of the document.
type call struct {
	method, path string
	*openapi3.Operation
}

func newProgram(s *site) *program {
	s.t.Helper()
	p := &program{site: s, ids: map[string][]string{}}
	var err error
	if p.document, err = openapi3.NewLoader().LoadFromData([]byte(s.must(200, "GET", "/openapi.json", "").text)); err != nil {
		s.t.Fatal(err)
	}
	for path, item := range p.document.Paths.Map() {
		for method, o := range item.Operations() {
			p.all = append(p.all, call{method, path, o})
		}
	}
	slices.SortFunc(p.all, func(a, b call) int { return strings.Compare(a.method+a.path, b.method+b.path) })
	for kind, body := range map[string]string{
		"links": early, "products": `{"name": "P", "price": {"value": "5.00", "currency": "EUR"}}`, "customers": `{"name": "Ann", "email": "ann@example.com"}`,
		"tags": `{"name": "VIP"}`, "webhook-endpoints": `{"url": "http://127.0.0.1:1/"}`, "domains": `{"host": "pay.acme.example"}`, "coupons": `{"name": "C", "percent": "10"}`,
	} {
		p.ids[kind] = []string{s.must(201, "POST", "/"+kind, body).at("id")}
	}
	p.ids["promotion-codes"] = []string{s.must(201, "POST", "/promotion-codes", `{"code": "SUMMER10", "coupon_id": "`+p.ids["coupons"][0]+`"}`).at("id")}
	p.ids["payments"] = []string{string(s.paid().ID), string(s.pay().ID)}
	p.ids["events"] = []string{s.event()}
	_, waits := s.waits("mara@example.com")
	p.ids["waiting-list"] = []string{waits}
	p.ids["statements"], p.entry, _ = s.statement("Ann")
	p.ids["batches"] = []string{s.must(202, "POST", "/links/batch", `{"name": "B", "channels": ["email"], "send_at": "2026-12-01T09:00", "rows": [{"email": "bo@example.com", "amount": {"value": "1.00", "currency": "EUR"}}]}`).at("id")}
	p.ids["deliveries"] = []string{s.must(202, "POST", "/links/"+p.ids["links"][0]+"/send", `{"channels": ["email"], "customer_id": "`+p.ids["customers"][0]+`", "send_at": "2026-12-01T09:00"}`).deliveries()[0].at("id")}
	return p
}

// words are what strings are drawn from: what the API knows, and what it should
// refuse.
func (p *program) words() []string {
	words := []string{
		"", "x", "Summer Sale", "summer-sale", "49.00", "-1", "0", "1e3", "99999999999999999999.00", "EUR", "JPY", "XXQ", "eur", "amount", "product", "once", "multiple", "email", "sms",
		"daily", "ann@example.com", "nobody", "+31612345678", "2026-02-18", "2026-02-18T09:42:00Z", "9999-12-31T23:59:59Z", "0000-00-00", "48h", "-1h", "nl", "VIP",
		"https://example.com/thanks", "javascript:alert(1)", "http://127.0.0.1:1/", "http://[::1]:1/", "\u0000", "a\nb", "\u202e", "日本", "%00", "../..", strings.Repeat("x", 3000),
	}
	for _, kind := range []string{"links", "products", "customers", "tags", "payments", "events", "webhook-endpoints", "domains", "coupons"} {
		words = append(words, p.ids[kind][len(p.ids[kind])-1])
	}
	return words
}

// value draws what the schema describes, and sometimes anything else.
func (p *program) value(t *rapid.T, schema *openapi3.Schema, depth int) any {
	kinds := []string{"string"}
	if schema.Type != nil {
		kinds = schema.Type.Slice()
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	if rapid.IntRange(0, 11).Draw(t, "odd") == 0 {
		return rapid.SampledFrom([]any{nil, true, "x", -1, 1.5, json.Number("1e400"), []any{}, []any{nil}, map[string]any{}, map[string]any{"a": 1}}).Draw(t, "anything")
	}
	if len(schema.Enum) > 0 {
		return rapid.SampledFrom(schema.Enum).Draw(t, "one of")
	}
	switch kind {
	case "null":
		return nil
	case "boolean":
		return rapid.Bool().Draw(t, "bool")
	case "integer", "number":
		return rapid.SampledFrom([]any{-1, 0, 1, 7, 49.00, 1000, 1001, 1 << 53, 0.001}).Draw(t, "number")
	case "array":
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, p.value(t, schema.Items.Value, depth+1))
		}
		return list
	case "object":
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			if slices.Contains(schema.Required, name) || depth < 6 && rapid.IntRange(0, 2).Draw(t, "given") > 0 {
				object[name] = p.value(t, schema.Properties[name].Value, depth+1)
			}
		}
		return object
	}
	return rapid.SampledFrom(p.words()).Draw(t, "word")
}

// send makes a request of the operation, and returns the answer.
func (p *program) send(t *rapid.T, o call) reply {
	kind := strings.Split(o.path, "/")[1]
	path := o.path
	if strings.Contains(path, "{id}") {
		known := append(slices.Clone(p.ids[kind]), "x", "lnk_00000000000000000000000000", "%2F", "%00", strings.Repeat("9", 300))
		path = strings.ReplaceAll(path, "{id}", rapid.SampledFrom(known).Draw(t, "id"))
	}
	path = strings.NewReplacer("{action}", "pause", "{entry}", p.entry, "{", "", "}", "").Replace(path)
	query, header := url.Values{}, []string{}
	for _, parameter := range o.Parameters {
		if parameter.Value.In == "path" || rapid.IntRange(0, 3).Draw(t, "sent") > 0 {
			continue
		}
		text, _ := json.Marshal(p.value(t, parameter.Value.Schema.Value, 0))
		said := strings.Trim(string(text), `"[]`)
		switch {
		case parameter.Value.In == "query":
			query.Add(parameter.Value.Name, said)
		case !strings.ContainsFunc(said, func(c rune) bool { return c < ' ' || c > '~' }):
			header = append(header, parameter.Value.Name, said)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body := ""
	if o.OperationID == "change-business" {
		return p.ask(o.method, path, `{}`, header...) // the switch for PayRequest would make errors others than the document's
	}
	if o.OperationID == "create-statement" {
		header = append(header, "Content-Type", "application/octet-stream")
		body = camt(p.today(), rapid.SampledFrom(p.words()).Draw(t, "text"))
		body = body[:rapid.IntRange(0, len(body)).Draw(t, "cut off")]
	} else if o.RequestBody != nil {
		text, err := json.Marshal(p.value(t, o.RequestBody.Value.Content["application/json"].Schema.Value, 0))
		if err != nil { // a number that JSON can't write
			text = []byte(`{"a": `)
		}
		body = string(text)
	}
	t.Logf("%s %s %v %.600s", o.method, path, header, body)
	return p.ask(o.method, path, body, header...)
}

// check wants the answer to be one that the document names, shaped as it says.
func (p *program) check(t *rapid.T, o call, r reply) {
	if r.StatusCode >= 500 {
		t.Fatalf("%s %s: %d %s", o.method, o.path, r.StatusCode, r.text)
	}
	answer := o.Responses.Status(r.StatusCode)
	if answer == nil {
		answer = o.Responses.Default()
	}
	if answer == nil || r.StatusCode < 300 && o.Responses.Status(r.StatusCode) == nil {
		t.Fatalf("%s %s: the document doesn't know %d", o.method, o.path, r.StatusCode)
	}
	if len(answer.Value.Content) == 0 {
		return
	}
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	content := answer.Value.Content.Get(mediaType)
	if content == nil {
		t.Fatalf("%s %s: %d is %q, which the document doesn't know", o.method, o.path, r.StatusCode, mediaType)
	}
	var value any
	if err := json.Unmarshal([]byte(r.text), &value); err != nil {
		t.Fatal(err)
	}
	if err := content.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
		t.Fatalf("%s %s: %d is not as the document says: %v\n%s", o.method, o.path, r.StatusCode, err, r.text)
	}
}

// TestWhateverIsSentTheDocumentHolds walks the document, so that it holds for
// operations that are added later too. Some 5,000 rounds with -rapid.checks found
// nothing when this was written.
func TestWhateverIsSentTheDocumentHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newProgram(newSite(t, d))
		rapid.Check(t, func(t *rapid.T) {
			for range 5 {
				o := rapid.SampledFrom(p.all).Draw(t, "operation")
				r := p.send(t, o)
				p.check(t, o, r)
				if kind := strings.Split(o.path, "/")[1]; r.StatusCode == http.StatusCreated && o.path == "/"+kind && p.ids[kind] != nil {
					p.ids[kind] = append(p.ids[kind], r.at("id"))
				}
			}
		})
	})
}
