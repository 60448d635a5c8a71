package messages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// mailSettingsView is the page Settings → Email.
type mailSettingsView struct {
	Settings frame.SettingsView
	frame.Problems
	Base, Version string
	Values        mailValues
	Name          string // of the business
	Contact       string // its contact address
	HasPassword   bool   // one is stored
	Unreadable    bool   // the mail server that is stored can't be read
	Templates     []mailTemplateRow
	Troubles      []message.Unsent
	Now           time.Time
	Zone          *time.Location
}

// mailValues are the fields as they were typed.
type mailValues struct {
	FromName, FromAddress, ReplyTo  string
	Own                             bool // a mail server of the business's own
	Host, Port, TLS, User, Password string
	AttachPDF                       bool
}

// mailTemplateRow is an entry of the list of templates.
type mailTemplateRow struct {
	Title, Text, Href string
	Own               bool
}

func (d pages) showMailSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.mailSettings(r, scope)
	if err != nil {
		return err
	}
	return d.showMailForm(w, r, scope, http.StatusOK, v)
}

func (d pages) showMailForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v mailSettingsView) error {
	return frame.Render(w, r, status, mailSettingsPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) mailSettings(r *http.Request, scope *frame.Scope) (mailSettingsView, error) {
	s, err := d.Messages.Settings(r.Context(), scope.Business.ID)
	if err != nil {
		return mailSettingsView{}, err
	}
	v := mailSettingsView{
		Settings: frame.SettingsAt(scope, "email"), Base: scope.Base, Version: strconv.FormatInt(s.Version, 10), Name: scope.Business.Name, Contact: scope.Business.ContactEmail,
		HasPassword: s.Server.User != "", Unreadable: s.Unreadable, Now: scope.Now, Zone: scope.Business.Location(),
		Values: mailValues{
			FromName: s.FromName, FromAddress: s.FromAddress, ReplyTo: s.ReplyTo, Own: s.Server.Host != "" || s.Unreadable, Host: s.Server.Host,
			Port: s.Server.Port, TLS: string(s.Server.TLS), User: s.Server.User, AttachPDF: s.AttachPDF,
		},
	}
	own, err := d.Messages.OwnTemplates(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	for _, k := range message.Kinds() {
		title, text := mailNames(scope.Reader, k)
		v.Templates = append(v.Templates, mailTemplateRow{title, text, scope.Base + "/settings/email/" + string(k), slices.Contains(own, k)})
	}
	v.Troubles, err = d.Messages.UnsentMails(r.Context(), scope.Business.ID)
	return v, err
}

// mailNames say what a kind of mail is called and who gets it.
func mailNames(reader frame.Reader, k message.Kind) (title, text string) {
	switch k {
	case message.KindLink:
		return reader.T("Payment link"), reader.T("To a customer, when you send them a link.")
	case message.KindReminderFirst:
		return reader.T("First reminder"), reader.T("To a customer who has not paid; the only one if there is one.")
	case message.KindReminderMiddle:
		return reader.T("Later reminders"), reader.T("Between the first and the last.")
	case message.KindReminderLast:
		return reader.T("Last reminder"), reader.T("The last one that your plan allows.")
	case message.KindRecovery:
		return reader.T("Payment not finished"), reader.T("To whoever began to pay and did not finish, once.")
	case message.KindWaitingJoined:
		return reader.T("On the waiting list"), reader.T("To whoever joins the waiting list of a full link.")
	case message.KindWaitingOffered:
		return reader.T("A place is offered"), reader.T("To the first on the waiting list, when a place comes free.")
	case message.KindWaitingOpen:
		return reader.T("Nobody has to wait"), reader.T("To all on the waiting list, when the link has no limit any more.")
	case message.KindReceipt:
		return reader.T("Receipt"), reader.T("To the payer, for every payment.")
	case message.KindPaid:
		return reader.T("You were paid"), reader.T("To the owners, for every payment.")
	case message.KindRefund:
		return reader.T("Refund|an email"), reader.T("To the payer, when money went back.")
	case message.KindOverflow:
		return reader.T("No place left"), reader.T("To the payer, when money came too late and went back by itself.")
	case message.KindLimitReached:
		return reader.T("Limit reached"), reader.T("To the owners, when a link has all its payments.")
	case message.KindInvitation:
		return reader.T("Invitation"), reader.T("To whom you invite to your team.")
	}
	return string(k), ""
}

func mailValuesFrom(form url.Values) mailValues {
	return mailValues{
		FromName: form.Get("from_name"), FromAddress: form.Get("from_address"), ReplyTo: form.Get("reply_to"), Own: frame.Ticked(form, "own"),
		Host: form.Get("host"), Port: form.Get("port"), TLS: form.Get("tls"), User: form.Get("user"), Password: form.Get("password"),
		AttachPDF: frame.Ticked(form, "attach_pdf"),
	}
}

// server is the mail server that was typed; without a host none.
func (v mailValues) server() email.Server {
	if !v.Own {
		return email.Server{}
	}
	s := email.Server{Host: v.Host, Port: v.Port, TLS: email.TLS(v.TLS), User: v.User, Password: v.Password}
	if s.Port == "" {
		s.Port = "587"
		if s.TLS == email.Implicit {
			s.Port = "465"
		}
	}
	return s
}

func (d pages) saveMailSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.mailSettings(r, scope)
	if err != nil {
		return err
	}
	v.Values = mailValuesFrom(r.PostForm)
	err = d.changeMail(r, scope, v.Values)
	v.Values.Password = "" // never sent back
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, "")
		return d.showMailForm(w, r, scope, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, map[string]string{"server.host": "host", "server.password": "password"})
		if !ok {
			return err
		}
		v.Problems = p
		return d.showMailForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your email settings are saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/email")
}

func (d pages) changeMail(r *http.Request, scope *frame.Scope, v mailValues) error {
	if v.Own && v.Host == "" {
		var wrong fault.Fields
		wrong.Add("server.host", "", "Fill in the name of your mail server, like mail.example.com, or switch it off.")
		return wrong.Err()
	}
	server := v.server()
	_, err := d.Messages.ChangeSettings(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), message.SettingsPatch{
		FromName: &v.FromName, FromAddress: &v.FromAddress, ReplyTo: &v.ReplyTo, Server: &server, AttachPDF: &v.AttachPDF,
	})
	return err
}

// retryMails lets mails that wait or failed begin anew.
func (d pages) retryMails(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	n, err := d.Messages.RetryMails(r.Context(), scope.Business.ID)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.N(n, "{{.Count}} email is tried again now", "{{.Count}} emails are tried again now")})
	return frame.Redirect(w, r, scope.Base+"/settings/email")
}

func mailTitle(reader frame.Reader, k message.Kind) string {
	title, _ := mailNames(reader, k)
	return title
}

func (v mailSettingsView) replyHint(reader frame.Reader) string {
	if v.Contact == "" {
		return reader.T("Without one nobody can answer.")
	}
	return reader.T("Without one they go to {{.Contact}}.", "Contact", v.Contact)
}

func (v mailSettingsView) passwordHint(reader frame.Reader) string {
	if v.HasPassword {
		return reader.T("Leave it empty to keep the one that is stored.")
	}
	return ""
}
