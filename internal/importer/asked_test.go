package importer_test

import (
	"reflect"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
)

func TestWhatALinkAsksComesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		want := checkout.Rules{
			Quantity: &checkout.Quantity{Min: 2, Max: 4}, Tip: &checkout.Tip{Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
			Questions: []checkout.Question{{Key: "size", Label: "Which \"size\"?", Type: checkout.Choice, Options: []string{"S", "M, L"}}}, Metadata: []checkout.Pair{{Name: "event", Value: "c26"}},
		}
		cell := func(line string) string { return `"` + strings.ReplaceAll(line, `"`, `""`) + `"` }
		done := w.run(t, w.read(t, importer.Links, "name,amount,path,limit,limit_counts,asked\r\n"+
			"Shirt,20,shirt,10,Units,"+cell(want.Write("EUR"))+"\r\n"+
			"Plain,20,plain,10,,\r\n"+
			"Odd,20,odd,10,people,what\r\n"+
			"Bad,20,bad,10,,"+cell(`{"questions":[{"key":"email","label":"Mail","type":"text"}]}`)+"\r\n"+
			"Many,20,many,10,,"+cell(`{"quantity":{"min":5,"max":2}}`)+"\r\n"))
		if done.Created != 2 || done.Failed != 3 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		for _, want := range []string{"4 limit_counts: ", "4 asked: " + checkout.Unreadable, "5 asked: The page uses this name", "6 asked: Choose a maximum"} {
			if wrong := w.problems(t, done); !strings.Contains(wrong, want) {
				t.Errorf("%q is not told:\n%s", want, wrong)
			}
		}
		m, err := w.links.ByPath(t.Context(), w.b, "shirt")
		if err != nil || !reflect.DeepEqual(m.Link.Checkout, want) || m.Link.Limit != (link.Limit{Kind: link.Multiple, Max: 10, Counts: link.Units}) {
			t.Errorf("got %+v, %v", m.Link, err)
		}
	})
}
