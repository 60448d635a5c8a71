package team

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// teamView is the page of the team: members, and who is invited.
type teamView struct {
	frame.Problems
	Settings frame.SettingsView
	Base     string
	Members  []memberView
	Invited  []invitationView
	Roles    []ui.Option // that this member may give
	Email    string
	Role     string
}

type memberView struct {
	Href, Name, Email, Role, Seen string
	You, MayRemove                bool
	Others                        []roleAction // roles that they could have instead
}

// roleAction gives a member another role; one with fewer rights asks first.
type roleAction struct {
	Role, Label string
	Fewer       bool
}

type invitationView struct {
	Href, Email, Role, Note string
	Expired, MayTouch       bool
}

func (d pages) showTeam(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.teamPage(w, r, scope, http.StatusOK, teamView{Role: string(account.Staff)})
}

func (d pages) teamPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v teamView) error {
	v.Base, v.Settings = scope.Base+"/settings/team", frame.SettingsAt(scope, "team")
	members, err := d.Accounts.Team(r.Context(), scope.Business.ID)
	if err != nil {
		return err
	}
	invitations, err := d.Accounts.Invitations(r.Context(), scope.Business.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		v.Members = append(v.Members, d.memberView(scope, v.Base, m))
	}
	now := d.DB.Clock().Wall()
	for _, i := range invitations {
		row := invitationView{Href: v.Base + "/invitations/" + string(i.ID), Email: i.Email, Role: frame.RoleName(scope.Reader, string(i.Role)), Expired: !i.ExpiresAt.After(now)}
		row.MayTouch = row.Expired || scope.Member.Role.MayTouch(i)
		day := scope.Date(i.ExpiresAt, scope.Business.Location())
		row.Note = scope.T("Invited by {{.Member}}, ends {{.Day}}", "Member", i.InvitedBy, "Day", day)
		if row.Expired {
			row.Note = scope.T("Invited by {{.Member}}, ended {{.Day}}", "Member", i.InvitedBy, "Day", day)
		}
		v.Invited = append(v.Invited, row)
	}
	for _, role := range account.Roles() {
		if scope.Member.Role.MayGive(role) {
			v.Roles = append(v.Roles, ui.Option{Value: string(role), Label: frame.RoleName(scope.Reader, string(role))})
		}
	}
	return frame.Render(w, r, status, teamPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) memberView(scope *frame.Scope, base string, m account.Teammate) memberView {
	v := memberView{
		Href: base + "/" + string(m.ID), Name: m.Name, Email: m.Email, Role: frame.RoleName(scope.Reader, string(m.Role)), Seen: scope.T("Never signed in"),
		You: m.ID == scope.Member.ID, MayRemove: m.ID == scope.Member.ID || scope.Member.Role.MayGive(m.Role),
	}
	if !m.SignedInAt.IsZero() {
		v.Seen = scope.T("Signed in {{.SignedInAt}}", "SignedInAt", scope.Distance(m.SignedInAt, d.DB.Clock().Wall()))
	}
	for _, role := range account.Roles() {
		if role != m.Role && scope.Member.Role.MayGive(role) && scope.Member.Role.MayGive(m.Role) {
			v.Others = append(v.Others, roleAction{string(role), scope.T("Change role to {{.Role}}", "Role", frame.RoleName(scope.Reader, string(role))), fewerRights(m.Role, role)})
		}
	}
	return v
}

func (d pages) invite(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := teamView{Email: r.PostForm.Get("email"), Role: r.PostForm.Get("role")}
	err := d.Accounts.Invite(r.Context(), scope.Business.ID, scope.Member.ID, v.Email, account.Role(v.Role), d.mailInvitation(scope))
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v.Problems = p
		return d.teamPage(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Invitation sent to {{.Email}}", "Email", v.Email)})
	return frame.Redirect(w, r, scope.Base+"/settings/team")
}

func (d pages) mailInvitation(scope *frame.Scope) account.Send {
	return func(ctx context.Context, tx *db.Tx, i account.Invitation, token string) error {
		return d.Messages.Queue(ctx, tx, message.Mail{
			BusinessID: scope.Business.ID, To: i.Email, Language: i.Language, Key: "invitation/" + secret.Hash(token),
			Data: message.Invitation{
				BusinessName: scope.Business.Name, InviterName: i.InvitedBy, Role: i.Role,
				URL: d.Addresses.Own(address.Invitation(token)), ExpiresAt: i.ExpiresAt,
			},
		})
	}
}

func (d pages) inviteAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := account.InvitationID(r.PathValue("id"))
	if err := d.Accounts.InviteAgain(r.Context(), scope.Business.ID, scope.Member.ID, id, d.mailInvitation(scope)); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Invitation sent again, with a new link")})
	return frame.Redirect(w, r, scope.Base+"/settings/team")
}

func (d pages) uninvite(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Accounts.Uninvite(r.Context(), scope.Business.ID, scope.Member.ID, account.InvitationID(r.PathValue("id"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Invitation cancelled")})
	return frame.Redirect(w, r, scope.Base+"/settings/team")
}

func (d pages) changeRole(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	role := account.Role(r.PostForm.Get("role"))
	err := d.Accounts.ChangeRole(r.Context(), scope.Business.ID, scope.Member.ID, account.UserID(r.PathValue("id")), role, d.ending(r))
	if err != nil {
		return d.teamProblem(w, r, scope, err)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Role changed")})
	if scope.Member.ID == account.UserID(r.PathValue("id")) && !role.MayManage() {
		return frame.Redirect(w, r, scope.Base) // they don't see this page any more
	}
	return frame.Redirect(w, r, scope.Base+"/settings/team")
}

// teamProblem tells on the page of the team why it stays as it is.
func (d pages) teamProblem(w http.ResponseWriter, r *http.Request, scope *frame.Scope, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return d.teamPage(w, r, scope, http.StatusConflict, teamView{Problems: frame.Problems{Problem: scope.Sentence(fault.Of(err).Message)}, Role: string(account.Staff)})
}

func (d pages) removeMember(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	who := account.UserID(r.PathValue("id"))
	if err := d.Accounts.RemoveMember(r.Context(), scope.Business.ID, scope.Member.ID, who, d.ending(r)); err != nil {
		return d.teamProblem(w, r, scope, err)
	}
	if who == scope.Member.ID {
		return frame.Redirect(w, r, "/dashboard")
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Removed from the team")})
	return frame.Redirect(w, r, scope.Base+"/settings/team")
}
