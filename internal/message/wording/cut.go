package wording

import (
	"maps"
	"slices"
	"strings"
)

// mostAsked bounds for how many fields with conditions it is proven that parts say the
// same as the template that they were cut from.
const mostAsked = 5

// Cut makes parts of a template, whoever wrote it and when. They make the very mail that
// the template makes, whatever its fields say: what can't be said by blocks stays one Own
// part in the language of templates, the whole template if need be.
func Cut(source string, names []string) []Part {
	whole := []Part{{Kind: Own, Text: source}}
	t, err := Parse(source, names)
	if err != nil {
		return whole
	}
	var parts []Part
	for _, chunk := range chunks(t.nodes) {
		parts = append(parts, partsOf(chunk, names)...)
	}
	joined, faults := Join(parts, names)
	again, err := Parse(joined, names)
	if err != nil || len(faults) > 0 || !same(t, again, names) {
		return whole
	}
	return parts
}

// chunks parts a template at its blank lines outside of conditions.
func chunks(nodes []node) (all [][]node) {
	var chunk []node
	at := starts // where the next node stands in its line
	flush := func() {
		if len(chunk) > 0 {
			all = append(all, chunk)
			chunk = nil
		}
	}
	for _, n := range nodes {
		if n.condition || n.name != "" {
			chunk = append(chunk, n)
			at = after(n, at)
			continue
		}
		for line := range strings.Lines(n.text) {
			if at == starts && strings.TrimSpace(line) == "" && strings.HasSuffix(line, "\n") {
				flush()
				continue
			}
			chunk = append(chunk, node{text: line})
			at = after(node{text: line}, at)
		}
	}
	flush()
	return all
}

// place is where in a line something stands.
type place int

const (
	within place = iota
	starts
	either // that depends on conditions
)

func after(n node, at place) place {
	switch {
	case n.condition:
		then, els := at, at
		for _, inner := range n.then {
			then = after(inner, then)
		}
		for _, inner := range n.els {
			els = after(inner, els)
		}
		if then != els {
			return either
		}
		return then
	case n.name == "" && strings.HasSuffix(n.text, "\n"):
		return starts
	}
	return within
}

// partsOf are the parts of a chunk, whose conditions ask one field at most; of any other it
// is one Own part.
func partsOf(chunk []node, names []string) []Part {
	asked := askedIn(chunk)
	switch len(asked) {
	case 0:
		if parts, ok := plain(chunk, names); ok {
			return parts
		}
	case 1:
		name := asked[0]
		then, ok := plain(prune(chunk, true), names)
		els, okToo := plain(prune(chunk, false), names)
		if ok && okToo {
			return alternatives(name, then, els)
		}
	}
	return []Part{{Kind: Own, Text: strings.TrimRight(write(chunk), "\n")}}
}

// alternatives are parts that are shown when a field says something, those when it doesn't,
// and around them what both begin and end with.
func alternatives(name string, then, els []Part) (all []Part) {
	start, end := 0, 0
	for start < min(len(then), len(els)) && then[start] == els[start] {
		start++
	}
	for end < min(len(then), len(els))-start && then[len(then)-1-end] == els[len(els)-1-end] {
		end++
	}
	all = append(all, then[:start]...)
	for _, p := range then[start : len(then)-end] {
		p.When = name
		all = append(all, p)
	}
	for _, p := range els[start : len(els)-end] {
		p.When = "!" + name
		all = append(all, p)
	}
	return append(all, then[len(then)-end:]...)
}

// askedIn are the fields that conditions ask.
func askedIn(nodes []node) (names []string) {
	for _, n := range nodes {
		if n.condition {
			names = append(names, n.name)
			names = append(names, askedIn(n.then)...)
			names = append(names, askedIn(n.els)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// prune decides all conditions.
func prune(nodes []node, holds bool) (all []node) {
	for _, n := range nodes {
		switch {
		case n.condition && holds:
			all = append(all, prune(n.then, holds)...)
		case n.condition:
			all = append(all, prune(n.els, holds)...)
		default:
			all = append(all, n)
		}
	}
	return all
}

// write is the source of nodes.
func write(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.condition:
			b.WriteString("{{if " + n.name + "}}" + write(n.then))
			if len(n.els) > 0 {
				b.WriteString("{{else}}" + write(n.els))
			}
			b.WriteString("{{end}}")
		case n.picture != "":
			b.WriteString("{{" + Picture + " " + n.picture + " " + n.text + "}}")
		case n.name != "":
			b.WriteString("{{" + n.name + "}}")
		default:
			b.WriteString(n.text)
		}
	}
	return b.String()
}

// plain are the parts of nodes without conditions: each line is what blockOf reads when
// its fields hold themselves.
func plain(nodes []node, names []string) (parts []Part, ok bool) {
	if _, ok := wordsOf(onlyWords(nodes), names); !ok {
		return nil, false
	}
	values := map[string]string{}
	for _, name := range names {
		values[name] = "{" + name + "}"
	}
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			parts = append(parts, Part{Kind: Paragraph, Text: strings.Join(paragraph, "\n")})
			paragraph = nil
		}
	}
	for _, line := range lines(fill(nil, nodes, values)) {
		b := blockOf(line)
		if b.Kind == Paragraph {
			if b, ok = unread(b, line); !ok {
				return nil, false
			}
		}
		switch {
		case b.Kind != Paragraph:
			flush()
			parts = append(parts, Part{Kind: b.Kind, Text: b.Text, Address: b.URL, Picture: b.Picture})
		case b.Text == "":
			flush()
		default:
			paragraph = append(paragraph, b.Text)
		}
	}
	flush()
	return parts, true
}

// onlyWords leaves out what stands alone on its line.
func onlyWords(nodes []node) []node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n node) bool { return n.picture != "" || n.name == Summary || n.name == Divider })
}

// unread tells a button, which blockOf takes for words because its address is a field.
func unread(b Block, line []piece) (Block, bool) {
	var text strings.Builder
	for _, p := range line {
		text.WriteString(p.text)
	}
	parts := button.FindStringSubmatch(strings.TrimSpace(text.String()))
	if parts == nil {
		return b, true
	}
	label, to := oneLine(parts[1]), strings.TrimSpace(parts[2])
	if label == "" {
		return b, false
	}
	return Block{Kind: Button, Text: label, URL: to}, true
}

// same proves that two templates make the same mail, for every set of fields that
// conditions ask about, with the others there or not.
func same(a, b Template, names []string) bool {
	asked := askedIn(a.nodes)
	if len(asked) > mostAsked {
		return false
	}
	for set := range 1 << len(asked) {
		for _, others := range []bool{true, false} {
			values := map[string]string{}
			for _, name := range names {
				if others && !slices.Contains(asked, name) {
					values[name] = "https://" + name + ".example"
				}
			}
			for i, name := range asked {
				if set&(1<<i) != 0 {
					values[name] = "https://" + name + ".example"
				}
			}
			if !slices.EqualFunc(a.Blocks(maps.Clone(values)), b.Blocks(values), Block.Equal) {
				return false
			}
		}
	}
	return true
}
