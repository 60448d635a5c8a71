package messages

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/audit"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// mailTemplateView is the form of one template.
type mailTemplateView struct {
	frame.Problems
	frame.Baseline
	blocks
	Conflict    *frame.Conflict // somebody else saved it meanwhile
	Base, Href  string
	Images      string // where pictures of the business are shown
	Title, Text string
	Subject     string
	AsStored    bool // the subject is in the language of templates
	Own         bool
	Kind        message.Kind
	Fields      []fieldView
	Address     string // where a test goes
	Typed       bool   // the form holds what is not saved
}

// preview is the address of the frame, which shows what is saved; "" when the form holds
// something else. What is typed is drawn when its form is sent there: nobody else's words
// in an address become a page of ours.
func (v mailTemplateView) preview() string {
	if v.Typed {
		return ""
	}
	return v.Href + "/preview?scheme=light"
}

// fill shows a draft.
func (v *mailTemplateView) fill(d wording.Draft) {
	v.Subject, v.AsStored, v.Parts = d.Subject, d.AsStored, d.Parts
}

func (d pages) showMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, _, err := d.mailTemplate(r, scope)
	if err != nil {
		return err
	}
	return d.showTemplateForm(w, r, scope, http.StatusOK, v)
}

func (d pages) showTemplateForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v mailTemplateView) error {
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return frame.Render(w, r, status, mailTemplatePage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.SettingsSection}), v))
}

func (d pages) mailTemplate(r *http.Request, scope *frame.Scope) (mailTemplateView, message.Template, error) {
	t, err := d.Messages.Template(r.Context(), scope.Business, message.Kind(r.PathValue("kind")))
	if err != nil {
		return mailTemplateView{}, t, err
	}
	title, text := mailNames(scope.Reader, t.Kind)
	v := mailTemplateView{
		Baseline: frame.BaselineOf(templateFields(scope.Reader), t.Version, normal(t)),
		Base:     scope.Base, Href: scope.Base + "/settings/email/" + string(t.Kind), Images: scope.Base + "/images/", Title: title, Text: text,
		Own: t.Own, Kind: t.Kind, Fields: fieldsOf(scope.Reader, t.Kind, d.Messages.SampleValues(scope.Business, t.Kind)), Address: scope.Member.Email,
	}
	v.fill(t.Draft())
	return v, t, nil
}

// normal is a template as the form writes it, which tells whether somebody changed it. What
// is broken stays as it is.
func normal(t message.Template) message.Template {
	if written, err := t.Written(t.Draft()); err == nil {
		return written
	}
	return t
}

// typed is what a form of a template says, whatever is wrong with it.
func typed(form url.Values, t message.Template) wording.Draft {
	d := wording.Draft{Subject: form.Get("subject"), AsStored: form.Get("as_stored") == "on", Parts: blocksFrom(form)}
	if form.Has("body") && !form.Has(blockField) { // one text in the language of templates
		t.Body = form.Get("body")
		d.Parts = t.Draft().Parts
	}
	return d
}

// typedTemplate reads the form, keeps the pictures that were chosen in it, and returns the
// template as it was when that was opened and what is typed.
func (d pages) typedTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope, pictures ...string) (mailTemplateView, message.Template, wording.Draft, error) {
	v, t, err := d.mailTemplate(r, scope)
	if err != nil {
		return v, t, wording.Draft{}, err
	}
	if r.PostForm == nil {
		sent, err := frame.ReadUploads(w, r, frame.MaxPicture, pictures...)
		if err != nil {
			return v, t, wording.Draft{}, err
		}
		if v.Problems, err = d.keepPictures(r, scope, sent); err != nil {
			return v, t, wording.Draft{}, err
		}
	}
	draft := typed(r.PostForm, t)
	v.fill(draft)
	v.Baseline, v.Typed = frame.BaselineFrom(r.PostForm), true
	return v, t, draft, nil
}

// keepPictures stores the pictures that came with a form, and puts their ids where its
// fields have them. Like a tag that is made while a form is filled in, that is no entry of
// the audit log: a mail shows them once it is saved.
func (d pages) keepPictures(r *http.Request, scope *frame.Scope, sent frame.Uploads) (p frame.Problems, err error) {
	for name := range sent {
		i, _ := strings.CutSuffix(name, "_file")
		imageID, width, height, err := d.Businesses.KeepMailPicture(audit.Aside(r.Context()), scope.Business.ID, name, sent.Picture(name))
		if err != nil {
			told, ok := frame.ProblemsOf(scope.Reader, err, nil)
			if !ok {
				return p, err
			}
			if p.Errors == nil {
				p.Errors = map[string]string{}
			}
			p.Errors[name] = told.Errors[name]
			continue
		}
		r.PostForm.Set(i+"_picture", fmt.Sprintf("%s/%dx%d", imageID, width, height))
	}
	return p, nil
}

// changeBlocks adds, moves and removes blocks of the form. Nothing is saved.
func (d pages) changeBlocks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, _, _, err := d.typedTemplate(w, r, scope, files()...)
	if err != nil {
		return err
	}
	v.act(r.PostForm.Get("act"))
	return d.showTemplateForm(w, r, scope, http.StatusOK, v)
}

