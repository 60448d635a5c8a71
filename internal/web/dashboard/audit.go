package dashboard

import (
	"net/http"
	"path"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/id"
)

// actWords say what a member did, by the pattern of its request behind the handle.
// "" is what changes nothing of the business: a preview, one's own account, the way
// to a question. A test wants every act to be here.
func actWords() map[string]string {
	return map[string]string{
		"/links": "Created a link", "/links/{id}/edit": "Changed a link", "/links/{id}/active": "Switched a link on or off", "/links/{id}/tags": "Changed a link’s tags",
		"/links/{id}/delete": "Deleted a link", "/links/{id}/duplicate": "Duplicated a link", "/links/bulk": "Changed many links", "/links/{id}/send": "Sent a link",
		"/links/{id}/reminders/pause": "Paused reminders", "/links/{id}/reminders/resume": "Resumed reminders", "/links/{id}/reminders/skip": "Skipped a reminder", "/links/{id}/reminders/send": "Sent a reminder early",
		"/links/preview": "", "/links/preview/page": "", "/links/check": "", "/links/{id}/send/preview": "",
		"/customers": "Added a customer", "/customers/{id}/edit": "Changed a customer", "/customers/{id}/merge": "Merged two customers", "/customers/{id}/delete": "Deleted a customer", "/customers/{id}/erase": "Erased a customer",
		"/customers/import": "Uploaded a list of customers", "/links/import": "Uploaded a list of links", "/imports/{id}/columns": "", "/imports/{id}/encoding": "", "/imports/{id}/start": "Started an import", "/imports/{id}/stop": "Stopped an import", "/imports/{id}/discard": "",
		"/products": "Added a product", "/products/{id}": "Changed a product", "/products/{id}/active": "Switched a product on or off",
		"/tags": "Created a tag", "/tags/{id}": "Changed a tag", "/tags/{id}/merge": "Merged two tags", "/tags/{id}/delete": "Deleted a tag",
		"/transactions/{id}/looked-at": "Settled what needed a look", "/transactions/{id}/check": "Asked the provider about a payment", "/transactions/{id}/refund": "Gave money back", "/transactions/{id}/refund-again": "Tried a refund again",
		"/page": "Changed the payment page", "/checklist": "", "/test-clock": "Moved the test clock",
		"/settings/business": "Changed the business", "/settings/business/handles/let-go": "Let an old handle go", "/settings/legal": "Changed terms and privacy", "/settings/appearance": "",
		"/settings/team": "Invited somebody", "/settings/team/invitations/{id}/again": "Sent an invitation again", "/settings/team/invitations/{id}/back": "Took an invitation back",
		"/settings/team/{id}/role": "Changed a role", "/settings/team/{id}/remove": "Removed a member",
		"/settings/providers": "Connected a provider", "/settings/providers/use": "Chose the provider", "/settings/providers/instant": "Changed how providers report", "/settings/providers/disconnect": "Disconnected a provider",
		"/settings/email": "Changed how mail is sent", "/settings/email/retry": "Tried mails again", "/settings/email/{kind}": "Changed the words of a mail", "/settings/email/{kind}/reset": "Took our words of a mail back", "/settings/email/{kind}/test": "Sent a test mail", "/settings/email/{kind}/preview": "",
		"/settings/sms": "Changed how SMS are sent", "/settings/sms/retry": "Tried SMS again", "/settings/sms/test": "Sent a test SMS",
		"/settings/tokens": "Made an API token", "/settings/tokens/payrequest": "Switched PayRequest’s API on or off", "/settings/tokens/{id}/revoke": "Revoked an API token", "/settings/tokens/secret": "Looked at the signing secret", "/settings/tokens/secret/change": "Changed the signing secret",
		"/settings/webhooks": "Added a webhook endpoint", "/settings/webhooks/{id}": "Changed a webhook endpoint", "/settings/webhooks/{id}/active": "Switched a webhook endpoint on or off", "/settings/webhooks/{id}/rotate": "Made a new webhook secret",
		"/settings/webhooks/{id}/test": "Sent a test event", "/settings/webhooks/{id}/period": "Sent a period of events again", "/settings/webhooks/{id}/delete": "Deleted a webhook endpoint", "/settings/webhooks/{id}/events/{event}/again": "Sent an event again",
	}
}

