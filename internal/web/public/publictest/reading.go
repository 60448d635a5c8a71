package publictest

import (
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var (
	heads = regexp.MustCompile(`(?s)<head>.*</head>|<svg.*?</svg>`)
	tags  = regexp.MustCompile(`<[^>]*>`)
)

// Shown is what people read of a page.
func Shown(p Page) string {
	return html.UnescapeString(tags.ReplaceAllString(heads.ReplaceAllString(p.Body, ""), "\n"))
}

// SaidTwice is a sentence of three words or more that a page says twice, in whole
// or as the beginning of another; "" without one.
func SaidTwice(text string) string {
	seen := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		for _, sentence := range regexp.MustCompile(`[.!?؟]\s+|[.!?]$`).Split(strings.TrimSpace(line), -1) {
			if len(strings.Fields(sentence)) < 3 {
				continue
			}
			if seen[sentence] {
				return sentence
			}
			seen[sentence] = true
		}
	}
	return ""
}

// Hidden reads a hidden field of the page's form.
func (p Page) Hidden(name string) string {
	found := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.Body)
	if found == nil {
		return ""
	}
	return found[1]
}

// Sent is the form of the page as a browser without JavaScript sends it: what it holds, with
// what the payer types over it.
func (p Page) Sent(t testing.TB, typed url.Values) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for n := range root.Descendants() {
		has := map[string]string{}
		for _, a := range n.Attr {
			has[a.Key] = a.Val
		}
		_, checked := has["checked"]
		name := has["name"]
		switch {
		case name == "" || n.Type != html.ElementNode || inForm(n) == nil:
		case n.Data == "textarea" && n.FirstChild != nil:
			form.Set(name, n.FirstChild.Data)
		case n.Data == "textarea":
			form.Set(name, "")
		case n.Data == "select":
			form.Set(name, chosenIn(n))
		case n.Data != "input", (has["type"] == "radio" || has["type"] == "checkbox") && !checked:
		default:
			form.Add(name, has["value"])
		}
	}
	maps.Copy(form, typed)
	return form
}

// Tag is the content of a meta element.
func (p Page) Tag(name string) string {
	found := regexp.MustCompile(`<meta (?:property|name)="` + regexp.QuoteMeta(name) + `" content="([^"]*)"`).FindStringSubmatch(p.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// FilledIn is the form of a page as a browser would send it.
func (p Page) FilledIn(more ...string) url.Values {
	form := Payer()
	for _, name := range []string{"version", "price", "price_currency", "total", "terms"} {
		form.Set(name, p.Hidden(name))
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// Count counts the rows of a table.
func (s *Site) Count(table string) (n int) {
	s.T.Helper()
	if err := s.DB.Get(s.T.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// Recorded are the views of a target.
func (s *Site) Recorded(target string) []Recorded {
	s.T.Helper()
	var all []Recorded
	err := s.DB.Select(s.T.Context(), &all, `
		SELECT class, ip, browser, os, channel, channel_detail, campaign, mode, visit_id FROM views WHERE link_id = $1 ORDER BY id`, target)
	if err != nil {
		s.T.Fatal(err)
	}
	return all
}

// Recorded is a view as it is stored.
type Recorded struct {
	Class, IP, Browser, Channel, ChannelDetail, Campaign, Mode string
	OS                                                         string `db:"os"`
	VisitID                                                    string
}
