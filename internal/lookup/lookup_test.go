package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/lookup"
)

// store is where a cache reads.
type store struct {
	rows  map[string]lookup.Row
	reads int // of everything
	err   error
}

func (s *store) source(_ context.Context, _ string, ids []string, put func(lookup.Row)) error {
	if ids == nil {
		s.reads++
		for id := range s.rows {
			ids = append(ids, id)
		}
		slices.Sort(ids)
	}
	for _, id := range ids {
		if r, ok := s.rows[id]; ok {
			put(r)
		}
	}
	return s.err
}

func (s *store) set(id, text string) { s.rows[id] = lookup.Row{ID: id, Text: text} }

func of(texts ...string) (*store, *lookup.Cache) {
	s := &store{rows: map[string]lookup.Row{}}
	for i, text := range texts {
		s.set(fmt.Sprintf("id%03d", i), text)
	}
	return s, lookup.NewCache(s.source)
}

func textOf(t *testing.T, k *lookup.Cache) *lookup.Text {
	t.Helper()
	text, err := k.Text(t.Context(), "us")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFindsAnyPartTheGreatestIDFirst(t *testing.T) {
	s, k := of("kwame mensah"+lookup.Part+"kwame@example.com", "efua mensah", "ann okafor"+lookup.Part+"31612345678", "mensa ann")
	s.rows["id004"] = lookup.Row{ID: "id004", Text: "gone mensah", Gone: true}
	text := textOf(t, k)
	for _, c := range []struct {
		q    lookup.Query
		want string
	}{
		{lookup.Query{Words: []string{"ensa"}}, "id003 id001 id000"},
		{lookup.Query{Words: []string{"ensa"}, Gone: true}, "id004 id003 id001 id000"},
		{lookup.Query{Words: []string{"ensa"}, First: "mens"}, "id003 id001 id000"},
		{lookup.Query{Words: []string{"a"}, First: "kwame@"}, "id000 id003 id002 id001"},
		{lookup.Query{Words: []string{"mensah", "kwa"}}, "id000"},
		{lookup.Query{Words: []string{"6 12"}, Or: "612345"}, "id002"},
		{lookup.Query{Words: []string{"kwame mensah" + lookup.Part}}, ""},
		{lookup.Query{Words: []string{"mensah\x1eefua"}}, ""},
		{lookup.Query{Words: []string{"zzz"}}, ""},
		{lookup.Query{}, ""},
	} {
		c.q.Most = 10
		ids, total := text.Find(c.q)
		if got := strings.Join(ids, " "); got != c.want || total != len(ids) {
			t.Errorf("%+v finds %q, %d in all", c.q, got, total)
		}
	}
	if ids, total := text.Find(lookup.Query{Words: []string{"mensa"}, Most: 1}); len(ids) != 1 || total != 3 {
		t.Errorf("one of three: %v of %d", ids, total)
	}
}

func TestOneLetterMayBeWrong(t *testing.T) {
	_, k := of("kwame mensah", "efua mensah", "ann okafor", "sœur zoë", "مريم حسن", "street 1234 mensbh")
	text := textOf(t, k)
	for typed, want := range map[string]string{
		"mensha":   "mensah", // two changed places
		"mesnah":   "mensah", // where the halves meet
		"emnsah":   "mensah",
		"menah":    "mensah", // one too few
		"mennsah":  "mensah", // one too many
		"mensuh":   "mensah", // another one: mensah occurs more than mensbh
		"nensah":   "mensah",
		"mensax":   "mensah",
		"okfaor":   "okafor",
		"okafur":   "okafor",
		"sœir":     "sœur",
		"مزيم":     "مريم",
		"mxnshx":   "", // two are wrong
		"jonathan": "",
		"anm":      "", // too short to tell
		"1235":     "", // another number
		"wame m":   "",
	} {
		near, fit := text.Near(typed)
		if near != want || (fit > 0) != (want != "") {
			t.Errorf("%q is near %q (%d), not %q", typed, near, fit, want)
		}
	}
	if !lookup.OneApart("setings", "settings") || lookup.OneApart("tag", "tags") || lookup.OneApart("same", "same") {
		t.Error("what is one letter apart is told otherwise")
	}
}

func TestWhatChangesIsReadAndNothingElse(t *testing.T) {
	s, k := of("anna", "bert", "carl")
	k.Changed(lookup.Key("us", "id000")) // nobody holds it yet
	finds := func(word string) string {
		ids, _ := textOf(t, k).Find(lookup.Query{Words: []string{word}, Most: 10})
		return strings.Join(ids, " ")
	}
	if got := finds("bert"); got != "id001" {
		t.Fatal(got)
	}
	s.set("id001", "bart")
	s.set("id0005", "bart between")
	s.set("id009", "bart last")
	delete(s.rows, "id002")
	for _, id := range []string{"id001", "id0005", "id009", "id002"} {
		k.Changed(lookup.Key("us", id))
	}
	k.Changed(lookup.Key("them", "id000"))
	if got := finds("bart") + finds("bert") + finds("carl") + finds("anna"); got != "id009 id001 id0005id000" || s.reads != 1 {
		t.Errorf("found %q after %d readings of everything", got, s.reads)
	}
	for i := range 6000 {
		k.Changed(lookup.Key("us", fmt.Sprint(i)))
	}
	if finds("bart"); s.reads != 2 {
		t.Errorf("after very many changes everything was read %d times", s.reads)
	}
	k.Clear()
	s.err = errors.New("away")
	if _, err := k.Text(t.Context(), "us"); err == nil {
		t.Error("an error of reading is not told")
	}
	s.err = nil
	if got := finds("carl") + finds("anna"); got != "id000" {
		t.Errorf("after an error: %q", got)
	}
}

// A text that takes too much memory is nobody's, and is not read again and again.
func TestWhatIsTooLargeIsNotKept(t *testing.T) {
	s, k := of(strings.Repeat("x", 50<<20))
	for range 2 {
		if text := textOf(t, k); text != nil {
			t.Error("kept")
		}
	}
	k.Changed(lookup.Key("us", "id000"))
	if textOf(t, k); s.reads != 1 {
		t.Errorf("read %d times", s.reads)
	}
}
