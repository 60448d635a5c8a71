package frame

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/fault"
)

// mayBeEmpty are parameters of which an empty value means what leaving them out
// does: the first page, and a field for searching in which nothing is typed.
var mayBeEmpty = []string{"cursor", "q"}

// checkQuery refuses what an operation would not read: parameters that it doesn't
// have, that are empty, or that are given twice. A filter that is dropped gives a
// longer list, and who relies on the list sells to somebody who has not paid.
func checkQuery(o *huma.Operation, u url.URL) error {
	var wrong fault.Fields
	sent, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return fault.New(fault.Malformed, "The query of this address can't be read. Encode what stands in it, as %26 for & and %3B for ;.")
	}
	takes := map[string]*huma.Param{}
	var names []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			takes[p.Name] = p
			names = append(names, p.Name)
		}
	}
	for _, name := range SortedKeys(sent) {
		p, values := takes[name], sent[name]
		switch {
		case p == nil:
			wrong.Add(name, "", unknownParameter(name, names))
		case len(values) > 1 && (p.Explode == nil || !*p.Explode):
			wrong.Add(name, "", "Send this once"+map[bool]string{true: ", with commas between several values"}[p.Schema.Type == huma.TypeArray]+".")
		case slices.Contains(values, "") && !slices.Contains(mayBeEmpty, name):
			wrong.Add(name, "", "This is empty. Send a value, or leave it out.")
		}
	}
	return wrong.Err()
}

// elsewhereInQueries are parameters of other lists, with what to send here.
var elsewhereInQueries = map[string]string{
	"page":     "Pages are asked for by cursor: send the next_cursor of the answer before. With “I come from PayRequest” switched on in Settings → API, page and per_page are understood.",
	"per_page": "Send limit. With “I come from PayRequest” switched on in Settings → API, page and per_page are understood.",
}

func unknownParameter(name string, names []string) string {
	if sentence, known := elsewhereInQueries[name]; known {
		return sentence
	}
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40]) + "…"
	}
	sentence := "There is no parameter " + strconv.Quote(name) + " here, so it would narrow nothing."
	if len(names) == 0 {
		return sentence + " Leave it out."
	}
	return sentence + " Leave it out, or choose from: " + strings.Join(names, ", ") + "."
}

// SortedKeys are the names in a map, in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
