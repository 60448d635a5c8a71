package message

import (
	"slices"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/text"
)

type parsed struct{ subject, body wording.Template } // understood

// The bounds of a template in characters.
const (
	maxSubject = 150
	maxBody    = 10_000
)

// parse reads a template. What is wrong is an Invalid fault with the fields
// "subject" and "body", which names the line.
func (t Template) parse() (p parsed, err error) {
	var wrong fault.Fields
	t.Subject = text.Rule{Most: maxSubject, Required: true}.Clean("subject", t.Subject, wrong.Add)
	t.Body = text.Rule{Most: maxBody, Required: true, Lines: true}.Clean("body", t.Body, wrong.Add)
	if p.subject, err = wording.Parse(t.Subject, lineNames(t.Kind)); err != nil && !wrong.Has("subject") {
		wrong.Add("subject", "", err.Error())
	}
	if p.body, err = wording.Parse(t.Body, bodyNames(t.Kind)); err != nil && !wrong.Has("body") {
		wrong.Add("body", "", err.Error())
	}
	return p, wrong.Err()
}

// lineNames are what a subject may name: fields and addresses.
func lineNames(k Kind) []string {
	return slices.DeleteFunc(Variables(k), func(name string) bool { return name == wording.Summary })
}

func bodyNames(k Kind) []string { return append(Variables(k), wording.Divider, wording.Picture) }

// Draft opens a template for writing. Written back it makes the same mail.
func (t Template) Draft() wording.Draft {
	return wording.Open(t.Subject, t.Body, lineNames(t.Kind), bodyNames(t.Kind))
}

// Written is the template that says what the draft says. What is wrong is an Invalid fault
// with the fields "subject", "body" and "blocks[2]"; such blocks are left out.
func (t Template) Written(d wording.Draft) (Template, error) {
	var wrong fault.Fields
	t.Subject, t.Body = d.Source(lineNames(t.Kind), bodyNames(t.Kind), func(field, says string) { wrong.Add(field, "", says) })
	blocks := slices.ContainsFunc(wrong, func(f fault.Field) bool { return strings.HasPrefix(f.Name, "blocks") })
	if _, err := t.parse(); err != nil {
		for _, f := range fault.Of(err).Fields {
			if !wrong.Has(f.Name) && (f.Name != "body" || !blocks) {
				wrong = append(wrong, f)
			}
		}
	}
	return t, wrong.Err()
}
