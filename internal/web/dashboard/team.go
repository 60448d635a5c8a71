package dashboard

import (
	"context"
	"net/http"
	"net/url"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/ui"
)

// teamView is the page of the team: members, and who is invited.
type teamView struct {
	problems
	Settings settingsView
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
	Others                        []roleAct // roles that they could have instead
}

// roleAct gives a member another role; one with fewer rights asks first.
type roleAct struct {
	Role, Label string
	Fewer       bool
}

type invitationView struct {
	Href, Email, Role, Note string
	Expired, MayTouch       bool
}

func (d *Dashboard) showTeam(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.teamPage(w, r, at, http.StatusOK, teamView{Role: string(account.Staff)})
}

func (d *Dashboard) teamPage(w http.ResponseWriter, r *http.Request, at *room, status int, v teamView) error {
	v.Base, v.Settings = at.Base+"/settings/team", settingsAt(at, "team")
	members, err := d.Accounts.Team(r.Context(), at.Business.ID)
	if err != nil {
		return err
	}
	invitations, err := d.Accounts.Invitations(r.Context(), at.Business.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		v.Members = append(v.Members, d.memberView(at, v.Base, m))
	}
	now := d.DB.Clock().Wall()
	for _, i := range invitations {
		row := invitationView{Href: v.Base + "/invitations/" + string(i.ID), Email: i.Email, Role: roleName(string(i.Role)), Expired: !i.ExpiresAt.After(now)}
		row.MayTouch = row.Expired || at.Member.Role.MayTouch(i)
		ends := ", ends "
		if row.Expired {
			ends = ", ended "
		}
		row.Note = "Invited by " + i.InvitedBy + ends + ui.Date(i.ExpiresAt, at.Business.Location())
		v.Invited = append(v.Invited, row)
	}
	for _, role := range account.Roles() {
		if at.Member.Role.MayGive(role) {
			v.Roles = append(v.Roles, ui.Option{Value: string(role), Label: roleName(string(role))})
		}
	}
	return render(w, r, status, teamPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) memberView(at *room, base string, m account.Teammate) memberView {
	v := memberView{
		Href: base + "/" + string(m.ID), Name: m.Name, Email: m.Email, Role: roleName(string(m.Role)), Seen: "Never signed in",
		You: m.ID == at.Member.ID, MayRemove: m.ID == at.Member.ID || at.Member.Role.MayGive(m.Role),
	}
	if !m.SignedInAt.IsZero() {
		v.Seen = "Signed in " + ui.Ago(m.SignedInAt, d.DB.Clock().Wall())
	}
	for _, role := range account.Roles() {
		if role != m.Role && at.Member.Role.MayGive(role) && at.Member.Role.MayGive(m.Role) {
			v.Others = append(v.Others, roleAct{string(role), "Make " + string(role), fewerRights(m.Role, role)})
		}
	}
	return v
}

func (d *Dashboard) invite(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := teamView{Email: r.PostForm.Get("email"), Role: r.PostForm.Get("role")}
	err := d.Accounts.Invite(r.Context(), at.Business.ID, at.Member.ID, v.Email, account.Role(v.Role), d.mailInvitation(at))
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		v.problems = p
		return d.teamPage(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "An invitation to " + v.Email + " is on its way"})
	return redirect(w, r, at.Base+"/settings/team")
}

func (d *Dashboard) mailInvitation(at *room) account.Send {
	return func(ctx context.Context, tx *db.Tx, i account.Invitation, token string) error {
		return d.Messages.Queue(ctx, tx, message.Mail{
			BusinessID: at.Business.ID, To: i.Email, Key: "invitation/" + secret.Hash(token),
			Facts: message.Invitation{
				BusinessName: at.Business.Name, InviterName: i.InvitedBy, Role: string(i.Role),
				URL: d.tokenURL("/sign-in/invitation", token), ExpiresAt: i.ExpiresAt,
			},
		})
	}
}

func (d *Dashboard) inviteAgain(w http.ResponseWriter, r *http.Request, at *room) error {
	id := account.InvitationID(r.PathValue("id"))
	if err := d.Accounts.InviteAgain(r.Context(), at.Business.ID, at.Member.ID, id, d.mailInvitation(at)); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The invitation is sent again, with a new link"})
	return redirect(w, r, at.Base+"/settings/team")
}

