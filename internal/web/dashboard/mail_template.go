package dashboard

import (
	"html"
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// mailTemplateView is the form of one template.
type mailTemplateView struct {
	problems
	baseline
	Conflict      *conflict // somebody else saved it meanwhile
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

func (d *Dashboard) showMailTemplate(w http.ResponseWriter, r *http.Request, at *room) error {
	v, _, err := d.mailTemplate(r, at)
	if err != nil {
		return err
	}
	return d.showTemplateForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showTemplateForm(w http.ResponseWriter, r *http.Request, at *room, status int, v mailTemplateView) error {
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return render(w, r, status, mailTemplatePage(d.frame(r, at, place{v.Title, settingsRoom}), v))
}

func (d *Dashboard) mailTemplate(r *http.Request, at *room) (mailTemplateView, message.Template, error) {
	t, err := d.Messages.Template(r.Context(), at.Business, message.Kind(r.PathValue("kind")))
	if err != nil {
		return mailTemplateView{}, t, err
	}
	title, text := mailNames(t.Kind)
	return mailTemplateView{
		baseline: baselineOf(templateFields(), t.Version, t),
		Base:     at.Base, Href: at.Base + "/settings/email/" + string(t.Kind), Title: title, Text: text,
		Subject: t.Subject, Body: t.Body, Own: t.Own, Variables: message.Variables(t.Kind), Address: at.Member.Email,
	}, t, nil
}

// templateFields are what two members may change at the same time.
func templateFields() []formField[message.Template] {
	return []formField[message.Template]{
		textField("Subject", func(t *message.Template) *string { return &t.Subject }),
		textField("Text", func(t *message.Template) *string { return &t.Body }),
	}
}

// typedTemplate is the template of the form, which may be broken.
func (d *Dashboard) typedTemplate(w http.ResponseWriter, r *http.Request, at *room) (mailTemplateView, message.Template, error) {
	v, t, err := d.mailTemplate(r, at)
	if err != nil {
		return v, t, err
	}
	if err := readForm(w, r, maxForm); err != nil {
		return v, t, err
	}
	t.Subject, t.Body = r.PostForm.Get("subject"), r.PostForm.Get("body")
	v.Subject, v.Body = t.Subject, t.Body
	v.baseline = baselineFrom(r.PostForm)
	return v, t, nil
}

func (d *Dashboard) saveMailTemplate(w http.ResponseWriter, r *http.Request, at *room) error {
	v, t, err := d.typedTemplate(w, r, at)
	if err != nil {
		return err
	}
	_, stored, err := d.mailTemplate(r, at)
	if err != nil {
		return err
	}
	object := "template/" + string(t.Kind)
	rows := settle(templateFields(), r.PostForm, baseline{Version: stored.Version}, stored, &t)
	v.Subject, v.Body = t.Subject, t.Body
	if len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.conflictOf(r.Context(), at, object, stored.Version, v.Href, rows); err != nil {
			return err
		}
		return d.showTemplateForm(w, r, at, http.StatusConflict, v)
	}
	t.Version = stored.Version
	version, err := d.Messages.SaveTemplate(r.Context(), at.Business.ID, t)
	if fault.Is(err, fault.Stale) {
		return d.saveMailTemplate(w, r, at) // saved while we looked: look again
	}
	if err != nil {
		return d.templateProblem(w, r, at, v, err)
	}
	d.noteEdit(r.Context(), at, object, version)
	d.say(r, ui.ToastProps{Text: "“" + v.Title + "” is saved"})
	return redirect(w, r, v.Href)
}

// templateProblem shows the form again with what is wrong.
func (d *Dashboard) templateProblem(w http.ResponseWriter, r *http.Request, at *room, v mailTemplateView, err error) error {
	p, ok := problemsOf(err, nil)
	if !ok {
		return err
	}
	v.problems = p
	return d.showTemplateForm(w, r, at, http.StatusUnprocessableEntity, v)
}

// testMailTemplate sends what is typed to the member, saved or not.
func (d *Dashboard) testMailTemplate(w http.ResponseWriter, r *http.Request, at *room) error {
	v, t, err := d.typedTemplate(w, r, at)
	if err != nil {
		return err
	}
	err = d.Messages.SendTest(r.Context(), at.Business, t, at.Member.Email, at.Member.Name)
	if f := fault.Of(err); err != nil && f.Code == fault.Unavailable {
		v.Problem = f.Message
		return d.showTemplateForm(w, r, at, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		return d.templateProblem(w, r, at, v, err)
	}
	f := d.frame(r, at, place{v.Title, settingsRoom})
	f.Toasts = append(f.Toasts, ui.ToastProps{Text: "A test is on its way to " + at.Member.Email})
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return render(w, r, http.StatusOK, mailTemplatePage(f, v))
}

func (d *Dashboard) resetMailTemplate(w http.ResponseWriter, r *http.Request, at *room) error {
	v, t, err := d.mailTemplate(r, at)
	if err != nil {
		return err
	}
	if err := d.Messages.ResetTemplate(r.Context(), at.Business.ID, t.Kind); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "“" + v.Title + "” says what it said at first"})
	return redirect(w, r, v.Href)
}

// previewMail is the mail that the template makes, for a frame: what is stored,
// or what is typed. Nothing is stored, for a POST either.
func (d *Dashboard) previewMail(w http.ResponseWriter, r *http.Request, at *room) error {
	_, t, err := d.mailTemplate(r, at)
	if r.Method == http.MethodPost {
		_, t, err = d.typedTemplate(w, r, at)
	}
	if err != nil {
		return err
	}
	l, err := d.Messages.Preview(r.Context(), at.Business, t)
	page := l.HTML
	switch {
	case fault.Is(err, fault.Invalid):
		page = frameText(sentences(fault.Of(err)))
	case err != nil:
		return err
	case r.URL.Query().Get("as") == "text":
		page = frameText("Subject: " + l.Subject + "\n\n" + l.Text)
	}
	w.Header().Set("Content-Security-Policy", guard.LetterPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page)) // the client went away; nobody is left to tell
	return nil
}

// frameText is plain text as a page of the frame, whose only style is its own.
func frameText(text string) string {
	return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Preview</title>` +
		`<pre style="margin:1.5rem;font:0.875rem/1.6 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere">` + html.EscapeString(text) + `</pre></html>`
}

// explain says what a variable stands for.
func explain(name string) string {
	switch name {
	case "customer_name":
		return "name of the customer"
	case "first_name":
		return "first word of the name; may be empty"
	case "message":
		return "your own words for this send; may be empty"
	case "number", "max":
		return "which reminder it is, and of how many"
	case "link_url":
		return "address for a button: the recipient’s own link"
	case "customer_email":
		return "email address of the payer"
	case "amount":
		return "amount with its currency"
	case "link_name":
		return "what was paid for"
	case "business_name":
		return "your name"
	case "receipt_number":
		return "number of the receipt"
	case "paid_at":
		return "day and time of the payment"
	case "reference":
		return "your own reference; may be empty"
	case "notes":
		return "note of the payer; may be empty"
	case "limit":
		return "how many payments the link takes"
	case "inviter_name":
		return "who invites"
	case "role":
		return "role of the invited"
	case "expires_at":
		return "until when it works"
	case "receipt_url", "dashboard_url", "invitation_url":
		return "address for a button"
	case wording.Summary:
		return "card with all facts, alone on its line"
	}
	return ""
}
