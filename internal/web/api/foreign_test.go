package api_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// naming are the fields and parameters that name an object; kinds says of which
// kind by the first segment of its path.
var naming = regexp.MustCompile(`(^|_)ids?$`)

var kinds = map[string]string{
	"product_id": "products", "customer_id": "customers", "customer_ids": "customers", "link_id": "links", "endpoint_id": "webhook-endpoints", "payment_id": "transfers", "recipient_id": "recipients", "coupon_id": "coupons",
}

// places are the paths of what names an object within a body: "deliver.customer_ids".
func places(schema *openapi3.Schema) (all []string) {
	if schema.Properties["testmode"] != nil {
		return nil // PayRequest's call, whose id is the merchant's own
	}
	if schema.Items != nil {
		for _, below := range places(schema.Items.Value) {
			all = append(all, "[]."+below)
		}
	}
	for name, property := range schema.Properties {
		if naming.MatchString(name) {
			all = append(all, name)
			continue
		}
		for _, below := range places(property.Value) {
			all = append(all, name+"."+below)
		}
	}
	slices.Sort(all)
	return all
}

// usual are values that the API takes, by the name of their field.
func usual(name string) any {
	return map[string]any{
		"name": "Made here", "email": "made@here.example", "value": "49.00", "currency": "EUR", "type": "amount", "url": "http://127.0.0.1:1/", "channels": []string{"email"}, "from": "2026-01-01", "to": "2026-12-31",
		"advance": "1h", "method": "cash", "description": "Made here", "amount": 49, "act": "assign", "since": "2026-01-01T00:00:00Z", "until": "2026-12-31T00:00:00Z",
	}[name]
}

// body holds what the schema requires, and at the place what stands for an object.
func (p *program) body(name string, schema *openapi3.Schema, place string, object func(name string) string) any {
	here, below, _ := strings.Cut(place, ".")
	switch {
	case schema.Type.Includes("array") && naming.MatchString(name):
		return []string{object(name)}
	case naming.MatchString(name):
		return object(name)
	case schema.Type.Includes("array") && schema.Items.Value.Type.Includes("object"):
		return []any{p.body("", schema.Items.Value, below, object)}
	case !schema.Type.Includes("object"):
		return usual(name)
	}
	made := map[string]any{}
	for property, s := range schema.Properties {
		switch {
		case property == here:
			made[property] = p.body(property, s.Value, below, object)
		case slices.Contains(schema.Required, property):
			made[property] = p.body(property, s.Value, "", object)
		case property == "amount" && schema.Properties["product_id"] != nil && here != "product_id":
			made[property] = map[string]any{"value": "49.00", "currency": "EUR"}
		case property == "type" && here == "product_id":
			made[property] = "product"
		case property == "channels", property == "name" && schema.Properties["product_id"] != nil:
			made[property] = usual(property)
		}
	}
	return made
}