func (d pages) saveMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, t, draft, err := d.typedTemplate(w, r, scope, files()...)
	if err != nil {
		return err
	}
	if len(v.Errors) > 0 {
		return d.showTemplateForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	stored := t
	if t, err = t.Written(draft); err != nil {
		return d.templateProblem(w, r, scope, v, err)
	}
	object, mine := "template/"+string(t.Kind), t.Body
	rows := frame.Reconcile(templateFields(scope.Reader), r.PostForm, frame.Baseline{Version: stored.Version}, normal(stored), &t)
	if t.Body != mine {
		v.fill(t.Draft())
	}
	if len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.ConflictOf(r.Context(), scope, object, stored.Version, v.Href, rows); err != nil {
			return err
		}
		return d.showTemplateForm(w, r, scope, http.StatusConflict, v)
	}
	t.Version = stored.Version
	version, err := d.Messages.SaveTemplate(r.Context(), scope.Business.ID, t)
	if fault.Is(err, fault.Stale) {
		return d.saveMailTemplate(w, r, scope) // saved while we looked: look again
	}
	if err != nil {
		return d.templateProblem(w, r, scope, v, err)
	}
	if version != stored.Version {
		d.RecordEdit(r.Context(), scope, object, version)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("“{{.Title}}” is saved", "Title", v.Title)})
	return frame.Redirect(w, r, v.Href)
}

// problemsOf are the faults of a template by the inputs of the form, in the reader's
// language.
func problemsOf(reader frame.Reader, err error) (p frame.Problems, ok bool) {
	if p, ok = frame.ProblemsOf(reader, err, nil); !ok {
		return p, false
	}
	for _, field := range fault.Of(err).Fields {
		if said := sayFault(reader, field.Message); said != field.Message {
			p.Errors[field.Name] = said
		}
	}
	return p, true
}

// templateProblem shows the form again with what is wrong.
func (d pages) templateProblem(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v mailTemplateView, err error) error {
	p, ok := problemsOf(scope.Reader, err)
	if !ok {
		return err
	}
	v.Problems = p
	return d.showTemplateForm(w, r, scope, http.StatusUnprocessableEntity, v)
}

// testMailTemplate sends what is typed to the member, saved or not.
func (d pages) testMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, t, draft, err := d.typedTemplate(w, r, scope, files()...)
	if err != nil {
		return err
	}
	if len(v.Errors) > 0 {
		return d.showTemplateForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	if t, err = t.Written(draft); err != nil {
		return d.templateProblem(w, r, scope, v, err)
	}
	err = d.Messages.SendTest(r.Context(), scope.Business, t, scope.Member.Email, scope.Member.Name)
	if f := fault.Of(err); err != nil && f.Code == fault.Unavailable {
		v.Problem = scope.Sentence(f.Message)
		return d.showTemplateForm(w, r, scope, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		return d.templateProblem(w, r, scope, v, err)
	}
	f := d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.SettingsSection})
	f.Toasts = append(f.Toasts, ui.ToastProps{Text: scope.T("A test is on its way to {{.To}}", "To", scope.Member.Email)})
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return frame.Render(w, r, http.StatusOK, mailTemplatePage(f, v))
}

func (d pages) resetMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, t, err := d.mailTemplate(r, scope)
	if err != nil {
		return err
	}
	if err := d.Messages.ResetTemplate(r.Context(), scope.Business.ID, t.Kind); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("“{{.Title}}” has our words again", "Title", v.Title)})
	return frame.Redirect(w, r, v.Href)
}

// previewMail is the mail that the template makes, for a frame: what is stored,
// or what is typed, without the blocks that nothing is written into yet. Nothing is
// stored, for a POST either.
func (d pages) previewMail(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	_, t, err := d.mailTemplate(r, scope)
	if err == nil && r.Method == http.MethodPost {
		var draft wording.Draft
		if _, t, draft, err = d.typedTemplate(w, r, scope); err != nil {
			return err
		}
		draft.Parts = slices.DeleteFunc(draft.Parts, wording.Part.Empty)
		t, err = t.Written(draft)
	}
	var l email.Mail
	if err == nil {
		l, err = d.Messages.Preview(r.Context(), scope.Business, t)
	}
	page := inScheme(l.HTML, r.URL.Query().Get("scheme"))
	switch {
	case err != nil:
		p, ok := problemsOf(scope.Reader, err)
		if !ok {
			return err
		}
		page = frame.FrameText(strings.Join(slices.Sorted(maps.Values(p.Errors)), "\n\n"))
	case r.URL.Query().Get("as") == "text":
		page = frame.FrameText(scope.T("Subject: {{.Subject}}\n\n{{.Text}}", "Subject", l.Subject, "Text", l.Text))
	}
	frame.ShowMail(w, guard.OwnMailPolicy, page)
	return nil
}

// inScheme is a mail's HTML as a reader sees it who prefers "light" or "dark"; as it is for
// anything else.
func inScheme(html, scheme string) string {
	media := map[string]string{"light": "@media not all {", "dark": "@media all {"}[scheme]
	if media == "" {
		return html
	}
	return strings.NewReplacer("@media (prefers-color-scheme: dark) {", media, `content="light dark"`, `content="`+scheme+`"`, "color-scheme: light dark", "color-scheme: "+scheme).Replace(html)
}
