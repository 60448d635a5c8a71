package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/web/ui"
)

// mailSettingsView is the page Settings → E-mail.
type mailSettingsView struct {
	Settings settingsView
	problems
	Base, Version string
	Values        mailValues
	Name          string // of the business
	Contact       string // its contact address
	HasPassword   bool   // one is stored
	Templates     []mailTemplateRow
	Troubles      []message.Trouble
	Now           time.Time
	Zone          *time.Location
}

// mailValues are the fields as they were typed.
type mailValues struct {
	FromName, FromAddress, ReplyTo  string
	Own                             bool // a mail server of the business's own
	Host, Port, TLS, User, Password string
	TellPaid, TellLimit             bool
}

// mailTemplateRow is an entry of the list of templates.
type mailTemplateRow struct {
	Title, Text, Href string
	Own               bool
}

func (d *Dashboard) showMailSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.mailSettings(r, at)
	if err != nil {
		return err
	}
	return d.showMailForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showMailForm(w http.ResponseWriter, r *http.Request, at *room, status int, v mailSettingsView) error {
	return render(w, r, status, mailSettingsPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) mailSettings(r *http.Request, at *room) (mailSettingsView, error) {
	s, err := d.Messages.Settings(r.Context(), at.Business.ID)
	if err != nil {
		return mailSettingsView{}, err
	}
	v := mailSettingsView{
		Settings: settingsAt(at, "email"), Base: at.Base, Version: strconv.FormatInt(s.Version, 10), Name: at.Business.Name, Contact: at.Business.ContactEmail,
		HasPassword: s.Server.User != "", Now: at.Now, Zone: at.Business.Location(),
		Values: mailValues{
			FromName: s.FromName, FromAddress: s.FromAddress, ReplyTo: s.ReplyTo, Own: s.Server.Host != "", Host: s.Server.Host,
			Port: s.Server.Port, TLS: string(s.Server.TLS), User: s.Server.User, TellPaid: s.TellPaid, TellLimit: s.TellLimit,
		},
	}
	for _, k := range message.Kinds() {
		t, err := d.Messages.Template(r.Context(), at.Business, k)
		if err != nil {
			return v, err
		}
		title, text := mailNames(k)
		v.Templates = append(v.Templates, mailTemplateRow{title, text, at.Base + "/settings/email/" + string(k), t.Own})
	}
	v.Troubles, err = d.Messages.Troubles(r.Context(), at.Business.ID)
	return v, err
}

// mailNames say what a kind of mail is called and who gets it.
func mailNames(k message.Kind) (title, text string) {
	switch k {
	case message.KindLink:
		return "Payment link", "To a customer, when you send them a link."
	case message.KindReminderFirst:
		return "First reminder", "To a customer who has not paid; the only one if there is one."
	case message.KindReminderMiddle:
		return "Later reminders", "Between the first and the last."
	case message.KindReminderLast:
		return "Last reminder", "The last one that your plan allows."
	case message.KindReceipt:
		return "Receipt", "To the payer, for every payment."
	case message.KindPaid:
		return "You were paid", "To the owners, for every payment."
	case message.KindRefund:
		return "Refund", "To the payer, when money went back."
	case message.KindOverflow:
		return "No place left", "To the payer, when money came too late and went back by itself."
	case message.KindLimitReached:
		return "Limit reached", "To the owners, when a link has all its payments."
	case message.KindInvitation:
		return "Invitation", "To whom you invite to your team."
	}
	return string(k), ""
}

func mailValuesFrom(form url.Values) mailValues {
	return mailValues{
		FromName: form.Get("from_name"), FromAddress: form.Get("from_address"), ReplyTo: form.Get("reply_to"), Own: ticked(form, "own"),
		Host: form.Get("host"), Port: form.Get("port"), TLS: form.Get("tls"), User: form.Get("user"), Password: form.Get("password"),
		TellPaid: ticked(form, "tell_paid"), TellLimit: ticked(form, "tell_limit"),
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

func (d *Dashboard) saveMailSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, err := d.mailSettings(r, at)
	if err != nil {
		return err
	}
	v.Values = mailValuesFrom(r.PostForm)
	err = d.changeMail(r, at, v.Values)
	v.Values.Password = "" // never sent back
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem("")
		return d.showMailForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := problemsOf(err, map[string]string{"server.host": "host", "server.password": "password"})
		if !ok {
			return err
		}
		v.problems = p
		return d.showMailForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your email settings are saved"})
	return redirect(w, r, at.Base+"/settings/email")
}

func (d *Dashboard) changeMail(r *http.Request, at *room, v mailValues) error {
	if v.Own && v.Host == "" {
		var wrong fault.Fields
		wrong.Add("server.host", "", "Fill in the name of your mail server, like mail.example.com, or switch it off.")
		return wrong.Err()
	}
	server := v.server()
	_, err := d.Messages.ChangeSettings(r.Context(), at.Business.ID, versionFrom(r.PostForm), message.SettingsPatch{
		FromName: &v.FromName, FromAddress: &v.FromAddress, ReplyTo: &v.ReplyTo, Server: &server, TellPaid: &v.TellPaid, TellLimit: &v.TellLimit,
	})
	return err
}

// retryMails lets mails that wait or failed begin anew.
func (d *Dashboard) retryMails(w http.ResponseWriter, r *http.Request, at *room) error {
	n, err := d.Messages.TryAgain(r.Context(), at.Business.ID)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: ui.Plural(n, "mail is", "mails are") + " tried again now"})
	return redirect(w, r, at.Base+"/settings/email")
}

func mailTitle(k message.Kind) string {
	title, _ := mailNames(k)
	return title
}

func (v mailSettingsView) replyHint() string {
	if v.Contact == "" {
		return "Without one nobody can answer."
	}
	return "Without one they go to " + v.Contact + "."
}

func (v mailSettingsView) passwordHint() string {
	if v.HasPassword {
		return "Leave it empty to keep the one that is stored."
	}
	return ""
}
