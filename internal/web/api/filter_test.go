package api_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// told is how many a list answers, and for figures how many intervals with some.
func (r reply) told() (n int) {
	data, _ := r.json["data"].([]any)
	for _, row := range data {
		if payments, figures := row.(map[string]any)["payments"]; !figures || payments != json.Number("0") {
			n++
		}
	}
	return n
}

// Every list is asked that has such a parameter, also those of operations to come.
func TestListsReadTimesAndWordsAlikeOnBothDatabases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newProgram(newSite(t, d))
		asked := map[string]int{}
		for _, o := range p.all {
			if o.method != "GET" {
				continue
			}
			path := o.path
			if ids := p.ids[strings.Split(o.path, "/")[1]]; len(ids) > 0 {
				path = strings.NewReplacer("{id}", ids[0], "{entry}", p.entry).Replace(o.path)
			}
			ask := func(status int, name, value string) reply {
				return p.must(status, "GET", path+"?"+url.Values{name: {value}}.Encode(), "")
			}
			for _, parameter := range o.Parameters {
				name, day := parameter.Value.Name, parameter.Value.Schema.Value.Format == "date"
				asked[name]++
				all := p.must(200, "GET", path, "").told()
				switch name {
				case "q":
					for value, want := range map[string]int{"": all, "  ": all, "\t\u00a0": all, "\x00": 0, "a\x00": 0, "\xff": 0} {
						if got := ask(200, name, value).told(); got != want {
							t.Errorf("%s?q=%q: %d rows, want %d", path, value, got, want)
						}
					}
				case "from":
					for _, value := range []string{"1970-01-01", "1969-07-20", "1900-01-01T00:00:00Z", "0002-01-01"} {
						if day {
							value, _, _ = strings.Cut(value, "T")
						}
						if got := ask(200, name, value).told(); got != all {
							t.Errorf("%s?from=%s: %d rows, want %d", path, value, got, all)
						}
					}
				case "to":
					if got := p.must(200, "GET", path+"?from=1900-01-01&to=1960-01-01", "").told(); got != 0 {
						t.Errorf("%s until 1960: %d rows", path, got)
					}
				}
				if name != "from" && name != "to" {
					continue
				}
				for _, value := range []string{"0001-01-01T00:00:00Z", "0001-01-01", "0000-01-01", "0000-00-00", "9999-12-31T23:59:59-01:00", "yesterday", "1e9"} {
					if r := ask(422, name, value); !slices.Equal(r.locations(), []string{"query." + name}) {
						t.Errorf("%s?%s=%s: %s", path, name, value, r.text)
					}
				}
			}
		}
		if asked["q"] < 5 || asked["from"] < 3 || asked["from"] != asked["to"] {
			t.Errorf("tried: %v", asked)
		}
		for _, id := range p.ids["webhook-endpoints"] {
			for _, from := range []string{"", "0001-01-01T00:00:00Z"} {
				p.must(422, "POST", "/webhook-endpoints/"+id+"/redeliver", `{"from": "`+from+`"}`)
			}
		}
		for _, name := range []string{"starts_at", "ends_at"} {
			body := `{"name": "A", "type": "amount", "amount": {"value": "1.00", "currency": "EUR"}, "` + name + `": "0001-01-01T00:00:00Z"}`
			if r := p.must(422, "POST", "/links", body); !slices.Equal(r.locations(), []string{"body." + name}) {
				t.Error(r.text)
			}
		}
	})
}
