package returned

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/bounce"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/bounce/report"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// view is the page Settings → Email → Returned mail.
type view struct {
	Settings frame.SettingsView
	frame.Problems
	Base, Version string
	Values        values
	HasPassword   bool
	Source        bounce.Source // as it is stored
	Returned      []row
	Now           time.Time
	Zone          *time.Location
}

// values are the fields as they were typed.
type values struct {
	Kind, Host, Port, TLS, User, Password, Folder, ReturnAddress string
}

// row is a mail that came back.
type row struct {
	Address, Reason string
	Badge           ui.BadgeProps
	At              time.Time
	Lift            bool // the address is written to no more
}

// The ways to encrypt, as the form has them.
const (
	implicit = "implicit"
	startTLS = "starttls"
)

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.view(r, scope)
	if err != nil {
		return err
	}
	return d.form(w, r, scope, http.StatusOK, v)
}

func (d pages) form(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v view) error {
	return frame.Render(w, r, status, page(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) view(r *http.Request, scope *frame.Scope) (v view, err error) {
	s, err := d.Bounces.Source(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	mail, err := d.Messages.Settings(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	v = view{
		Settings: frame.SettingsAt(scope, "email"), Base: scope.Base, Version: strconv.FormatInt(s.Version, 10), Source: s, HasPassword: s.Mailbox.User != "",
		Now: scope.Now, Zone: scope.Business.Location(),
		Values: values{Kind: string(s.Kind), Host: s.Mailbox.Host, Port: s.Mailbox.Port, TLS: implicit, User: s.Mailbox.User, Folder: s.Mailbox.Folder, ReturnAddress: mail.ReturnAddress},
	}
	if s.Mailbox.Host != "" && !s.Mailbox.Implicit {
		v.Values.TLS = startTLS
	}
	newest, err := d.Bounces.Newest(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	off, err := d.Deliveries.WrittenOff(r.Context(), d.DB, scope.Business.ID, addressesOf(newest))
	for _, b := range newest {
		v.Returned = append(v.Returned, row{b.Address, b.Reason, badge(scope.Reader, b.Kind), b.At, off[b.Address]})
		off[b.Address] = false // one button for each address
	}
	return v, err
}

func addressesOf(all []bounce.Bounce) (addresses []string) {
	for _, b := range all {
		addresses = append(addresses, b.Address)
	}
	return addresses
}

// badge says what came back.
func badge(reader frame.Reader, k report.Kind) ui.BadgeProps {
	switch k {
	case report.Hard:
		return ui.BadgeProps{Label: reader.T("No such address"), Tone: ui.Red}
	case report.Complaint:
		return ui.BadgeProps{Label: reader.T("Marked as unwanted"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Not accepted this time"), Tone: ui.Orange}
}

func valuesFrom(form url.Values) values {
	return values{
		Kind: form.Get("kind"), Host: form.Get("host"), Port: form.Get("port"), TLS: form.Get("tls"), User: form.Get("user"), Password: form.Get("password"),
		Folder: form.Get("folder"), ReturnAddress: form.Get("return_address"),
	}
}

func (d pages) save(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.view(r, scope)
	if err != nil {
		return err
	}
	v.Values = valuesFrom(r.PostForm)
	err = d.change(r, scope, v.Values)
	v.Values.Password = "" // never sent back
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, "")
		return d.form(w, r, scope, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v.Problems = p
		return d.form(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your settings for returned mail are saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/email/returned")
}

func (d pages) change(r *http.Request, scope *frame.Scope, v values) error {
	returns := v.ReturnAddress
	if v.Kind != string(bounce.ByMailbox) {
		returns = "" // a mail service has an address of its own for what comes back
	}
	if _, err := d.Messages.ChangeSettings(r.Context(), scope.Business.ID, 0, message.SettingsPatch{ReturnAddress: &returns}); err != nil {
		return err
	}
	_, err := d.Bounces.Change(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), bounce.Wanted{
		Kind:    bounce.SourceKind(v.Kind),
		Mailbox: imap.Mailbox{Host: v.Host, Port: v.Port, User: v.User, Password: v.Password, Implicit: v.TLS != startTLS, Folder: v.Folder},
	})
	return err
}

// lift lets an address be written to again.
func (d pages) lift(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	err := d.DB.InTx(r.Context(), func(tx *db.Tx) error {
		_, err := d.Deliveries.Lift(r.Context(), tx, scope.Business.ID, message.ByEmail, r.PostForm.Get("address"))
		return err
	})
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Address}} is written to again", "Address", r.PostForm.Get("address"))})
	return frame.Redirect(w, r, scope.Base+"/settings/email/returned")
}

func (v view) passwordHint(reader frame.Reader) string {
	if v.HasPassword {
		return reader.T("Leave it empty to keep the one that is stored.")
	}
	return ""
}

// serviceHelp says where a service wants to be told our address.
func serviceHelp(reader frame.Reader, kind bounce.SourceKind) string {
	switch kind {
	case bounce.BySES:
		return reader.T("In Amazon SNS, make a topic with an HTTPS subscription to this address. In Amazon SES, let bounces, complaints and deliveries be published to that topic, with the original headers.")
	case bounce.ByPostmark:
		return reader.T("In Postmark, open your message stream, Webhooks, and add this address for deliveries, bounces and spam complaints.")
	}
	return reader.T("In Brevo, open Transactional, Settings, Webhook, and add this address for delivered, hard bounce, soft bounce, invalid email and complaint.")
}
