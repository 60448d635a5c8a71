package dashboard

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/qr"
	"smartlinks/internal/web/ui"
)

// pending is what a session holds between password and code.
type pending struct {
	User  account.UserID
	Epoch int64 // of the password that was given
	Next  string
	Until time.Time // by the wall
}

// pendingLife is how long a code may take to find.
const pendingLife = 10 * time.Minute

// askCode remembers that the password was right, and asks for the code.
func (d *Dashboard) askCode(w http.ResponseWriter, r *http.Request, u account.User, next string) error {
	if err := d.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	text, err := json.Marshal(pending{User: u.ID, Epoch: u.Epoch, Next: next, Until: d.DB.Clock().Wall().Add(pendingLife)})
	if err != nil {
		return err
	}
	d.sessions.Put(r.Context(), pendingKey, string(text))
	return redirect(w, r, "/sign-in/code")
}

// asked is whose code is awaited.
func (d *Dashboard) asked(r *http.Request) (p pending, ok bool) {
	text := d.sessions.GetString(r.Context(), pendingKey)
	if text == "" || json.Unmarshal([]byte(text), &p) != nil || d.DB.Clock().Wall().After(p.Until) {
		return pending{}, false
	}
	return p, true
}

func (d *Dashboard) showCode(w http.ResponseWriter, r *http.Request) error {
	if _, ok := d.asked(r); !ok {
		return redirect(w, r, "/sign-in")
	}
	return render(w, r, http.StatusOK, codePage(problems{}))
}

func (d *Dashboard) checkCode(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	p, ok := d.asked(r)
	if !ok {
		return redirect(w, r, "/sign-in")
	}
	user := account.User{ID: p.User, Epoch: p.Epoch}
	by, err := d.TwoStep.Check(r.Context(), d.visitor(r), user, r.PostForm.Get("code"))
	if err == nil {
		err = d.enter(w, r, user, by)
	}
	switch f := fault.Of(err); {
	case err == nil:
		d.sessions.Remove(r.Context(), pendingKey)
		return redirect(w, r, firstOf(p.Next, "/dashboard"))
	case f.Code == fault.TooMany:
		return render(w, r, http.StatusTooManyRequests, codePage(problems{Problem: f.Message}))
	case f.Code == fault.Invalid:
		shown, _ := problemsOf(err, nil)
		return render(w, r, http.StatusUnprocessableEntity, codePage(shown))
	case f.Code == fault.Unauthenticated:
		d.sessions.Remove(r.Context(), pendingKey)
		return redirect(w, r, "/sign-in")
	}
	return err
}

// twoStepView is the page that turns the second step on.
type twoStepView struct {
	problems
	Base  string
	Key   string // in groups, to be typed
	Image string // the key as a picture to be scanned
}

// prepareTwoStep makes a key, which the page then shows.
func (d *Dashboard) prepareTwoStep(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	err := d.TwoStep.Prepare(r.Context(), at.Member.ID, r.PostForm.Get("current_password"))
	if err != nil {
		return d.accountSaved(w, r, at, err, "", func(v *accountView, p problems) { v.TwoStep = p })
	}
	return redirect(w, r, at.Base+"/account/two-step")
}

func (d *Dashboard) showTwoStep(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.twoStepForm(w, r, at, http.StatusOK, problems{})
}

func (d *Dashboard) twoStepForm(w http.ResponseWriter, r *http.Request, at *room, status int, p problems) error {
	key, err := d.TwoStep.Prepared(r.Context(), at.Member.ID)
	if fault.Is(err, fault.NotFound) {
		return redirect(w, r, at.Base+"/account#two-step")
	}
	if err != nil {
		return err
	}
	code, err := qr.New(key.URL)
	if err != nil {
		return err
	}
	v := twoStepView{problems: p, Base: at.Base + "/account", Image: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(code.SVG())}
	for rest := key.Secret; rest != ""; rest = rest[min(4, len(rest)):] {
		v.Key += rest[:min(4, len(rest))] + " "
	}
	return render(w, r, status, twoStepPage(d.frame(r, at, frameTitle("Two-step sign-in")), v))
}

func (d *Dashboard) turnOnTwoStep(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	codes, err := d.TwoStep.TurnOn(r.Context(), at.Member.ID, r.PostForm.Get("code"))
	if fault.Is(err, fault.TooMany) {
		return d.twoStepForm(w, r, at, http.StatusTooManyRequests, problems{Problem: fault.Of(err).Message})
	}
	if fault.Is(err, fault.Invalid) {
		p, _ := problemsOf(err, nil)
		return d.twoStepForm(w, r, at, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return d.showCodes(w, r, at, codes)
}

// codesView shows recovery codes, this once.
type codesView struct {
	Base, Product, Download string
	Codes                   []string
}

func (d *Dashboard) showCodes(w http.ResponseWriter, r *http.Request, at *room, codes []string) error {
	text := "Recovery codes for " + at.Member.Email + " at " + d.PublicURL.Host + "\nEach works once.\n\n" + strings.Join(codes, "\n") + "\n"
	return render(w, r, http.StatusOK, codesPage(d.frame(r, at, frameTitle("Recovery codes")), codesView{
		Base: at.Base + "/account", Codes: codes,
		Download: "data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(text)),
	}))
}

func (d *Dashboard) turnOffTwoStep(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	err := d.TwoStep.TurnOff(r.Context(), at.Member.ID, r.PostForm.Get("current_password"))
	return d.accountSaved(w, r, at, err, "The second step is off", func(v *accountView, p problems) { v.TwoStep = p })
}

func (d *Dashboard) newCodes(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	codes, err := d.TwoStep.NewCodes(r.Context(), at.Member.ID, r.PostForm.Get("current_password"))
	if err != nil {
		return d.accountSaved(w, r, at, err, "", func(v *accountView, p problems) { v.TwoStep = p })
	}
	return d.showCodes(w, r, at, codes)
}

// codesLeft says how many recovery codes somebody still has.
func codesLeft(n int64) string { return ui.Plural(n, "recovery code", "recovery codes") + " left" }
