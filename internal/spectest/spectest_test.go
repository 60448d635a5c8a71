package spectest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a document with one of each thing that is looked at.
const small = `{"openapi": "3.1.0", "paths": {
	"/v2/payments": {"post": {
		"requestBody": {"content": {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/payment"}, {"required": ["amount"]}]}}}},
		"responses": {"201": {"content": {"application/hal+json": {"schema": {"$ref": "#/components/schemas/payment"}, "examples": {"one": {"value": {"amount": {"value": "1"}}}}}}}}}},
	"/v2/payments/{id}": {"parameters": [{"$ref": "#/components/parameters/id"}], "get": {
		"parameters": [{"name": "embed", "in": "query", "schema": {"type": ["string", "null"]}}, {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 250}},
			{"name": "amount", "in": "query", "style": "deepObject", "schema": {"$ref": "#/components/schemas/amount"}}],
		"responses": {"200": {"content": {"application/hal+json": {"schema": {"$ref": "#/components/schemas/payment"}}}}}}},
	"/v2/payments/me": {"get": {"responses": {"204": {}}}}
}, "components": {"parameters": {"id": {"name": "id", "in": "path", "schema": {"type": "string", "pattern": "^tr_"}}},
	"schemas": {
		"amount": {"type": "object", "required": ["value"], "properties": {"value": {"type": "string"}}},
		"payment": {"type": "object", "properties": {"amount": {"$ref": "#/components/schemas/amount"}, "status": {"readOnly": true, "enum": ["open", "paid"]},
			"lines": {"type": ["array", "null"], "items": {"type": "object", "properties": {"name": {"type": "string"}}}}, "metadata": {"additionalProperties": true, "properties": {}}}},
		"entity-refund-response": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
		"error-response": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}}}}`

func smallDocument(t *testing.T) *document {
	t.Helper()
	path := filepath.Join(t.TempDir(), Mollie)
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRequestsThatTheDocumentDoesNotHaveAreRefused(t *testing.T) {
	d := smallDocument(t)
	for _, c := range []struct{ method, url, body, want string }{
		{"POST", "/v2/payments", `{"amount": {"value": "1"}, "metadata": {"any": 1}, "lines": [{"name": "x"}]}`, ""},
		{"POST", "/v2/payments", `{}`, "missing property 'amount'"},
		{"POST", "/v2/payments", `{"amount": {"value": 1}}`, "got number, want string"},
		{"POST", "/v2/payments", `{"amount": {"value": "1", "curency": "EUR"}}`, "no member /amount/curency"},
		{"POST", "/v2/payments", `{"amount": {"value": "1"}, "lines": [{"nmae": "x"}]}`, "no member /lines/0/nmae"},
		{"POST", "/v2/payments", `{"amount": {"value": "1"}, "status": "paid"}`, "is only read"},
		{"GET", "/v2/payments/tr_1?limit=250&embed=refunds,chargebacks&amount[value]=1", "", ""},
		{"GET", "/v2/payments/tr_1?amount[valeu]=1", "", "no member /valeu"},
		{"GET", "/v2/payments/tr_1?limit=251", "", "limit: "},
		{"GET", "/v2/payments/tr_1?limit=x", "", "limit: "},
		{"GET", "/v2/payments/tr_1?embed=refunds,orders", "", "embed has no value orders"},
		{"GET", "/v2/payments/tr_1?form=1", "", "no query parameter form"},
		{"GET", "/v2/payments/x_1", "", "id: "},
		{"GET", "/v2/payments/me", "", ""},
		{"GET", "/v2/payments/tr_1", "{}", "no body"},
		{"DELETE", "/v2/payments/tr_1", "", "no such operation"},
		{"GET", "/v2/nothing", "", "no such operation"},
	} {
		r := httptest.NewRequest(c.method, c.url, nil)
		r.Header.Set("Content-Type", "application/json")
		expect(t, c.method+" "+c.url+" "+c.body, d.request(r, []byte(c.body)), c.want)
	}
}

func TestAnswersThatTheDocumentDoesNotHaveAreRefused(t *testing.T) {
	d := smallDocument(t)
	for _, c := range []struct {
		status           int
		kind, body, want string
	}{
		{200, "application/hal+json", `{"status": "paid", "metadata": null}`, ""},
		{200, "application/hal+json; charset=utf-8", `{"amount": {"value": "1"}}`, ""},
		{200, "application/hal+json", `{"status": "dreaming"}`, "'open', 'paid'"},
		{200, "application/hal+json", `{"staus": "paid"}`, "no member /staus"},
		{200, "application/hal+json", `{`, "EOF"},
		{200, "text/html", `{}`, "no answer of text/html"},
		{201, "application/hal+json", `{}`, "no such status"},
		{200, "application/hal+json", `{"_embedded": {"refunds": [{"id": "re_1"}]}}`, ""},
		{200, "application/hal+json", `{"_embedded": {"refunds": [{"di": "re_1"}]}}`, "missing property 'id'"},
		{401, "application/hal+json", `{"title": "Unauthorized"}`, ""},
		{401, "application/hal+json", `{}`, "missing property 'title'"},
	} {
		r := httptest.NewRequest("GET", "/v2/payments/tr_1", nil)
		expect(t, c.body, d.answer(r, c.status, http.Header{"Content-Type": {c.kind}}, []byte(c.body)), c.want)
	}
}

func expect(t *testing.T, what string, wrong []string, want string) {
	t.Helper()
	said := strings.Join(wrong, "\n")
	if want == "" && said != "" || !strings.Contains(said, want) {
		t.Errorf("%s: %q, want %q", what, said, want)
	}
}

// A document that can't be read is not one that has nothing against us.
func TestADocumentThatCanNotBeReadIsAnError(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"half.json": `{"openapi": "3.1.0"`, "other.json": `{"swagger": "2.0"}`, "empty.json": `{"openapi": "3.1.0", "paths": {}}`, "list.json": `[]`} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"half.json", "other.json", "empty.json", "list.json", "missing.json"} {
		if _, err := load(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

// Whatever is named as the folder has the documents: a folder without them is a mistake.
func TestTheOfficialDocumentsAreRead(t *testing.T) {
	for _, name := range []string{Mollie, Twilio} {
		if d := open(t, name); d != nil && len(d.operations) < 6 {
			t.Errorf("%s has %d operations", name, len(d.operations))
		}
	}
}
