package api

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/statements"
	"smartlinks/internal/web/guard"
)

// docsHandler shows people how to use the API: the guides, and every operation with what
// it takes and answers. The page needs no script; one only copies examples.
func docsHandler(a *frame.API) http.Handler {
	view := sync.OnceValues(func() (docsView, error) { return newDocsView(a) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := view()
		if err != nil {
			a.Refused(r.Context(), err, "path").Send(w)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", guard.PayerPolicy)
		// The reader is gone when this fails, and nothing is left to do.
		_ = docsPage(v).Render(r.Context(), w)
	})
}

// docsView is what the page shows.
type docsView struct {
	Server  string
	Guides  []guide
	Groups  []docsGroup
	Objects []docsObject
	Events  []docsEvent
}

// docsGroup is some operations under a headline.
type docsGroup struct {
	ID, Title, About string
	Operations       []docsOperation
}

// docsOperation is an operation as the page shows it.
type docsOperation struct {
	ID, Method, Path, Title, About, Scope string
	Parameters                            []docsParameter
	Body, Answer                          []field
	Object                                *docsObject // that it answers
	Command                               string      // for a shell
	Status                                string      // of success
	Shown                                 string      // what it answers then
}

type docsParameter struct {
	Name, In, About, Range string
	Values                 []string
}

// docsEvent is an event as the page shows it.
type docsEvent struct{ Type, When, Shown string }

func newDocsView(a *frame.API) (docsView, error) {
	document, examples := a.Huma.OpenAPI(), mustExamples(a.Addresses)
	read := newFieldReader(document)
	v := docsView{Server: document.Servers[0].URL, Objects: showObjects(read)}
	var err error
	if v.Guides, err = guides(a.Addresses); err != nil {
		return v, err
	}
	for _, g := range frame.Groups {
		group := docsGroup{ID: slug(g.Name), Title: g.Name, About: g.Description}
		for _, d := range operations(document) {
			if d.Tags[0] == g.Name {
				group.Operations = append(group.Operations, showOperation(read, d, examples.Operations[d.OperationID]))
			}
		}
		if len(group.Operations) > 0 { // the test clock may not exist
			v.Groups = append(v.Groups, group)
		}
	}
	for _, t := range eventTypes {
		e := docsEvent{Type: string(t.Type), When: t.When}
		if posted := examples.Events[t.Type]; posted != nil {
			e.Shown = layout(posted)
		}
		v.Events = append(v.Events, e)
	}
	return v, nil
}

func showOperation(read fieldReader, d described, e example) docsOperation {
	o := docsOperation{ID: d.OperationID, Method: d.Method, Path: d.Path, Title: d.Summary, About: d.Description}
	if guarded, ok := frame.OperationOf(d.Operation); ok {
		o.Scope = string(guarded.Scope)
	}
	for _, p := range d.Parameters {
		if p.In == "path" { // the address says it
			continue
		}
		o.Parameters = append(o.Parameters, docsParameter{Name: p.Name, In: p.In, About: p.Description, Range: rangeOf(p.Schema), Values: valuesOf(p.Schema)})
	}
	if d.RequestBody != nil {
		o.Body = read.fields(bodyOf(d).Schema)
	}
	if e.Status == 0 {
		return o
	}
	if o.Command = command(read.document.Servers[0].URL, d.Method, e); takesForm(d) {
		o.Command += " \\\n  -F file=@statement.xml"
	}
	o.Status = strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)
	if e.Answer != nil {
		o.Shown = layout(e.Answer)
		answer := d.Responses[strconv.Itoa(e.Status)].Content["application/json"].Schema
		if o.Object = objectOf(answer); o.Object == nil {
			o.Answer = read.fields(answer)
		}
	}
	return o
}

// bodyOf is the body that an operation takes: JSON, or a form with a file.
func bodyOf(d described) *huma.MediaType {
	if takesForm(d) {
		return d.RequestBody.Content[statements.FormOfFile]
	}
	return d.RequestBody.Content["application/json"]
}

func takesForm(d described) bool {
	return d.RequestBody != nil && d.RequestBody.Content[statements.FormOfFile] != nil
}

// command is the example as a command for a shell.
func command(server, method string, e example) string {
	var b strings.Builder
	b.WriteString("curl ")
	if method != http.MethodGet && (method != http.MethodPost || e.Request == nil) {
		b.WriteString("-X " + method + " ")
	}
	b.WriteString(quoted(server+e.Path) + " \\\n  -H \"Authorization: Bearer $TOKEN\"")
	if e.Request != nil {
		b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d " + quoted(layout(e.Request)))
	}
	return b.String()
}

// quoted is a word of a shell.
func quoted(word string) string {
	if !strings.ContainsAny(word, " '\"\n?&{}[]$\\") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
