package messages

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/texting"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// smsSettingsView is the page Settings → SMS. Keys never come back to it.
type smsSettingsView struct {
	Settings frame.SettingsView
	frame.Problems
	Base, Version       string
	Values              smsValues
	HasKey, HasSigning  bool
	Unreadable          bool   // the account that is stored can't be read
	Bird                string // where Bird tells what becomes of messages
	MessageBird, Twilio string // where the gateway tells of texts that come in
	Classic             bool   // what is stored is a classic key
	Trouble             texting.Problem
	Most                string
	SenderName          string // as phones show it with what is stored
	NoGateway           bool   // nothing can be sent
	Troubles            []texting.Unsent
	Test                smsTestView
	Now                 time.Time
	Zone                *time.Location
}

// smsValues are the fields as they were typed.
type smsValues struct {
	Kind, User, Key, SigningKey, Secret, From string
	Sender, DayCap                            string
}

func (d pages) showSMSSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.smsSettings(r, scope)
	if err != nil {
		return err
	}
	return d.showSMSForm(w, r, scope, http.StatusOK, v)
}

func (d pages) showSMSForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v smsSettingsView) error {
	v.Values.Key, v.Values.SigningKey, v.Values.Secret = "", "", "" // never sent back
	f := d.Frame(r, scope, v.Settings.Place())
	if v.Trouble.Reason != "" && f.Alert != nil && f.Alert.Href == scope.Base+"/settings/sms" {
		f.Alert = nil // the page itself tells it
	}
	return frame.Render(w, r, status, smsSettingsPage(f, v))
}

func (d pages) smsSettings(r *http.Request, scope *frame.Scope) (smsSettingsView, error) {
	s, err := d.Messages.SMSSettings(r.Context(), scope.Business.ID)
	if err != nil {
		return smsSettingsView{}, err
	}
	from, err := d.Messages.SMSSender(r.Context(), d.DB, scope.Business)
	if err != nil {
		return smsSettingsView{}, err
	}
	trouble, err := d.Messages.SMSProblem(r.Context(), d.DB, scope.Business.ID)
	if err != nil {
		return smsSettingsView{}, err
	}
	kind := string(s.Account.Kind)
	if s.Unreadable {
		kind = unchosen
	}
	troubles, err := d.Messages.UnsentSMS(r.Context(), scope.Business.ID)
	return smsSettingsView{
		Bird: d.Messages.SMSHookURL(sms.ByBird, scope.Business.ID), Classic: from.Classic(), Trouble: trouble,
		SenderName: from.Name, NoGateway: !from.Set(), Troubles: troubles, Now: scope.Now, Zone: scope.Business.Location(),
		Settings: frame.SettingsAt(scope, "sms"), Base: scope.Base, Version: strconv.FormatInt(s.Version, 10), HasKey: s.Account.Kind != "", HasSigning: s.HasSigningKey, Unreadable: s.Unreadable,
		MessageBird: d.Messages.SMSHookURL(sms.ByMessageBird, scope.Business.ID), Twilio: d.Messages.SMSHookURL(sms.ByTwilio, scope.Business.ID),
		Most: scope.Number(texting.MaxDayCap),
		Values: smsValues{
			Kind: kind, User: s.Account.User, From: s.Account.From, Sender: s.Sender, DayCap: strconv.FormatInt(s.DayCap, 10),
		},
	}, err
}

// unchosen is the gateway of a form that shows none as chosen.
const unchosen = "?"

func smsValuesFrom(form url.Values) smsValues {
	return smsValues{
		Kind: form.Get("kind"), User: form.Get("user"), Key: form.Get("key"), SigningKey: form.Get("signing_key"), Secret: form.Get("webhook_secret"), From: form.Get("from"),
		Sender: form.Get("sender"), DayCap: form.Get("day_cap"),
	}
}

func (v smsValues) settings() texting.Settings {
	s := texting.Settings{Sender: v.Sender, DayCap: -1} // nonsense is refused with the bounds
	if n, err := text.Whole(v.DayCap); err == nil {
		s.DayCap = n
	}
	if v.Kind != "" {
		s.Account = sms.Account{Kind: sms.Kind(v.Kind), Key: strings.TrimSpace(v.Key), From: strings.TrimSpace(v.From)}
	}
	switch s.Account.Kind {
	case sms.ByTwilio:
		s.Account.User = v.User
	case sms.ByBird:
		s.Account.SigningKey = v.Secret
	case sms.ByMessageBird:
		s.Account.SigningKey = v.SigningKey
	}
	return s
}

// inputs maps fields of an account to inputs where they differ.
func (v smsValues) inputs() map[string]string {
	if sms.Kind(v.Kind) == sms.ByBird {
		return map[string]string{"signing_key": "webhook_secret"}
	}
	return nil
}

func (d pages) saveSMSSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.smsSettings(r, scope)
	if err != nil {
		return err
	}
	stored := v.Values
	v.Values = smsValuesFrom(r.PostForm)
	if stored.Kind == unchosen && !r.PostForm.Has("kind") {
		v.Values.Kind = unchosen // or all that is chosen is to give up their own
	}
	err = d.Messages.ChangeSMSSettings(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), v.Values.settings())
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, "")
		return d.showSMSForm(w, r, scope, http.StatusConflict, v)
	}
	if fault.Is(err, fault.Unavailable) {
		v.Problem = scope.Sentence(fault.Of(err).Message)
		return d.showSMSForm(w, r, scope, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, v.Values.inputs())
		if !ok {
			return err
		}
		v.Problems = p
		return d.showSMSForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your SMS settings are saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/sms")
}

// SecretHint says what an empty field of Bird's webhook secret does.
func (v smsSettingsView) SecretHint(reader frame.Reader) string {
	if v.HasSigning && sms.Kind(v.Values.Kind) == sms.ByBird {
		return reader.T("One is stored. Leave it empty to keep it.")
	}
	return reader.T("Bird shows it once the webhook is made; it begins with whsec_. Without it messages stay Sent.")
}

// KeyHint says what an empty field does.
func (v smsSettingsView) KeyHint(reader frame.Reader) string {
	if v.HasKey {
		return reader.T("Leave it empty to keep the one that is stored, for the same account.")
	}
	return ""
}
