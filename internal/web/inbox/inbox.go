// Package inbox is /mailbox: in test mode everybody's messages are read here,
// as their recipients would see them. It asks nobody to sign in, because test
// mode moves no money and holds no real customers; without test mode it does
// not exist.
package inbox

import (
	"log/slog"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"smartlinks/internal/clock"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// Inbox serves /mailbox, /mailbox.json and what is under /mailbox/.
type Inbox struct {
	mailbox *mailbox.Mailbox
	clock   *clock.Clock
	log     *slog.Logger
}

// New returns the pages of a mailbox.
func New(m *mailbox.Mailbox, c *clock.Clock, log *slog.Logger) *Inbox { return &Inbox{m, c, log} }

// Handler serves them.
func (i *Inbox) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /mailbox":           i.list,
		"GET /mailbox.json":      i.listJSON,
		"GET /mailbox/{id}":      i.show,
		"GET /mailbox/{id}/html": i.mail,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			if err := h(w, r); err != nil {
				i.fail(w, r, err)
			}
		})
	}
	return ui.Themed(mux)
}

func (i *Inbox) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	status := http.StatusInternalServerError
	if f.Code == fault.NotFound {
		status = http.StatusNotFound
	} else {
		i.log.ErrorContext(r.Context(), "mailbox failed", "error", err)
	}
	if err := render(w, r, status, troublePage(f.Message)); err != nil {
		i.log.ErrorContext(r.Context(), "mailbox can't show an error", "error", err)
	}
}

func render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return c.Render(r.Context(), w)
}

// maxTitle bounds what of an SMS stands in for its subject, in characters.
const maxTitle = 60

// title names a message: by its subject, or by how an SMS begins.
func title(m mailbox.Message) string {
	if m.Subject != "" {
		return m.Subject
	}
	if letters := []rune(m.Text); len(letters) > maxTitle {
		return "SMS: " + string(letters[:maxTitle]) + "…"
	}
	return "SMS: " + m.Text
}

// perPage is how many messages a page lists.
const perPage = 50

// listView is a page of messages.
type listView struct {
	Query    string
	Messages []mailbox.Message
	Pager    ui.PagerProps
	Public   bool // mails about accounts are kept back
	clock    *clock.Clock
}

// filterFrom reads which messages are asked for, and one more than a page holds,
// to know whether there are older ones.
func filterFrom(r *http.Request) mailbox.Filter {
	q := r.URL.Query()
	return mailbox.Filter{Query: q.Get("q"), Before: q.Get("before"), Limit: perPage + 1}
}

func (i *Inbox) list(w http.ResponseWriter, r *http.Request) error {
	f := filterFrom(r)
	all, err := i.mailbox.List(r.Context(), f)
	if err != nil {
		return err
	}
	v := listView{Query: f.Query, Messages: all, Public: i.mailbox.Public(), clock: i.clock}
	if len(all) > perPage {
		v.Messages = all[:perPage]
		v.Pager.Older = "/mailbox?" + url.Values{"q": {f.Query}, "before": {v.Messages[perPage-1].ID}}.Encode()
	}
	if f.Before != "" {
		v.Pager.Newer = "/mailbox?" + url.Values{"q": {f.Query}}.Encode()
	}
	return render(w, r, http.StatusOK, listPage(v))
}

// messageView is one message, in one of its forms.
type messageView struct {
	mailbox.Message
	As    string
	clock *clock.Clock
}

// The forms of a message.
const (
	asHTML   = "html"
	asText   = "text"
	asSource = "source"
)

func (i *Inbox) show(w http.ResponseWriter, r *http.Request) error {
	m, err := i.mailbox.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := messageView{Message: m, As: r.URL.Query().Get("as"), clock: i.clock}
	switch {
	case m.HTML == "": // an SMS
		v.As = asText
	case v.As != asText && v.As != asSource:
		v.As = asHTML
	}
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return render(w, r, http.StatusOK, messagePage(v))
}

func (v messageView) tabs() []ui.Tab {
	at := "/mailbox/" + v.ID + "?as="
	return []ui.Tab{
		{Label: "HTML", Href: at + asHTML, Current: v.As == asHTML},
		{Label: "Text", Href: at + asText, Current: v.As == asText},
		{Label: "Source", Href: at + asSource, Current: v.As == asSource},
	}
}

// mail is the message's own HTML, for a frame.
func (i *Inbox) mail(w http.ResponseWriter, r *http.Request) error {
	m, err := i.mailbox.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", guard.MailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(m.HTML)) // the client went away; nobody is left to tell
	return nil
}
