package api

import (
	"bytes"
	"encoding/json"
	"strings"
)

// layoutWidth is how long a line of JSON may be before its parts get lines of
// their own.
const layoutWidth = 64

// layout writes JSON for people: small parts on one line, in the order that they
// have.
func layout(text json.RawMessage) string {
	var b strings.Builder
	write(&b, text, "")
	return b.String()
}

func write(b *strings.Builder, value json.RawMessage, indent string) {
	if line := oneLine(value); len(line) <= layoutWidth || value[0] != '{' && value[0] != '[' {
		b.WriteString(line)
		return
	}
	inner := indent + "  "
	b.WriteByte(value[0])
	for i, p := range parts(value) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + inner)
		if p.key != "" {
			b.WriteString(p.key + ": ")
		}
		write(b, p.value, inner)
	}
	b.WriteString("\n" + indent)
	b.WriteByte(value[len(value)-1])
}

// oneLine writes a value with a space behind each comma and colon.
func oneLine(value json.RawMessage) string {
	if value[0] != '{' && value[0] != '[' {
		return string(value)
	}
	var all []string
	for _, p := range parts(value) {
		if p.key != "" {
			all = append(all, p.key+": "+oneLine(p.value))
		} else {
			all = append(all, oneLine(p.value))
		}
	}
	return string(value[0]) + strings.Join(all, ", ") + string(value[len(value)-1])
}

// part is a member of an object, or an element of an array, which has no key.
type part struct {
	key   string // quoted
	value json.RawMessage
}

// parts takes an object or an array apart. The JSON is our own and valid.
func parts(value json.RawMessage) (all []part) {
	d := json.NewDecoder(bytes.NewReader(value))
	open, _ := d.Token()
	for d.More() {
		var p part
		if open == json.Delim('{') {
			key, _ := d.Token()
			quoted, _ := json.Marshal(key)
			p.key = string(quoted)
		}
		_ = d.Decode(&p.value)
		all = append(all, p)
	}
	return all
}
