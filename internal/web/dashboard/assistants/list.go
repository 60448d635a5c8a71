package assistants

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/fault"
	"smartlinks/internal/grant"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/oauth"
	"smartlinks/internal/web/ui"
)

// shownEntries is how many of the newest things that assistants did are shown.
const shownEntries = 10

// listView is Settings → Assistants.
type listView struct {
	Settings frame.SettingsView
	Address  string // of the server for assistants
	Tokens   string // the page of API tokens, "" for who may not see it
	Audit    string // the audit log, likewise
	Rows     []row
	Entries  []entry
}

// row is a program that has access.
type row struct {
	Name, By, Used, Calls string
	Token                 bool // by API token
	Drafts                bool
	Rights                []right
	More                  string // what an API token may do beside
	Ask                   string // the page that asks whether to revoke
}

// entry is what one of them did.
type entry struct {
	What, Name, Time, ISO string
	Href, Link            string // of the link that it was done to, "" for none
	Refused               bool
}

func (d pages) list(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, b := r.Context(), scope.Business
	v := listView{Settings: frame.SettingsAt(scope, "assistants"), Address: oauth.Resource(d.Addresses)}
	of := scope.Member.ID
	if scope.MayManage() {
		of = ""
		v.Tokens, v.Audit = scope.Base+"/settings/tokens", scope.Base+"/settings/audit"
	}
	grants, err := d.Grants.List(ctx, b.ID, of)
	if err != nil {
		return err
	}
	var actors []string
	for _, g := range grants {
		actors = append(actors, string(g.ID))
		v.Rows = append(v.Rows, d.grantRow(scope, g))
	}
	if scope.MayManage() {
		tokens, err := d.Accounts.Tokens(ctx, b.ID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if t.RevokedAt == nil {
				actors = append(actors, string(t.ID))
				v.Rows = append(v.Rows, d.tokenRow(scope, t))
			}
		}
	}
	did, err := d.Audit.By(ctx, b.ID, actors, shownEntries)
	if err != nil {
		return err
	}
	for _, e := range did {
		v.Entries = append(v.Entries, d.entryOf(ctx, scope, e))
	}
	return frame.Render(w, r, http.StatusOK, listPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) grantRow(scope *frame.Scope, g grant.Grant) row {
	zone := scope.Business.Location()
	one := row{
		Name: g.ClientName, Drafts: g.Drafts, Rights: rightsOf(g.Scopes), Ask: scope.Base + "/settings/assistants/" + string(g.ID) + "/revoke",
		By:   scope.T("Allowed by {{.Name}} on {{.Day}}", "Name", g.Member, "Day", scope.Date(g.CreatedAt, zone)),
		Used: scope.T("Never used"), Calls: scope.N(g.Calls, "{{.Count}} call in 30 days", "{{.Count}} calls in 30 days"),
	}
	if g.LastUsedAt != nil {
		one.Used = scope.Ago(*g.LastUsedAt, scope.Now, zone)
	}
	return one
}

func (d pages) tokenRow(scope *frame.Scope, t account.Token) row {
	zone := scope.Business.Location()
	one := row{
		Name: t.Name, Token: true, Rights: rightsOf(t.Scopes), Ask: scope.Base + "/settings/assistants/" + string(t.ID) + "/revoke",
		By: scope.T("API token, made on {{.Day}}", "Day", scope.Date(t.CreatedAt, zone)), Used: scope.T("Never used"),
	}
	if t.Maker != "" {
		one.By = scope.T("API token, made by {{.Name}} on {{.Day}}", "Name", t.Maker, "Day", scope.Date(t.CreatedAt, zone))
	}
	if t.LastUsedAt != nil {
		one.Used = scope.Ago(*t.LastUsedAt, scope.Now, zone)
	}
	if t.Scopes.Allow(account.All) {
		one.Rights, one.More = nil, scope.T("Everything")
	}
	return one
}

// rightsOf are what the scopes let an assistant do.
func rightsOf(scopes account.Scopes) (allowed []right) {
	for _, one := range rights() {
		if slices.Contains(scopes, one.scope) {
			allowed = append(allowed, one)
		}
	}
	return allowed
}

func (d pages) entryOf(ctx context.Context, scope *frame.Scope, e audit.Entry) entry {
	zone := scope.Business.Location()
	a := entry{
		What: e.Words(scope.Translator), Name: e.Name, Time: scope.Ago(e.At, d.DB.Clock().Wall(), zone), ISO: frame.IsoTime(e.At), Refused: strings.HasPrefix(e.What, "Refused: "),
	}
	if strings.HasPrefix(e.Object, "lnk_") {
		// A link that is gone has no page any more.
		if l, err := d.Links.Get(ctx, scope.Business, link.ID(e.Object)); err == nil {
			a.Href, a.Link = frame.LinkHref(scope, l.ID), l.Name
		}
	}
	return a
}

// revokeView asks before access is taken back.
type revokeView struct {
	Settings frame.SettingsView
	Name     string
	Action   string
}

func (d pages) askRevoke(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	name, err := d.nameOf(r, scope)
	if err != nil {
		return err
	}
	v := revokeView{Settings: frame.SettingsAt(scope, "assistants"), Name: name, Action: r.URL.Path}
	return frame.Render(w, r, http.StatusOK, revokePage(d.Frame(r, scope, v.Settings.Place()), v))
}

// nameOf is the name of the program that the route is about, if the member may see it.
func (d pages) nameOf(r *http.Request, scope *frame.Scope) (string, error) {
	id, of := r.PathValue("id"), scope.Member.ID
	if scope.MayManage() {
		of = ""
		tokens, err := d.Accounts.Tokens(r.Context(), scope.Business.ID)
		if err != nil {
			return "", err
		}
		if at := slices.IndexFunc(tokens, func(t account.Token) bool { return string(t.ID) == id && t.RevokedAt == nil }); at >= 0 {
			return tokens[at].Name, nil
		}
	}
	grants, err := d.Grants.List(r.Context(), scope.Business.ID, of)
	if err != nil {
		return "", err
	}
	if at := slices.IndexFunc(grants, func(g grant.Grant) bool { return string(g.ID) == id }); at >= 0 {
		return grants[at].ClientName, nil
	}
	return "", fault.New(fault.NotFound, "There is no such assistant.")
}

func (d pages) revoke(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	name, err := d.nameOf(r, scope)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if strings.HasPrefix(id, "tok_") {
		err = d.Accounts.RevokeToken(r.Context(), scope.Business.ID, account.TokenID(id))
	} else {
		of := scope.Member.ID
		if scope.MayManage() {
			of = ""
		}
		err = d.Grants.Revoke(r.Context(), scope.Business.ID, grant.ID(id), of)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: i18n.T(r.Context(), "{{.Name}} has no access any more", "Name", name)})
	return frame.Redirect(w, r, scope.Base+"/settings/assistants")
}
