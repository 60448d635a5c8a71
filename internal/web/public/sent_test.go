package public_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sent is the form of the page as a browser without JavaScript sends it: what it holds, with
// what the payer types over it.
func (p page) sent(t testing.TB, typed url.Values) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
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

func inForm(n *html.Node) *html.Node {
	for n != nil && n.Data != "form" {
		n = n.Parent
	}
	return n
}

func chosenIn(list *html.Node) (value string) {
	for o := range list.Descendants() {
		if slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			value = o.Attr[slices.IndexFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "value" })].Val
		}
	}
	return value
}

func merged(forms ...url.Values) url.Values {
	all := url.Values{}
	for _, f := range forms {
		maps.Copy(all, f)
	}
	return all
}