// exportWords say what a member took away, by the pattern of its request.
func exportWords() map[string]string {
	return map[string]string{
		"/links.csv": "Exported links", "/customers.csv": "Exported customers", "/transactions.csv": "Exported transactions", "/customers/{id}/data.json": "Exported all about a customer",
	}
}

// ownActs begin the patterns of what members do to their own account: that is no
// business of the business.
const ownActs = "/account/"

// noted adds what a member did to the audit log, when it was done.
func (d *Dashboard) noted(what string, h roomHandler) roomHandler {
	if what == "" {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request, at *room) error {
		out := &statusWriter{ResponseWriter: w}
		err := h(out, r, at)
		if err != nil || out.status >= http.StatusBadRequest || r.Method == http.MethodHead || wantsTag(r) {
			return err
		}
		act := account.Act{Actor: string(at.Member.ID), Name: at.Member.Name, What: what, Object: objectOf(r, w.Header().Get("Location")), Address: d.maskedIP(r)}
		if err := d.Accounts.NoteAct(r.Context(), at.Business.ID, act); err != nil {
			d.Log.ErrorContext(r.Context(), "the audit log lacks an act", "what", what, "object", act.Object, "member", act.Actor, "error", err)
		}
		return nil
	}
}

// objectOf is the id of what was changed or made.
func objectOf(r *http.Request, location string) string {
	if named := r.PathValue("id"); named != "" {
		return named
	}
	last := path.Base(location)
	if prefix, _, ok := strings.Cut(last, "_"); ok && id.Valid(prefix, last) {
		return last
	}
	return ""
}

// statusWriter remembers how a request was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// auditView is Settings → Audit log.
type auditView struct {
	Settings     settingsView
	Of           string // the object it is narrowed to
	All          string
	Rows         []auditRow
	Newer, Older string
}

type auditRow struct {
	Name, What, Object, Href, Address string
	Program                           bool
	Time, Ago, ISO                    string
}

func (d *Dashboard) showAudit(w http.ResponseWriter, r *http.Request, at *room) error {
	q := r.URL.Query()
	t, object := trailFrom(q), q.Get("of")
	acts, next, err := d.Accounts.Acts(r.Context(), at.Business.ID, object, t.cursor)
	if err != nil {
		return err
	}
	base := at.Base + "/settings/audit"
	v := auditView{Settings: settingsAt(at, "audit"), Of: object, All: base, Newer: t.newer(base, q), Older: t.older(base, q, next)}
	zone := at.Business.Location()
	for _, a := range acts {
		v.Rows = append(v.Rows, auditRow{
			Name: a.Name, What: a.What, Object: a.Object, Href: objectHref(at, a.Object), Address: a.Address, Program: strings.HasPrefix(a.Actor, "tok_"),
			Time: dateTime(a.At, zone), Ago: ago(a.At, d.DB.Clock().Wall(), zone), ISO: isoTime(a.At),
		})
	}
	return render(w, r, http.StatusOK, auditPage(d.frame(r, at, v.Settings.place()), v))
}

// objectHref is the page of an object, "" where it has none.
func objectHref(at *room, object string) string {
	prefix, _, _ := strings.Cut(object, "_")
	for kind, pages := range map[string]string{"lnk": "/links/", "cus": "/customers/", "prd": "/products/", "pay": "/transactions/", "tag": "/tags/", "imp": "/imports/"} {
		if prefix == kind {
			return at.Base + pages + object
		}
	}
	return ""
}
