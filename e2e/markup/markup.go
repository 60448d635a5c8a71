// Package markup checks pages as they were written, not as browsers mend them.
package markup

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A page is checked as it was written, not as browsers mend it: the rules of the
// HTML standard on nesting, on content models and on what attributes refer to.

var (
	voids    = strings.Fields("area base br col embed hr img input link meta source track wbr")
	flowOnly = strings.Fields("address article aside blockquote center details dialog div dl dd dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul")
	// phrasing are the elements that hold words and what stands among them.
	phrasing    = strings.Fields("p h1 h2 h3 h4 h5 h6 span button label strong em b i small code kbd bdi bdo time legend dt pre abbr cite q s sub sup mark option")
	interactive = strings.Fields("a button select textarea label summary iframe")
	obsolete    = strings.Fields("acronym big blink center dir font frame frameset marquee nobr strike tt u")
	oldWords    = strings.Fields("align alink background bgcolor border cellpadding cellspacing clear color compact face frameborder hspace link noshade nowrap rules scrolling size valign vlink vspace")
	references  = strings.Fields("aria-labelledby aria-describedby aria-controls aria-owns aria-activedescendant aria-details aria-errormessage for list form popovertarget data-dialog headers")
)

// children says what may stand directly in an element, and parents where one may.
var (
	children = map[string]string{
		"ul": "li script template", "ol": "li script template", "dl": "dt dd div script template", "table": "caption colgroup thead tbody tfoot", "thead": "tr", "tbody": "tr",
		"tfoot": "tr", "tr": "td th", "select": "option optgroup hr", "datalist": "option",
	}
	parents = map[string]string{
		"li": "ul ol menu", "dt": "dl div", "dd": "dl div", "tr": "thead tbody tfoot", "td": "tr", "th": "tr", "option": "select datalist optgroup",
		"caption": "table", "thead": "table", "tbody": "table", "summary": "details", "legend": "fieldset", "source": "picture audio video",
	}
)

// markup is a page while it is read.
type markup struct {
	open   []string
	found  []string
	ids    map[string]bool
	refers []string // "for names", then the id
	titles int
}

// Check lists what is wrong with a page, or a part of one.
func Check(page string) []string {
	m := markup{ids: map[string]bool{}}
	z := html.NewTokenizer(strings.NewReader(page))
	whole := strings.HasPrefix(page, "<!")
	for {
		switch z.Next() {
		case html.ErrorToken:
			m.finish(whole)
			return m.found
		case html.StartTagToken, html.SelfClosingTagToken:
			m.start(z.Token())
		case html.EndTagToken:
			m.end(z.Token().Data)
		}
	}
}

func (m *markup) wrong(format string, about ...any) {
	if text := fmt.Sprintf(format, about...); !slices.Contains(m.found, text) {
		m.found = append(m.found, text)
	}
}

func (m *markup) inside(name string) bool { return slices.Contains(m.open, name) }

func (m *markup) start(t html.Token) {
	parent := ""
	if len(m.open) > 0 {
		parent = m.open[len(m.open)-1]
	}
	if !m.inside("svg") && !m.inside("template") {
		m.place(t.Data, parent)
	}
	m.attributes(t)
	if t.Data == "title" && !m.inside("svg") {
		m.titles++
	}
	if !slices.Contains(voids, t.Data) && !(t.Type == html.SelfClosingTagToken && m.inside("svg")) {
		m.open = append(m.open, t.Data)
	}
}

// place checks where an element stands.
func (m *markup) place(name, parent string) {
	if slices.Contains(obsolete, name) {
		m.wrong("<%s> is obsolete", name)
	}
	if allowed, bound := children[parent]; bound && !slices.Contains(strings.Fields(allowed), name) {
		m.wrong("<%s> is no child of <%s>", name, parent)
	}
	if allowed, bound := parents[name]; bound && parent != "" && !slices.Contains(strings.Fields(allowed), parent) {
		m.wrong("<%s> is no child of <%s>", name, parent)
	}
	for _, around := range m.open {
		switch {
		case slices.Contains(phrasing, around) && slices.Contains(flowOnly, name),
			(around == "a" || around == "button") && slices.Contains(interactive, name),
			around == "label" && name == "label", around == "form" && name == "form", around == "a" && name == "input":
			m.wrong("<%s> stands in <%s>", name, around)
		}
	}
}

// attributes checks what an element carries.
func (m *markup) attributes(t html.Token) {
	has := map[string]string{}
	for _, a := range t.Attr {
		has[a.Key] = a.Val
		switch {
		case m.inside("svg") || t.Data == "svg":
		case a.Key == "style", strings.HasPrefix(a.Key, "on"):
			m.wrong("<%s>: %s has no place: the policy of pages forbids it", t.Data, a.Key)
		case slices.Contains(oldWords, a.Key), (a.Key == "width" || a.Key == "height") && strings.HasPrefix(t.Data, "t"):
			m.wrong("<%s>: %s is obsolete", t.Data, a.Key)
		}
		if slices.Contains(references, a.Key) && !m.inside("template") {
			for _, id := range strings.Fields(a.Val) {
				m.refers = append(m.refers, fmt.Sprintf("<%s>: %s names ", t.Data, a.Key), id)
			}
		}
	}
	if id, given := has["id"]; given && !m.inside("template") {
		if id == "" || strings.ContainsAny(id, " \t\n") || m.ids[id] {
			m.wrong("<%s>: id %q is there twice, or is none", t.Data, id)
		}
		m.ids[id] = true
	}
	for name, needed := range map[string]string{"img": "alt", "html": "lang", "button": "type", "iframe": "title", "a": "href"} {
		if _, given := has[needed]; t.Data == name && !given {
			m.wrong("<%s> has no %s", name, needed)
		}
	}
}

func (m *markup) end(name string) {
	if len(m.open) == 0 || m.open[len(m.open)-1] != name {
		last := "nothing"
		if len(m.open) > 0 {
			last = "<" + m.open[len(m.open)-1] + ">"
		}
		m.wrong("</%s> closes %s", name, last)
		if at := slices.Index(m.open, name); at < 0 {
			return
		}
		for m.open[len(m.open)-1] != name {
			m.open = m.open[:len(m.open)-1]
		}
	}
	m.open = m.open[:len(m.open)-1]
}

// finish checks what only the whole page tells.
func (m *markup) finish(whole bool) {
	for _, name := range m.open {
		m.wrong("<%s> is not closed", name)
	}
	if whole && m.titles != 1 {
		m.wrong("%d titles, want one", m.titles)
	}
	for i := 0; whole && i < len(m.refers); i += 2 {
		if !m.ids[m.refers[i+1]] {
			m.wrong("%s%q, which is not there", m.refers[i], m.refers[i+1])
		}
	}
}
