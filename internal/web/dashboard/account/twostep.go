package account

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/qr"
	"smartlinks/internal/web/dashboard/frame"
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
func (d pages) askCode(w http.ResponseWriter, r *http.Request, u account.User, next string) error {
	if err := d.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	text, err := json.Marshal(pending{User: u.ID, Epoch: u.Epoch, Next: next, Until: d.DB.Clock().Wall().Add(pendingLife)})
	if err != nil {
		return err
	}
	d.Sessions.Put(r.Context(), frame.PendingKey, string(text))
	return frame.Redirect(w, r, "/sign-in/code")
}

// asked is whose code is awaited.
func (d pages) asked(r *http.Request) (p pending, ok bool) {
	text := d.Sessions.GetString(r.Context(), frame.PendingKey)
	if text == "" || json.Unmarshal([]byte(text), &p) != nil || d.DB.Clock().Wall().After(p.Until) {
		return pending{}, false
	}
	return p, true
}

func (d pages) showCode(w http.ResponseWriter, r *http.Request) error {
	if _, ok := d.asked(r); !ok {
		return frame.Redirect(w, r, "/sign-in")
	}
	return frame.Render(w, r, http.StatusOK, codePage(frame.Problems{}))
}

func (d pages) checkCode(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	p, ok := d.asked(r)
	if !ok {
		return frame.Redirect(w, r, "/sign-in")
	}
	user := account.User{ID: p.User, Epoch: p.Epoch}
	by, err := d.TwoStep.Check(r.Context(), d.Visitor(r), user, r.PostForm.Get("code"))
	if err == nil {
		err = d.StartSession(w, r, user, by)
	}
	switch f := fault.Of(err); {
	case err == nil:
		d.Sessions.Remove(r.Context(), frame.PendingKey)
		return frame.Redirect(w, r, cmp.Or(p.Next, "/dashboard"))
	case f.Code == fault.TooMany:
		return frame.Render(w, r, http.StatusTooManyRequests, codePage(frame.Problems{Problem: f.Message}))
	case f.Code == fault.Invalid, f.Code == fault.Conflict:
		shown, _ := frame.ProblemsOf(frame.ReaderOf(r.Context()), err, nil)
		return frame.Render(w, r, http.StatusUnprocessableEntity, codePage(shown))
	case f.Code == fault.Unauthenticated:
		d.Sessions.Remove(r.Context(), frame.PendingKey)
		return frame.Redirect(w, r, "/sign-in")
	}
	return err
}

// twoStepView is the page that turns the second step on.
type twoStepView struct {
	frame.Problems
	Base  string
	Key   string // in groups, to be typed
	Image string // the key as a picture to be scanned
}

// prepareTwoStep makes a key, which the page then shows.
func (d pages) prepareTwoStep(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	err := d.TwoStep.Prepare(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	if err != nil {
		return d.accountSaved(w, r, scope, err, "", func(v *accountView, p frame.Problems) { v.TwoStep = p })
	}
	return frame.Redirect(w, r, scope.Base+"/account/two-step")
}

func (d pages) showTwoStep(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.twoStepForm(w, r, scope, http.StatusOK, frame.Problems{})
}

func (d pages) twoStepForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, p frame.Problems) error {
	key, err := d.TwoStep.Prepared(r.Context(), scope.Member.ID)
	if fault.Is(err, fault.NotFound) {
		return frame.Redirect(w, r, scope.Base+"/account#two-step")
	}
	if err != nil {
		return err
	}
	code, err := qr.New(key.URL)
	if err != nil {
		return err
	}
	v := twoStepView{Problems: p, Base: scope.Base + "/account", Image: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(code.SVG())}
	for rest := key.Secret; rest != ""; rest = rest[min(4, len(rest)):] {
		v.Key += rest[:min(4, len(rest))] + " "
	}
	return frame.Render(w, r, status, twoStepPage(d.Frame(r, scope, frame.Titled(scope.T("Two-step sign-in"))), v))
}

func (d pages) turnOnTwoStep(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	codes, err := d.TwoStep.TurnOn(r.Context(), scope.Member.ID, r.PostForm.Get("code"))
	if fault.Is(err, fault.TooMany) {
		return d.twoStepForm(w, r, scope, http.StatusTooManyRequests, frame.Problems{Problem: scope.Sentence(fault.Of(err).Message)})
	}
	if fault.Is(err, fault.Invalid) {
		p, _ := frame.ProblemsOf(scope.Reader, err, nil)
		return d.twoStepForm(w, r, scope, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return d.leadToCodes(w, r, scope, codes)
}

// codesView shows recovery codes, this once.
type codesView struct {
	Base, Product, Download string
	Codes                   []string
}

// codesOnce names what the page of the codes shows once.
const codesOnce = "recovery codes"

// leadToCodes leads to the page that shows new recovery codes.
func (d pages) leadToCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope, codes []string) error {
	if err := d.ShowOnce(r, codesOnce, frame.Once{Text: strings.Join(codes, "\n")}); err != nil {
		return err
	}
	return frame.Redirect(w, r, scope.Base+"/account/two-step/codes")
}

func (d pages) showCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	made := d.TakeOnce(w, r, codesOnce).Text
	if made == "" {
		return frame.Redirect(w, r, scope.Base+"/account#two-step")
	}
	codes := strings.Split(made, "\n")
	text := scope.T("Recovery codes for {{.Email}} at {{.Host}}\nEach works once.\n\n{{.Join}}\n", "Email", scope.Member.Email, "Host", d.Addresses.Host(), "Join", strings.Join(codes, "\n"))
	return frame.Render(w, r, http.StatusOK, codesPage(d.Frame(r, scope, frame.Titled(scope.T("Recovery codes"))), codesView{
		Base: scope.Base + "/account", Codes: codes,
		Download: "data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(text)),
	}))
}

func (d pages) turnOffTwoStep(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	err := d.TwoStep.TurnOff(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	return d.accountSaved(w, r, scope, err, scope.T("Two-step sign-in is off"), func(v *accountView, p frame.Problems) { v.TwoStep = p })
}

func (d pages) newCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	codes, err := d.TwoStep.NewCodes(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	if err != nil {
		return d.accountSaved(w, r, scope, err, "", func(v *accountView, p frame.Problems) { v.TwoStep = p })
	}
	return d.leadToCodes(w, r, scope, codes)
}
