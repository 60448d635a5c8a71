package dashboard

import (
	"net/http"
	"slices"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
)

// endingView asks before somebody is taken out of the team or gets fewer rights, and
// shows what they can still open then.
type endingView struct {
	Base string
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
func (d *Dashboard) ending(r *http.Request) account.Ending {
	end := account.Ending{Sessions: ticked(r.PostForm, "sessions"), From: d.maskedIP(r)}
	for _, id := range r.PostForm["token"] {
		end.Tokens = append(end.Tokens, account.TokenID(id))
	}
	return end
}

func (d *Dashboard) askRemoveMember(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.endingView(r, at, "")
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, endingPage(d.frame(r, at, place{"Team", settingsRoom}), v))
}

func (d *Dashboard) askChangeRole(w http.ResponseWriter, r *http.Request, at *room) error {
	role := account.Role(firstOf(r.URL.Query().Get("role"), string(account.Staff)))
	if !slices.Contains(account.Roles(), role) {
		return fault.New(fault.NotFound, "There is no such role.")
	}
	v, err := d.endingView(r, at, role)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, endingPage(d.frame(r, at, place{"Team", settingsRoom}), v))
}

// endingView is what a member can still open once they have the role, "" for none.
func (d *Dashboard) endingView(r *http.Request, at *room, role account.Role) (v endingView, err error) {
	ctx, base := r.Context(), at.Base+"/settings/team"
	m, err := d.Accounts.Member(ctx, at.Business.ID, account.UserID(r.PathValue("id")))
	if err != nil {
		return v, err
	}
	v = endingView{Base: base, memberView: d.memberView(at, base, account.Teammate{Member: m}), Business: at.Business.Name, Role: string(role)}
	v.MayEnd = at.Member.Role.MayGive(m.Role)
	invitations, err := d.Accounts.Invitations(ctx, at.Business.ID)
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
	tokens, err := d.Accounts.TokensOf(ctx, at.Business.ID, m.ID)
	if err != nil {
		return v, err
	}
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, endingToken{string(t.ID), t.Name, scopeWords(t.Scopes) + " · " + tokenUse(t, at)})
	}
	if v.You {
		return v, nil
	}
	sessions, err := d.Accounts.Sessions(ctx, m.ID)
	if err != nil {
		return v, err
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, endingSession{s.Agent, "last seen " + ui.Ago(s.SeenAt, now)})
	}
	return v, nil
}

// tokenUse says when a token was used last.
func tokenUse(t account.Token, at *room) string {
	if t.LastUsedAt == nil {
		return "Never used"
	}
	return "Used " + ui.Ago(*t.LastUsedAt, at.Now)
}

// title asks the question.
func (v endingView) title() string {
	switch {
	case v.Role != "" && v.You:
		return "Become " + v.Role + "?"
	case v.Role != "":
		return "Make " + v.Name + " " + v.Role + "?"
	case v.You:
		return "Leave " + v.Business + "?"
	}
	return "Remove " + v.Name + "?"
}

// text says what changes at once.
func (v endingView) text() string {
	switch {
	case v.Role != "" && v.You:
		return "You have fewer rights from your next page on. Somebody else must give them back."
	case v.Role != "":
		return v.Name + " has fewer rights from their next page on."
	case v.You:
		return "You don’t see its links and payments any more. To come back, somebody must invite you."
	}
	return v.Name + " doesn’t see the links and payments of " + v.Business + " any more. What they made stays, and so does their account."
}

// act is the label of the button.
func (v endingView) act() string {
	if v.Role != "" && v.You {
		return "Become " + v.Role
	}
	if v.Role != "" {
		return "Make " + v.Role
	}
	return leaveLabel(v.You)
}

// action is where the form goes.
func (v endingView) action() string {
	if v.Role != "" {
		return v.Href + "/role"
	}
	return v.Href + "/remove"
}

// tokensText says what becomes of tokens that are left.
func (v endingView) tokensText() string {
	if v.You {
		return "You made these. Whoever has a copy of one gets in with it until it is revoked; programs that use it are refused then."
	}
	return v.Name + " made these. Whoever has a copy of one gets in with it until it is revoked; programs that use it are refused then."
}
