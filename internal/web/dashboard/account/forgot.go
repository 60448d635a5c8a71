package account

import (
	"context"
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

func (d pages) showForgot(w http.ResponseWriter, r *http.Request) error {
	return frame.Render(w, r, http.StatusOK, forgotPage(forgotView{}))
}

// forgotView is the form for somebody who forgot the password.
type forgotView struct {
	Email, Problem string
	Sent           bool
}

// forgot answers the same whether somebody has the address or not.
func (d pages) forgot(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	v := forgotView{Email: strings.TrimSpace(r.PostForm.Get("email"))}
	if !strings.Contains(v.Email, "@") {
		v.Problem = i18n.T(r.Context(), "Enter your email address, such as name@example.com.")
		return frame.Render(w, r, http.StatusUnprocessableEntity, forgotPage(v))
	}
	err := d.Accounts.ForgotPassword(r.Context(), d.ClientIP(r), v.Email, d.mailReset)
	if fault.Is(err, fault.TooMany) {
		v.Problem = frame.ReaderOf(r.Context()).Sentence(fault.Of(err).Message)
		return frame.Render(w, r, http.StatusTooManyRequests, forgotPage(v))
	}
	if err != nil {
		return err
	}
	v.Sent = true
	return frame.Render(w, r, http.StatusOK, forgotPage(v))
}

func (d pages) mailReset(ctx context.Context, tx *db.Tx, reset account.Reset) error {
	language, err := account.MailLanguage(ctx, tx, reset.User.ID)
	if err != nil {
		return err
	}
	return d.Messages.Queue(ctx, tx, message.Mail{
		To: reset.User.Email, ToName: reset.User.Name, Language: language, Key: "password/" + secret.Hash(reset.Token),
		Data: message.PasswordReset{Name: reset.User.Name, URL: d.Addresses.Own(address.NewPassword(reset.Token)), ExpiresAt: reset.Until},
	})
}

// newPasswordView is the form for a new password.
type newPasswordView struct {
	frame.Problems
	Token, Email string
}

// showNewPassword only looks at the link: programs that follow the links of
// mails do not use it up.
func (d pages) showNewPassword(w http.ResponseWriter, r *http.Request) error {
	return d.newPasswordForm(w, r, r.URL.Query().Get("token"), http.StatusOK, frame.Problems{})
}

func (d pages) newPasswordForm(w http.ResponseWriter, r *http.Request, token string, status int, p frame.Problems) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	user, err := d.Accounts.ResetUser(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return frame.ShowEnded(w, r, err, "/sign-in/forgot", i18n.T(r.Context(), "Ask for a new link"))
	}
	if err != nil {
		return err
	}
	return frame.Render(w, r, status, newPasswordPage(newPasswordView{Problems: p, Token: token, Email: user.Email}))
}

func (d pages) saveNewPassword(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	token := r.PostForm.Get("token")
	err := d.Accounts.ResetPassword(r.Context(), token, r.PostForm.Get("password"))
	if fault.Is(err, fault.NotFound) {
		return frame.ShowEnded(w, r, err, "/sign-in/forgot", i18n.T(r.Context(), "Ask for a new link"))
	}
	if err != nil {
		p, ok := frame.ProblemsOf(frame.ReaderOf(r.Context()), err, nil)
		if !ok {
			return err
		}
		return d.newPasswordForm(w, r, token, http.StatusUnprocessableEntity, p)
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "Password saved. Sign in with it.")})
	return frame.Redirect(w, r, "/sign-in")
}

func (d pages) showNewAddress(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	token := r.URL.Query().Get("token")
	n, err := d.Accounts.NewAddressOf(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return frame.ShowEnded(w, r, err, "/dashboard", i18n.T(r.Context(), "Go to your dashboard"))
	}
	if err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, newAddressPage(n))
}

func (d pages) confirmNewAddress(w http.ResponseWriter, r *http.Request) error {
	if err := frame.ReadForm(w, r, frame.MaxOpenForm); err != nil {
		return err
	}
	err := d.Accounts.ConfirmNewAddress(r.Context(), r.PostForm.Get("token"))
	if fault.Is(err, fault.NotFound) {
		return frame.ShowEnded(w, r, err, "/dashboard", i18n.T(r.Context(), "Go to your dashboard"))
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "Email address saved. Sign in with it from now on.")})
	return frame.Redirect(w, r, "/sign-in")
}
