package account

import (
	"encoding/json"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// accountFile is what is kept of somebody, as they download it. Instants are in UTC.
type accountFile struct {
	Name      string         `json:"name"`
	Email     string         `json:"email"`
	Language  string         `json:"language,omitempty"` // none follows the browser
	CreatedAt time.Time      `json:"created_at"`
	TwoStep   bool           `json:"two_step_sign_in"`
	Codes     int64          `json:"recovery_codes_left"`
	Passkeys  []passkeyLine  `json:"passkeys"`
	Sessions  []sessionLine  `json:"sessions"`
	Member    []businessLine `json:"businesses"`
}

type passkeyLine struct {
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
}

type sessionLine struct {
	Browser   string    `json:"browser"`
	Address   string    `json:"address,omitempty"` // masked
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

type businessLine struct {
	Name   string       `json:"name"`
	Handle string       `json:"handle"`
	Role   account.Role `json:"role"`
}

// exportAccount hands out what is kept of who asks.
func (d pages) exportAccount(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	f, err := d.accountFile(r, scope.Member.User)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="account.json"`)
	_, _ = w.Write(body) // the client went away; nobody is left to tell
	return nil
}

func (d pages) accountFile(r *http.Request, u account.User) (accountFile, error) {
	f := accountFile{
		Name: u.Name, Email: u.Email, Language: u.Language, CreatedAt: u.CreatedAt.UTC(), TwoStep: u.TwoStep,
		Passkeys: []passkeyLine{}, Sessions: []sessionLine{}, Member: []businessLine{},
	}
	var err error
	if f.Codes, err = d.TwoStep.CodesLeft(r.Context(), u.ID); err != nil {
		return f, err
	}
	keys, err := d.Passkeys.List(r.Context(), u.ID)
	if err != nil {
		return f, err
	}
	for _, k := range keys {
		line := passkeyLine{Name: k.Name, CreatedAt: k.CreatedAt.UTC()}
		if !k.UsedAt.IsZero() {
			line.UsedAt = new(k.UsedAt.UTC())
		}
		f.Passkeys = append(f.Passkeys, line)
	}
	sessions, err := d.Accounts.Sessions(r.Context(), u.ID)
	if err != nil {
		return f, err
	}
	for _, s := range sessions {
		f.Sessions = append(f.Sessions, sessionLine{s.Agent, s.Address, s.CreatedAt.UTC(), s.SeenAt.UTC()})
	}
	memberships, err := d.Accounts.Memberships(r.Context(), u.ID)
	for _, m := range memberships {
		f.Member = append(f.Member, businessLine{m.Name, m.Handle, m.Role})
	}
	return f, err
}

// removeAccount removes the account of who is signed in and belongs to no business.
func (d pages) removeAccount(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	if err := d.Accounts.Remove(r.Context(), scope.Member.ID, r.PostForm.Get("current_password")); err != nil {
		return d.accountSaved(w, r, scope, err, "", func(v *accountView, p frame.Problems) { v.Removal = p })
	}
	if err := d.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your account is removed")})
	return frame.Redirect(w, r, "/sign-in")
}
