package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/ui"
)

func (d *Dashboard) showForgot(w http.ResponseWriter, r *http.Request) error {
	return render(w, r, http.StatusOK, forgotPage(forgotView{}))
}

// forgotView is the form for somebody who forgot the password.
type forgotView struct {
	Email, Problem string
	Sent           bool
}

// forgot answers the same whether somebody has the address or not.
func (d *Dashboard) forgot(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := forgotView{Email: strings.TrimSpace(r.PostForm.Get("email"))}
	if !strings.Contains(v.Email, "@") {
		v.Problem = "Enter your email address, like name@example.com."
		return render(w, r, http.StatusUnprocessableEntity, forgotPage(v))
	}
	err := d.Accounts.ForgotPassword(r.Context(), d.ClientIP(r), v.Email, d.mailReset)
	if fault.Is(err, fault.TooMany) {
		v.Problem = fault.Of(err).Message
		return render(w, r, http.StatusTooManyRequests, forgotPage(v))
	}
	if err != nil {
		return err
	}
	v.Sent = true
	return render(w, r, http.StatusOK, forgotPage(v))
}

func (d *Dashboard) mailReset(ctx context.Context, tx *db.Tx, reset account.Reset) error {
	return d.Messages.Queue(ctx, tx, message.Mail{
		To: reset.User.Email, ToName: reset.User.Name, Key: "password/" + secret.Hash(reset.Token),
		Facts: message.PasswordReset{Name: reset.User.Name, URL: d.tokenURL("/sign-in/password", reset.Token), ExpiresAt: reset.Until},
	})
}

// tokenURL is the address of a page that a mail leads to.
func (d *Dashboard) tokenURL(path, token string) string {
	u := d.PublicURL.JoinPath(path)
	u.RawQuery = url.Values{"token": {token}}.Encode()
	return u.String()
}

// newPasswordView is the form for a new password.
type newPasswordView struct {
	problems
	Token, Email string
}

// showNewPassword only looks at the link: programs that follow the links of
// mails do not use it up.
func (d *Dashboard) showNewPassword(w http.ResponseWriter, r *http.Request) error {
	return d.newPasswordForm(w, r, r.URL.Query().Get("token"), http.StatusOK, problems{})
}

func (d *Dashboard) newPasswordForm(w http.ResponseWriter, r *http.Request, token string, status int, p problems) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	user, err := d.Accounts.ResetUser(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return showEnded(w, r, err, "/sign-in/forgot", "Ask for a new link")
	}
	if err != nil {
		return err
	}
	return render(w, r, status, newPasswordPage(newPasswordView{problems: p, Token: token, Email: user.Email}))
}

func (d *Dashboard) saveNewPassword(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	token := r.PostForm.Get("token")
	err := d.Accounts.ResetPassword(r.Context(), token, r.PostForm.Get("password"))
	if fault.Is(err, fault.NotFound) {
		return showEnded(w, r, err, "/sign-in/forgot", "Ask for a new link")
	}
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		return d.newPasswordForm(w, r, token, http.StatusUnprocessableEntity, p)
	}
	d.say(r, ui.ToastProps{Text: "Your new password is saved. Sign in with it."})
	return redirect(w, r, "/sign-in")
}

// showEnded tells that a link from a mail is worth nothing any more.
func showEnded(w http.ResponseWriter, r *http.Request, err error, href, action string) error {
	return render(w, r, http.StatusNotFound, plainTrouble("This link has ended", fault.Of(err).Message, href, action))
}

func (d *Dashboard) showNewAddress(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	token := r.URL.Query().Get("token")
	n, err := d.Accounts.NewAddressOf(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return showEnded(w, r, err, "/dashboard", "Go to your dashboard")
	}
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, newAddressPage(n))
}

func (d *Dashboard) confirmNewAddress(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	err := d.Accounts.ConfirmNewAddress(r.Context(), r.PostForm.Get("token"))
	if fault.Is(err, fault.NotFound) {
		return showEnded(w, r, err, "/dashboard", "Go to your dashboard")
	}
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "Your new email address is saved. Sign in with it from now on."})
	return redirect(w, r, "/sign-in")
}
