package messages

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// mailTemplateView is the form of one template.
type mailTemplateView struct {
	frame.Problems
	frame.Baseline
	Conflict      *frame.Conflict // somebody else saved it meanwhile
	Base, Href    string
	Title, Text   string
	Subject, Body string
	Own           bool
	Variables     []string
	Address       string // where a test goes
}

// preview is the address of the frame, which shows what is saved. What is typed is
// drawn when its form is sent there: nobody else's words in an address become a page
// of ours.
func (v mailTemplateView) preview() string { return v.Href + "/preview" }

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
	return mailTemplateView{
		Baseline: frame.BaselineOf(templateFields(scope.Reader), t.Version, t),
		Base:     scope.Base, Href: scope.Base + "/settings/email/" + string(t.Kind), Title: title, Text: text,
		Subject: t.Subject, Body: t.Body, Own: t.Own, Variables: message.Variables(t.Kind), Address: scope.Member.Email,
	}, t, nil
}

// templateFields are what two members may change at the same time.
func templateFields(reader frame.Reader) []frame.FormField[message.Template] {
	return []frame.FormField[message.Template]{
		frame.TextField(reader.T("Subject"), func(t *message.Template) *string { return &t.Subject }),
		frame.TextField(reader.T("Text"), func(t *message.Template) *string { return &t.Body }),
	}
}

// typedTemplate is the template of the form, which may be broken.
func (d pages) typedTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) (mailTemplateView, message.Template, error) {
	v, t, err := d.mailTemplate(r, scope)
	if err != nil {
		return v, t, err
	}
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return v, t, err
	}
	t.Subject, t.Body = r.PostForm.Get("subject"), r.PostForm.Get("body")
	v.Subject, v.Body = t.Subject, t.Body
	v.Baseline = frame.BaselineFrom(r.PostForm)
	return v, t, nil
}

func (d pages) saveMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, t, err := d.typedTemplate(w, r, scope)
	if err != nil {
		return err
	}
	_, stored, err := d.mailTemplate(r, scope)
	if err != nil {
		return err
	}
	object := "template/" + string(t.Kind)
	rows := frame.Reconcile(templateFields(scope.Reader), r.PostForm, frame.Baseline{Version: stored.Version}, stored, &t)
	v.Subject, v.Body = t.Subject, t.Body
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
	d.RecordEdit(r.Context(), scope, object, version)
	d.Toast(r, ui.ToastProps{Text: scope.T("“{{.Title}}” is saved", "Title", v.Title)})
	return frame.Redirect(w, r, v.Href)
}

// templateProblem shows the form again with what is wrong.
func (d pages) templateProblem(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v mailTemplateView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	v.Problems = p
	return d.showTemplateForm(w, r, scope, http.StatusUnprocessableEntity, v)
}

// testMailTemplate sends what is typed to the member, saved or not.
func (d pages) testMailTemplate(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, t, err := d.typedTemplate(w, r, scope)
	if err != nil {
		return err
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
// or what is typed. Nothing is stored, for a POST either.
func (d pages) previewMail(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	_, t, err := d.mailTemplate(r, scope)
	if r.Method == http.MethodPost {
		_, t, err = d.typedTemplate(w, r, scope)
	}
	if err != nil {
		return err
	}
	l, err := d.Messages.Preview(r.Context(), scope.Business, t)
	page := l.HTML
	switch {
	case fault.Is(err, fault.Invalid):
		page = frame.FrameText(frame.Sentences(scope.Reader, fault.Of(err)))
	case err != nil:
		return err
	case r.URL.Query().Get("as") == "text":
		page = frame.FrameText(scope.T("Subject: {{.Subject}}\n\n{{.Text}}", "Subject", l.Subject, "Text", l.Text))
	}
	w.Header().Set("Content-Security-Policy", guard.LetterPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page)) // the client went away; nobody is left to tell
	return nil
}

// explain says what a variable stands for.
func explain(reader frame.Reader, name string) string {
	switch name {
	case "customer_name":
		return reader.T("name of the customer")
	case "first_name":
		return reader.T("first word of the name; may be empty")
	case "message":
		return reader.T("your own words for this send; may be empty")
	case "number", "max":
		return reader.T("which reminder it is, and of how many")
	case "link_url":
		return reader.T("address for a button: the recipient’s own link")
	case "customer_email":
		return reader.T("email address of the payer")
	case "amount":
		return reader.T("amount with its currency")
	case "link_name":
		return reader.T("what was paid for")
	case "business_name":
		return reader.T("your name")
	case "receipt_number":
		return reader.T("number of the receipt")
	case "paid_at":
		return reader.T("day and time of the payment")
	case "reference":
		return reader.T("your own reference; may be empty")
	case "notes":
		return reader.T("note of the payer; may be empty")
	case "limit":
		return reader.T("how many payments the link takes")
	case "inviter_name":
		return reader.T("who invites")
	case "role":
		return reader.T("role of the invited")
	case "expires_at":
		return reader.T("until when it works")
	case "receipt_url", "dashboard_url", "invitation_url":
		return reader.T("address for a button")
	case wording.Summary:
		return reader.T("card with all facts, alone on its line")
	}
	return ""
}
