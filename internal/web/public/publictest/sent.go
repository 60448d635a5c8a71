package publictest

import (
	"maps"
	"net/url"
	"slices"

	"golang.org/x/net/html"
)

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

// Merged is one form of several; later ones win.
func Merged(forms ...url.Values) url.Values {
	all := url.Values{}
	for _, f := range forms {
		maps.Copy(all, f)
	}
	return all
}