// remindOne makes a link that reminds, and puts it and whom it reminds in front.
func (p *program) remindOne(name, path string) {
	p.t.Helper()
	_, made := p.sentLink(`{"name": "`+name+`", "email": "`+name+`@example.com"}`, `"path": "`+path+`", "deliver": ["email"], "reminders": {"frequency": "every_2_days", "max": 5}`)
	var id string
	if err := p.d.Get(p.t.Context(), &id, `SELECT id FROM recipients WHERE business_id = $1`, p.acme.ID); err != nil {
		p.t.Fatal(err)
	}
	if err := p.messages.SendDue(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	later := p.must(202, "POST", "/links/"+made.at("id")+"/send", `{"channels": ["email"], "send_at": "2026-12-01T09:00"}`).deliveries()
	_, waits := p.waits(name + "@waiting.example")
	p.ids["waiting-list"] = []string{waits}
	p.ids["batches"] = []string{p.must(202, "POST", "/links/batch", `{"name": "B", "again": true, "channels": ["email"], "send_at": "2026-12-01T09:00", "rows": [{"email": "bo@example.com", "amount": {"value": "1.00", "currency": "EUR"}}]}`).at("id")}
	p.ids["links"], p.ids["recipients"], p.ids["deliveries"] = []string{made.at("id")}, []string{id}, []string{later[0].at("id")}
}

// TestNoOperationTakesAnObjectOfAnotherBusiness walks the document for all that
// names an object in a body or in a query, and puts another business's there.
// With one's own the same request is taken, so that the refusal means something.
func TestNoOperationTakesAnObjectOfAnotherBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		own := newProgram(newSite(t, d))
		own.ids["transfers"] = []string{own.transfer("Cy")} // whose mail goes out with the reminders
		own.remindOne("Cy", "reminded")
		theirs := maps.Clone(own.ids)
		acme := own.acme.ID
		before := businesstest.Rows(t, d, acme)

		other := businesstest.Make(t, d, "other")
		own.token, own.acme = own.tokenOf(other, account.All), other
		for kind, body := range map[string]string{
			"links": strings.ReplaceAll(early, "early-bird", "other"), "products": `{"name": "Q", "price": {"value": "5.00", "currency": "EUR"}}`,
			"customers": `{"name": "Bob", "email": "bob@example.com"}`, "webhook-endpoints": `{"url": "http://127.0.0.1:1/"}`, "domains": `{"host": "pay.other.example"}`, "coupons": `{"name": "C", "percent": "10"}`,
		} {
			own.ids[kind] = []string{own.must(201, "POST", "/"+kind, body).at("id")}
		}
		own.ids["promotion-codes"] = []string{own.must(201, "POST", "/promotion-codes", `{"code": "SUMMER10", "coupon_id": "`+own.ids["coupons"][0]+`"}`).at("id")}
		own.ids["payments"], own.ids["events"] = []string{string(own.paid().ID)}, []string{own.event()}
		own.remindOne("Dee", "reminded-too")
		own.ids["statements"], own.entry, own.ids["transfers"] = own.statement("Dee")
		object := func(ids map[string][]string) func(string) string {
			return func(name string) string {
				kind, known := kinds[name]
				if !known {
					t.Fatalf("say in kinds what %s names", name)
				}
				return ids[kind][0]
			}
		}

		tried := 0
		for _, o := range own.all {
			path := o.path
			if kind := strings.Split(path, "/")[1]; strings.Contains(path, "{id}") {
				path = strings.NewReplacer("{id}", own.ids[kind][0], "{entry}", own.entry).Replace(path)
			}
			for _, parameter := range o.Parameters {
				if name := parameter.Value.Name; parameter.Value.In == "query" && naming.MatchString(name) {
					tried++
					r := own.ask(o.method, path+"?"+url.Values{name: {object(theirs)(name)}}.Encode(), "")
					if data, _ := r.json["data"].([]any); len(data) > 0 || r.StatusCode >= 500 {
						t.Errorf("%s %s?%s of another business: %d %s", o.method, o.path, name, r.StatusCode, r.text)
					}
				}
			}
			if o.RequestBody == nil || o.RequestBody.Value.Content["application/json"] == nil {
				continue
			}
			schema := o.RequestBody.Value.Content["application/json"].Schema.Value
			for _, place := range places(schema) {
				tried++
				send := func(ids map[string][]string) reply {
					text, err := json.Marshal(own.body("", schema, place, object(ids)))
					if err != nil {
						t.Fatal(err)
					}
					return own.ask(o.method, path, string(text))
				}
				if r := send(own.ids); !taken(r) {
					t.Errorf("%s %s with one's own %s: %d %s", o.method, o.path, place, r.StatusCode, r.text)
				}
				if r := send(theirs); r.StatusCode >= 500 || taken(r) {
					t.Errorf("%s %s with another business's %s: %d %s", o.method, o.path, place, r.StatusCode, r.text)
				}
			}
		}
		if tried < 8 {
			t.Errorf("only %d places name an object", tried)
		}
		for _, row := range businesstest.Rows(t, d, other.ID) {
			for kind, ids := range theirs {
				if strings.Contains(row, ids[0]) {
					t.Errorf("another business's %s is in %s", kind, row)
				}
			}
		}
		if after := businesstest.Rows(t, d, acme); !slices.Equal(before, after) {
			t.Errorf("another business changed from\n%s\nto\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	})
}

// taken reports whether a request was, or each of the rows that it is made of.
func taken(r reply) bool { return r.StatusCode < 300 && !strings.Contains(r.text, `"problem":{`) }
