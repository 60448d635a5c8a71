package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
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
	Bird                string // where Bird tells what becomes of messages
	MessageBird, Twilio string // where the gateway tells of texts that come in
	Classic             bool   // what is stored is a classic key
	Trouble             message.SMSProblem
	Most                string
	SenderName          string // as phones show it with what is stored
	NoGateway           bool   // nothing can be sent
	Troubles            []message.SMSTrouble
	Test                smsTestView
	Now                 time.Time
	Zone                *time.Location
}

// smsValues are the fields as they were typed.
type smsValues struct {
	Kind, User, Key, SigningKey, Secret, From string
	Sender, DayCap                            string
}

func (d *Dashboard) showSMSSettings(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.smsSettings(r, at)
	if err != nil {
		return err
	}
	return d.showSMSForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showSMSForm(w http.ResponseWriter, r *http.Request, at *room, status int, v smsSettingsView) error {
	v.Values.Key, v.Values.SigningKey, v.Values.Secret = "", "", "" // never sent back
	f := d.frame(r, at, v.Settings.place())
	if v.Trouble.Reason != "" && f.Alert != nil && f.Alert.Href == at.Base+"/settings/sms" {
		f.Alert = nil // the page itself tells it
	}
	return render(w, r, status, smsSettingsPage(f, v))
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
	trouble, err := d.Messages.SMSProblem(r.Context(), d.DB, at.Business.ID)
	if err != nil {
		return smsSettingsView{}, err
	}
	troubles, err := d.Messages.SMSTroubles(r.Context(), at.Business.ID)
	return smsSettingsView{
		Bird: d.Messages.SMSHookURL(sms.ByBird, at.Business.ID), Classic: from.Classic(), Trouble: trouble,
		SenderName: from.Name, NoGateway: !from.Set(), Troubles: troubles, Now: at.Now, Zone: at.Business.Location(),
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
		Kind: form.Get("kind"), User: form.Get("user"), Key: form.Get("key"), SigningKey: form.Get("signing_key"), Secret: form.Get("webhook_secret"), From: form.Get("from"),
		Sender: form.Get("sender"), DayCap: form.Get("day_cap"),
	}
}

func (v smsValues) settings() message.SMSSettings {
	s := message.SMSSettings{Sender: v.Sender, DayCap: -1} // nonsense is refused with the bounds
	if n, err := strconv.ParseInt(v.DayCap, 10, 64); err == nil {
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
	if fault.Is(err, fault.Unavailable) {
		v.Problem = fault.Of(err).Message
		return d.showSMSForm(w, r, at, http.StatusServiceUnavailable, v)
	}
	if err != nil {
		p, ok := problemsOf(err, v.Values.inputs())
		if !ok {
			return err
		}
		v.problems = p
		return d.showSMSForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your SMS settings are saved"})
	return redirect(w, r, at.Base+"/settings/sms")
}

// smsAlert tells every page that SMS wait, because the gateway refuses the
// account.
func (d *Dashboard) smsAlert(r *http.Request, at *room) *ui.Alert {
	p, err := d.Messages.SMSProblem(r.Context(), d.DB, at.Business.ID)
	if err != nil || p.Reason == "" {
		return nil // where it can't be read the alert is missing, the page is not
	}
	return &ui.Alert{Text: smsProblemText(p), Href: at.Base + "/settings/sms", Action: "Open SMS settings"}
}

// smsProblemText says what waits and who can mend it.
func smsProblemText(p message.SMSProblem) string {
	said := "Your SMS wait. " + p.Reason
	if !p.Own {
		said += " The account is this installation’s: tell whoever runs it, or enter your own."
	}
	return said
}

// SecretHint says what an empty field of Bird's webhook secret does.
func (v smsSettingsView) SecretHint() string {
	if v.HasSigning && sms.Kind(v.Values.Kind) == sms.ByBird {
		return "One is stored. Leave it empty to keep it."
	}
	return "Bird shows it once the webhook is made; it begins with whsec_. Without it messages stay Sent."
}

// KeyHint says what an empty field does.
func (v smsSettingsView) KeyHint() string {
	if v.HasKey {
		return "Leave it empty to keep the one that is stored, for the same account."
	}
	return ""
}
