package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Foreign says what a file of another program lacks.
type Foreign struct {
	// Amount is what links ask of which the file knows none, as typed: "49" or "49.00".
	// Those of programs that shorten addresses are among them; they are made switched off.
	Amount string
	// KeepPaths makes the ends of the old addresses paths.
	KeepPaths bool
}

// dialect is how another program exports its links: the columns by which it is known, in
// bare names, and what they become.
type dialect struct {
	name     string
	known    []string
	title    []string // columns of the name, the first that is filled
	text     string   // column of the description
	address  string   // column of the link's own address
	target   string   // column of where it led, "" for a program of payments
	tags     string
	amount   string
	currency string
}

// dialects are those that are known: Dub's "Export as CSV", Shlink's web client, and the
// payment links of PayRequest's API.
func dialects() []dialect {
	return []dialect{
		{name: "Dub", known: []string{"shortlink", "destinationurl"}, title: []string{"title"}, text: "description", address: "shortlink", target: "destinationurl", tags: "tags"},
		{name: "Dub", known: []string{"link", "url", "clicks"}, title: []string{"title"}, text: "description", address: "link", target: "url", tags: "tags"},
		{name: "Shlink", known: []string{"shorturl", "shortcode", "longurl"}, title: []string{"title"}, address: "shorturl", target: "longurl", tags: "tags"},
		{name: "PayRequest", known: []string{"id", "url", "description", "amount", "currency"}, title: []string{"title", "description"}, address: "url", amount: "amount", currency: "currency"},
	}
}

// foreignHeader are the columns that all of them become.
var foreignHeader = []string{"name", "amount", "currency", "description", "path", "tags", "active", "notes", "origin"}

// translated is a table of another program in our columns; any other stays as it is.
func translated(t table, f Foreign) table {
	column := map[string]int{}
	for i, name := range t.header {
		if _, twice := column[bare(name)]; !twice {
			column[bare(name)] = i
		}
	}
	if _, ours := column["path"]; ours { // as our own export calls it
		return t
	}
	all := dialects()
	at := slices.IndexFunc(all, func(d dialect) bool {
		return !slices.ContainsFunc(d.known, func(name string) bool { _, there := column[name]; return !there })
	})
	if at < 0 {
		return t
	}
	for i, r := range t.rows {
		t.rows[i].Cells = all[at].cells(func(name string) string {
			if at, there := column[name]; there && at < len(r.Cells) {
				return r.Cells[at]
			}
			return ""
		}, f)
	}
	t.header = foreignHeader
	return t
}

func (d dialect) cells(of func(column string) string, f Foreign) []string {
	address := of(d.address)
	end := address
	if u, err := url.Parse(address); err == nil {
		end = path.Base(u.Path)
	}
	said := map[string]string{
		"description": of(d.text), "tags": strings.ReplaceAll(of(d.tags), "|", ","), "amount": of(d.amount), "currency": of(d.currency),
		"notes": "From " + address, "origin": strings.ToLower(d.name) + " " + address,
	}
	for _, column := range d.title {
		if said["name"] == "" {
			said["name"] = of(column)
		}
	}
	if said["name"] == "" {
		said["name"] = end
	}
	if said["amount"] == "" {
		said["amount"] = f.Amount
	}
	if d.target != "" {
		// Until now it led somewhere. Who has it should not be asked for money before
		// somebody has looked at it.
		said["active"], said["notes"] = "no", said["notes"]+", which led to "+of(d.target)
	}
	if f.KeepPaths {
		said["path"] = keptPath(end)
	}
	cells := make([]string, len(foreignHeader))
	for i, name := range foreignHeader {
		cells[i] = said[name]
	}
	return cells
}

// fromJSON reads a list of objects, alone or under "data", as APIs answer it, into a
// table. It reports false for what is none.
func fromJSON(file []byte) (t table, ok bool) {
	var rows []map[string]any
	var wrapped struct {
		Data []map[string]any `json:"data"`
	}
	file = bytes.TrimSpace(file)
	switch {
	case bytes.HasPrefix(file, []byte("[")) && decode(file, &rows) == nil:
	case bytes.HasPrefix(file, []byte("{")) && decode(file, &wrapped) == nil:
		rows = wrapped.Data
	}
	for _, row := range rows {
		for name := range row {
			if !slices.Contains(t.header, name) && len(t.header) < maxColumns {
				t.header = append(t.header, name)
			}
		}
	}
	slices.Sort(t.header)
	for i, row := range rows {
		cells := make([]string, len(t.header))
		for at, name := range t.header {
			if value := row[name]; value != nil {
				cells[at] = strings.TrimSpace(fmt.Sprint(value))
			}
		}
		t.rows = append(t.rows, Row{Line: int64(i + 1), Cells: cells})
	}
	return t, len(t.rows) > 0 && len(t.rows) <= MaxRows
}

// decode keeps numbers as they are written.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}
