// Package lookup keeps short texts in memory, such as the names of a business's
// customers, and finds those that hold words: at any place, and with one letter wrong.
package lookup

import (
	"bytes"
	"slices"
	"strings"
)

// Row is one text and whose it is. What is Gone is found only by who asks for it.
type Row struct {
	ID   string
	Text string // folded; parts are separated by Part
	Gone bool
}

// Part separates the parts of a text, such as a name and an address: no word reaches
// over it.
const Part = "\x1f"

// end ends a text. Nothing that is searched for holds it or Part.
const end = '\x1e'

// Text holds texts in the order of their ids. It never changes.
type Text struct {
	all  []byte
	ends []int // of each text, behind its end
	ids  []byte
	upTo []int // of each id
	gone []bool
}

// builder puts a Text together. Rows come in the order of their ids.
type builder struct{ Text }

func (b *builder) add(id string, text []byte, gone bool) {
	b.all = append(append(b.all, text...), end)
	b.ends = append(b.ends, len(b.all))
	b.ids = append(b.ids, id...)
	b.upTo = append(b.upTo, len(b.ids))
	b.gone = append(b.gone, gone)
}

func (b *builder) row(r Row) {
	b.add(r.ID, []byte(strings.Map(func(c rune) rune {
		if c == end {
			return ' '
		}
		return c
	}, r.Text)), r.Gone)
}

// New returns a text of rows that stand in the order of their ids.
func New(rows []Row) *Text {
	var b builder
	for _, r := range rows {
		b.row(r)
	}
	return &b.Text
}

// Size is how many bytes the text takes, about.
func (t *Text) Size() int { return len(t.all) + len(t.ids) + 17*len(t.ends) }

func (t *Text) id(i int) string {
	begin := 0
	if i > 0 {
		begin = t.upTo[i-1]
	}
	return string(t.ids[begin:t.upTo[i]])
}

func (t *Text) begin(i int) int {
	if i == 0 {
		return 0
	}
	return t.ends[i-1]
}

// with is the text after rows changed. Those in changed that have no row are dropped.
func (t *Text) with(changed map[string]bool, rows []Row) *Text {
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	var b builder
	b.all, b.ends = make([]byte, 0, len(t.all)+64*len(rows)), make([]int, 0, len(t.ends)+len(rows))
	b.ids, b.upTo, b.gone = make([]byte, 0, len(t.ids)+30*len(rows)), make([]int, 0, len(t.ends)+len(rows)), make([]bool, 0, len(t.ends)+len(rows))
	for i := range t.ends {
		id := t.id(i)
		for len(rows) > 0 && rows[0].ID < id {
			b.row(rows[0])
			rows = rows[1:]
		}
		if !changed[id] {
			b.add(id, t.all[t.begin(i):t.ends[i]-1], t.gone[i])
		}
	}
	for _, r := range rows {
		b.row(r)
	}
	return &b.Text
}

// Query is what is looked for.
type Query struct {
	Words []string // all of them, folded
	Or    string   // or this alone; "" for nothing
	First string   // texts of which a part begins with it come first, then those that hold it
	Gone  bool     // what is gone too
	Most  int      // ids to return
}

// Find returns the ids of the texts that hold every word, the greatest first, at most
// q.Most of them, and how many there are in all.
func (t *Text) Find(q Query) (ids []string, total int) {
	hits := t.hits(words(q.Words), q.Gone)
	if or := words([]string{q.Or}); len(or) > 0 {
		hits = append(hits, t.hits(or, q.Gone)...)
		slices.Sort(hits)
		hits = slices.Compact(hits)
	}
	total = len(hits)
	slices.Reverse(hits)
	if q.First != "" {
		hits = t.firstFirst(hits, []byte(q.First))
	}
	for _, i := range hits[:min(len(hits), q.Most)] {
		ids = append(ids, t.id(i))
	}
	return ids, total
}

// words are those that say something, the longest first: it is the rarest, most often.
func words(all []string) (said [][]byte) {
	for _, w := range all {
		if w != "" && !strings.ContainsAny(w, Part+string(end)) {
			said = append(said, []byte(w))
		}
	}
	slices.SortStableFunc(said, func(a, b []byte) int { return len(b) - len(a) })
	return said
}

// hits are the texts that hold all words, none without words.
func (t *Text) hits(words [][]byte, gone bool) (hits []int) {
	if len(words) == 0 {
		return nil
	}
	for at, i := 0, 0; ; {
		found := bytes.Index(t.all[at:], words[0])
		if found < 0 {
			return hits
		}
		for t.ends[i] <= at+found {
			i++
		}
		at = t.ends[i]
		if (gone || !t.gone[i]) && holdsAll(t.all[t.begin(i):at], words[1:]) {
			hits = append(hits, i)
		}
	}
}

func holdsAll(text []byte, words [][]byte) bool {
	for _, w := range words {
		if !bytes.Contains(text, w) {
			return false
		}
	}
	return true
}

// firstFirst puts the texts of which a part begins with first before those that hold it
// elsewhere, and both before the others.
func (t *Text) firstFirst(hits []int, first []byte) []int {
	var begins, hold, others []int
	for _, i := range hits {
		text := t.all[t.begin(i):t.ends[i]]
		if bytes.HasPrefix(text, first) || bytes.Contains(text, append([]byte(Part), first...)) {
			begins = append(begins, i)
		} else if bytes.Contains(text, first) {
			hold = append(hold, i)
		} else {
			others = append(others, i)
		}
	}
	return slices.Concat(begins, hold, others)
}

// Holds tells whether any text holds the word.
func (t *Text) Holds(word string) bool { return bytes.Contains(t.all, []byte(word)) }
