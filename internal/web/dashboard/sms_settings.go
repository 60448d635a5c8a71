package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/web/ui"
)

// smsSettingsView is the page Settings → SMS. Keys never come back to it.
type smsSettingsView struct {
	Settings settingsView
	problems
	Base, Version       string
	Values              smsValues
	HasKey, HasSigning  bool
	MessageBird, Twilio string // where the gateway tells of texts that come in
	Most                string
	SenderName          string // as phones show it with what is stored
	NoGateway           bool   // nothing can be sent
	Troubles            []message.SMSTrouble
	Test                smsTestView
	Now                 time.Time
}

// smsValues are the fields as they were typed.
type smsValues struct {
	Kind, User, Key, SigningKey, From string
	Sender, DayCap                    string
}

func (d *Dashboard) showSMSSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.smsSettings(r, at)
	if err != nil {
		return err
	}
	return d.showSMSForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showSMSForm(w http.ResponseWriter, r *http.Request, at *room, status int, v smsSettingsView) error {
	v.Values.Key, v.Values.SigningKey = "", "" // never sent back
	return render(w, r, status, smsSettingsPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) smsSettings(r *http.Request, at *room) (smsSettingsView, error) {
	s, err := d.Messages.SMSSettings(r.Context(), at.Business.ID)
	if err != nil {
		return smsSettingsView{}, err
	}
	from, err := d.Messages.SMSSender(r.Context(), d.DB, at.Business)
	if err != nil {
		return smsSettingsView{}, err
	}
	troubles, err := d.Messages.SMSTroubles(r.Context(), at.Business.ID)
	return smsSettingsView{
		SenderName: from.Name, NoGateway: !from.Set(), Troubles: troubles, Now: at.Now,
		Settings: settingsAt(at, "sms"), Base: at.Base, Version: strconv.FormatInt(s.Version, 10), HasKey: s.Account.Kind != "", HasSigning: s.HasSigningKey,
		MessageBird: d.Messages.SMSHookURL(sms.ByMessageBird, at.Business.ID), Twilio: d.Messages.SMSHookURL(sms.ByTwilio, at.Business.ID),
		Most: count(message.MaxDayCap),
		Values: smsValues{
			Kind: string(s.Account.Kind), User: s.Account.User, From: s.Account.From, Sender: s.Sender, DayCap: strconv.FormatInt(s.DayCap, 10),
		},
	}, err
}

func smsValuesFrom(form url.Values) smsValues {
	return smsValues{
		Kind: form.Get("kind"), User: form.Get("user"), Key: form.Get("key"), SigningKey: form.Get("signing_key"), From: form.Get("from"),
		Sender: form.Get("sender"), DayCap: form.Get("day_cap"),
	}
}

func (v smsValues) settings() message.SMSSettings {
	s := message.SMSSettings{Sender: v.Sender, DayCap: -1} // nonsense is refused with the bounds
	if n, err := strconv.ParseInt(v.DayCap, 10, 64); err == nil {
		s.DayCap = n
	}
	if v.Kind != "" {
		s.Account = sms.Account{Kind: sms.Kind(v.Kind), Key: v.Key, From: v.From}
	}
	switch s.Account.Kind {
	case sms.ByTwilio:
		s.Account.User = v.User
	case sms.ByMessageBird:
		s.Account.SigningKey = v.SigningKey
	}
	return s
}

func (d *Dashboard) saveSMSSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, err := d.smsSettings(r, at)
	if err != nil {
		return err
	}
	v.Values = smsValuesFrom(r.PostForm)
	err = d.Messages.ChangeSMSSettings(r.Context(), at.Business.ID, versionFrom(r.PostForm), v.Values.settings())
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem("")
		return d.showSMSForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		v.problems = p
		return d.showSMSForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your SMS settings are saved"})
	return redirect(w, r, at.Base+"/settings/sms")
}

// KeyHint says what an empty field does.
func (v smsSettingsView) KeyHint() string {
	if v.HasKey {
		return "Leave it empty to keep the one that is stored, for the same account."
	}
	return ""
}
