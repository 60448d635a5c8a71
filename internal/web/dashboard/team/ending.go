package team

import (
	"cmp"
	"net/http"
	"slices"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/settings"
)

// endingView asks before somebody is taken out of the team or gets fewer rights, and
// shows what they can still open then.
type endingView struct {
	Base, Back string
	memberView
	Business    string
	Role        string // the one that they get, "" for none
	Invitations []string
	Tokens      []endingToken
	Sessions    []endingSession
	MayEnd      bool // tokens and sessions
}

// endingToken is an API token that they made.
type endingToken struct{ ID, Name, Note string }

// endingSession is where they are signed in. Its address is their own affair.
type endingSession struct{ Agent, Seen string }

// fewerRights tells whether somebody loses rights by the change.
func fewerRights(now, then account.Role) bool {
	all := account.Roles()
	return slices.Index(all, then) > slices.Index(all, now)
}

// ending is what the form of an endingView says shall end.
func (d pages) ending(r *http.Request) account.Ending {
	end := account.Ending{Sessions: frame.Ticked(r.PostForm, "sessions"), From: d.MaskedIP(r)}
	for _, id := range r.PostForm["token"] {
		end.Tokens = append(end.Tokens, account.TokenID(id))
	}
	return end
}

func (d pages) askRemoveMember(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if scope.Member.ID != account.UserID(r.PathValue("id")) {
		if err := scope.Manage(); err != nil {
			return err
		}
	}
	v, err := d.endingView(r, scope, "")
	if err != nil {
		return err
	}
	if !scope.Member.Role.MayManage() {
		v.Back = scope.Base + "/account" // they don't see the team
	}
	return frame.Render(w, r, http.StatusOK, endingPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Team"), Section: frame.SettingsSection}), v))
}

func (d pages) askChangeRole(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	role := account.Role(cmp.Or(r.URL.Query().Get("role"), string(account.Staff)))
	if !slices.Contains(account.Roles(), role) {
		return fault.New(fault.NotFound, "There is no such role.")
	}
	v, err := d.endingView(r, scope, role)
	if err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, endingPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Team"), Section: frame.SettingsSection}), v))
}

// endingView is what a member can still open once they have the role, "" for none.
func (d pages) endingView(r *http.Request, scope *frame.Scope, role account.Role) (v endingView, err error) {
	ctx, base := r.Context(), scope.Base+"/settings/team"
	m, err := d.Accounts.Member(ctx, scope.Business.ID, account.UserID(r.PathValue("id")))
	if err != nil {
		return v, err
	}
	v = endingView{Base: base, Back: base, memberView: d.memberView(scope, base, account.Teammate{Member: m}), Business: scope.Business.Name, Role: string(role)}
	v.MayEnd = scope.Member.Role.MayGive(m.Role)
	invitations, err := d.Accounts.Invitations(ctx, scope.Business.ID)
	if err != nil {
		return v, err
	}
	now := d.DB.Clock().Wall()
	for _, i := range invitations {
		if i.By == m.ID && i.ExpiresAt.After(now) && !role.MayGive(i.Role) {
			v.Invitations = append(v.Invitations, i.Email)
		}
	}
	if !v.MayEnd {
		return v, nil
	}
	tokens, err := d.Accounts.TokensOf(ctx, scope.Business.ID, m.ID)
	if err != nil {
		return v, err
	}
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, endingToken{string(t.ID), t.Name, settings.ScopeWords(scope.Reader, t.Scopes) + " · " + settings.TokenUse(t, scope)})
	}
	if v.You {
		return v, nil
	}
	sessions, err := d.Accounts.Sessions(ctx, m.ID)
	if err != nil {
		return v, err
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, endingSession{frame.BrowserName(scope.Reader, s.Agent), scope.T("last seen {{.SeenAt}}", "SeenAt", scope.Distance(s.SeenAt, now))})
	}
	return v, nil
}

// title asks the question.
func (v endingView) title(reader frame.Reader) string {
	switch {
	case v.Role != "" && v.You:
		return reader.T("Change your role to {{.Role}}?", "Role", frame.RoleName(reader, v.Role))
	case v.Role != "":
		return reader.T("Change the role of {{.Name}} to {{.Role}}?", "Name", v.Name, "Role", frame.RoleName(reader, v.Role))
	case v.You:
		return reader.T("Leave {{.Business}}?", "Business", v.Business)
	}
	return reader.T("Remove {{.Name}} from the team?", "Name", v.Name)
}

// text says what changes at once.
func (v endingView) text(reader frame.Reader) string {
	switch {
	case v.Role != "" && v.You:
		return reader.T("You have fewer rights from your next page on. Somebody else must give them back.")
	case v.Role != "":
		return reader.T("{{.Name}} has fewer rights from their next page on.", "Name", v.Name)
	case v.You:
		return reader.T("You will no longer see its links and payments. To come back, you need an invitation.")
	}
	return reader.T("The links and payments of {{.Business}} are no longer visible to {{.Name}}. What they created stays, and so does their account.", "Name", v.Name, "Business", v.Business)
}

// act is the label of the button.
func (v endingView) act(reader frame.Reader) string {
	if v.Role != "" && v.You {
		return reader.T("Change to {{.Role}}", "Role", frame.RoleName(reader, v.Role))
	}
	if v.Role != "" {
		return reader.T("Change role to {{.Role}}", "Role", frame.RoleName(reader, v.Role))
	}
	return leaveLabel(reader, v.You)
}

// action is where the form goes.
func (v endingView) action() string {
	if v.Role != "" {
		return v.Href + "/role"
	}
	return v.Href + "/remove"
}

// tokensText says what becomes of tokens that are left.
func (v endingView) tokensText(reader frame.Reader) string {
	if v.You {
		return reader.T("You created these. Anyone with a copy gets in until it is revoked; after that, programs that use it are refused.")
	}
	return reader.T("These were created by {{.Name}}. Anyone with a copy gets in until it is revoked; after that, programs that use it are refused.", "Name", v.Name)
}