func (d *Dashboard) uninvite(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := d.Accounts.Uninvite(r.Context(), at.Business.ID, at.Member.ID, account.InvitationID(r.PathValue("id"))); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The invitation is taken back"})
	return redirect(w, r, at.Base+"/settings/team")
}

func (d *Dashboard) changeRole(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	role := account.Role(r.PostForm.Get("role"))
	err := d.Accounts.ChangeRole(r.Context(), at.Business.ID, at.Member.ID, account.UserID(r.PathValue("id")), role, d.ending(r))
	if err != nil {
		return d.teamProblem(w, r, at, err)
	}
	d.say(r, ui.ToastProps{Text: "The role is changed"})
	if at.Member.ID == account.UserID(r.PathValue("id")) && !role.MayManage() {
		return redirect(w, r, at.Base) // they don't see this page any more
	}
	return redirect(w, r, at.Base+"/settings/team")
}

// teamProblem tells on the page of the team why it stays as it is.
func (d *Dashboard) teamProblem(w http.ResponseWriter, r *http.Request, at *room, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return d.teamPage(w, r, at, http.StatusConflict, teamView{problems: problems{Problem: fault.Of(err).Message}, Role: string(account.Staff)})
}

func (d *Dashboard) removeMember(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	who := account.UserID(r.PathValue("id"))
	if err := d.Accounts.RemoveMember(r.Context(), at.Business.ID, at.Member.ID, who, d.ending(r)); err != nil {
		return d.teamProblem(w, r, at, err)
	}
	if who == at.Member.ID {
		return redirect(w, r, "/dashboard")
	}
	d.say(r, ui.ToastProps{Text: "Removed from the team"})
	return redirect(w, r, at.Base+"/settings/team")
}

// invitedView is an invitation as who got it sees it.
type invitedView struct {
	problems
	account.Invited
	Token  string
	User   account.User // who is signed in; zero for nobody
	Name   string       // as typed
	SignIn string       // where to sign in and come back
}

func (d *Dashboard) showInvitation(w http.ResponseWriter, r *http.Request) error {
	return d.invitation(w, r, r.URL.Query().Get("token"), http.StatusOK, invitedView{})
}

func (d *Dashboard) invitation(w http.ResponseWriter, r *http.Request, token string, status int, v invitedView) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	var err error
	if v.Invited, err = d.Accounts.InvitedBy(r.Context(), token); err != nil {
		return endedInvitation(w, r, err)
	}
	v.Token = token
	v.SignIn = "/sign-in?" + url.Values{"next": {"/sign-in/invitation?" + url.Values{"token": {token}}.Encode()}}.Encode()
	if user, err := d.user(r); err == nil {
		if v.User, err = d.Accounts.UserByID(r.Context(), user); err != nil {
			return err
		}
	}
	return render(w, r, status, invitationPage(v))
}

// endedInvitation tells that nobody is invited by this link any more.
func endedInvitation(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return showEnded(w, r, err, "/dashboard", "Go to your dashboard")
}

// accept makes who is signed in, or somebody new, a member.
func (d *Dashboard) accept(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	token := r.PostForm.Get("token")
	if r.PostForm.Get("as") == "new" {
		return d.acceptNew(w, r, token)
	}
	user, err := d.user(r)
	if err != nil {
		return err
	}
	businessID, err := d.Accounts.Join(r.Context(), token, user, d.maskedIP(r))
	if err != nil {
		return endedInvitation(w, r, err)
	}
	b, err := d.Businesses.ByID(r.Context(), businessID)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "Welcome to " + b.Name})
	return redirect(w, r, "/dashboard/"+b.Handle)
}

func (d *Dashboard) acceptNew(w http.ResponseWriter, r *http.Request, token string) error {
	name := r.PostForm.Get("name")
	user, businessID, err := d.Accounts.JoinNew(r.Context(), token, name, r.PostForm.Get("password"), d.maskedIP(r))
	if fault.Is(err, fault.NotFound) {
		return endedInvitation(w, r, err)
	}
	if err != nil {
		p, ok := problemsOf(err, nil)
		if !ok {
			return err
		}
		return d.invitation(w, r, token, http.StatusUnprocessableEntity, invitedView{problems: p, Name: name})
	}
	if err := d.enter(w, r, user, account.ByJoining); err != nil {
		return err
	}
	b, err := d.Businesses.ByID(r.Context(), businessID)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "Welcome to " + b.Name})
	return redirect(w, r, "/dashboard/"+b.Handle)
}
