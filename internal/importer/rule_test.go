package importer_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
)

// Whatever a file says and whatever was imported before, what the preview says
// comes true, and the same file again makes nothing.
func TestThePreviewComesTrue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		cell := func(values ...string) *rapid.Generator[string] { return rapid.SampledFrom(append(values, "")) }
		customers := rapid.Custom(func(t *rapid.T) string {
			return strings.Join([]string{cell("Ann", "Bo", "Cem").Draw(t, "name"), cell("ann@example.com", "BO@example.com", "bo@example.com", "not").Draw(t, "email"), cell("+31612345678", "12").Draw(t, "phone")}, ",")
		})
		links := rapid.Custom(func(t *rapid.T) string {
			return strings.Join([]string{cell("One", "Two").Draw(t, "name"), cell("10", "10.00", "-1", "x").Draw(t, "amount"), cell("one", "two", "A b").Draw(t, "path"), cell("once", "3", "0").Draw(t, "limit")}, ",")
		})
		rapid.Check(t, func(rt *rapid.T) {
			kind, line, header := importer.Customers, customers, "name,email,phone"
			if rapid.Bool().Draw(rt, "links") {
				kind, line, header = importer.Links, links, "name,amount,path,limit"
			}
			lines := rapid.SliceOfN(line, 1, 8).Draw(rt, "lines")
			file := header + "\n" + strings.Join(lines, "\n") + "\nZoe,zoe\n"
			o := importer.Options{UpdateKnown: rapid.Bool().Draw(rt, "update"), Repeat: rapid.Bool().Draw(rt, "repeat")}
			w.run(t, w.choose(t, w.read(t, kind, file), o))
			o.Repeat = false
			customers, links := w.countCustomers(t), w.countLinks(t)
			if again := w.run(t, w.choose(t, w.read(t, kind, file), o)); again.Created != 0 || w.countCustomers(t) != customers || w.countLinks(t) != links {
				rt.Fatalf("the same file again made something: %+v", again.Counts)
			}
		})
	})
}

// A path that a line names is that line's, whoever comes before it in the file.
func TestAPathMadeFromANameGivesWayToOneThatIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		done := w.run(t, w.read(t, importer.Links, "name,amount,path\nOne,10,\nOther,20,one\n"))
		if done.Created != 2 {
			t.Fatalf("%+v", done.Counts)
		}
		for path, want := range map[string]string{"one": "Other", "one-2": "One"} {
			l, err := w.links.ByPath(t.Context(), w.b, path)
			if err != nil || l.Link.Name != want {
				t.Errorf("%s is %q, %v", path, l.Link.Name, err)
			}
		}
	})
}
