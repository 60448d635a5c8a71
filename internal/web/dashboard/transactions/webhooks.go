package transactions

import (
	"cmp"
	"net/http"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// webhooksView is the inbox: what providers reported.
type webhooksView struct {
	Base         string
	Tabs         []ui.Tab
	Kinds        []ui.Tab
	Narrowed     bool
	Rows         []webhookRow
	Newer, Older string
}

type webhookRow struct {
	Href, Provider, Event, Object string
	Badge                         ui.BadgeProps
	Outcome, Tries                string
	Time, Ago, ISO                string
}

// webhookView is the page of one report.
type webhookView struct {
	Back  string
	Row   webhookRow
	Done  string // when it was done with, "" while it waits
	Next  string // when it is tried again
	About string // the transaction it is about, "" for none
	Body  string
}

func (d pages) listWebhooks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	t, state := frame.TrailFrom(q), history.InboxState(q.Get("state"))
	hooks, next, err := d.Payments.Inbox(r.Context(), scope.Business.ID, history.InboxFilter{State: state, Cursor: t.Cursor})
	if err != nil {
		return err
	}
	base := scope.Base + "/transactions/webhooks"
	v := webhooksView{Base: base, Kinds: webhookKinds(scope.Reader, base, state), Narrowed: state != "", Newer: t.Newer(base, q), Older: t.Older(base, q, next)}
	for _, h := range hooks {
		v.Rows = append(v.Rows, webhookRowOf(scope, h))
	}
	if v.Tabs, err = d.TransactionTabs(r.Context(), scope, base); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, webhooksPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Webhooks"), Section: frame.TransactionsSection}), v))
}

func (d pages) showWebhook(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	h, body, about, err := d.Payments.InboxHook(r.Context(), scope.Business.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := webhookView{Back: scope.Base + "/transactions/webhooks", Row: webhookRowOf(scope, h), Body: cmp.Or(frame.PayloadText(body), scope.T("No longer stored: it arrived more than 90 days ago."))}
	if about != "" {
		v.About = scope.Base + "/transactions/" + string(about)
	}
	zone := scope.Business.Location()
	if !h.ProcessedAt.IsZero() {
		v.Done = scope.DateTime(h.ProcessedAt.Time, zone)
	} else if !h.DueAt.IsZero() {
		v.Next = scope.DateTime(h.DueAt.Time, zone)
	}
	return frame.Render(w, r, http.StatusOK, webhookPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Webhook"), Section: frame.TransactionsSection}), v))
}

func webhookKinds(reader frame.Reader, base string, state history.InboxState) []ui.Tab {
	kinds := []ui.Tab{{Label: reader.T("All"), Href: base, Current: state == ""}}
	for _, s := range []history.InboxState{history.HookWaiting, history.HookDone, history.HookGivenUp} {
		kinds = append(kinds, ui.Tab{Label: webhookBadge(reader, s).Label, Href: base + "?state=" + string(s), Current: state == s})
	}
	return kinds
}

func webhookBadge(reader frame.Reader, s history.InboxState) ui.BadgeProps {
	switch s {
	case history.HookWaiting:
		return ui.BadgeProps{Label: reader.T("Waiting"), Tone: ui.Orange}
	case history.HookGivenUp:
		return ui.BadgeProps{Label: reader.T("Stopped trying"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Done"), Tone: ui.Green}
}

func webhookRowOf(scope *frame.Scope, h history.Hook) webhookRow {
	return webhookRow{
		Href: scope.Base + "/transactions/webhooks/" + h.ID, Provider: scope.ProviderName(h.Provider), Event: h.Event, Object: h.Object,
		Badge: webhookBadge(scope.Reader, h.State()), Outcome: outcomeWords(scope.Reader, h), Tries: triesWords(scope.Reader, h.Tries),
		Time: scope.DateTime(h.ReceivedAt.Time, scope.Business.Location()), Ago: scope.Ago(h.ReceivedAt.Time, scope.Now, scope.Business.Location()),
		ISO: frame.IsoTime(h.ReceivedAt.Time),
	}
}

func triesWords(reader frame.Reader, tries int64) string {
	if tries == 0 {
		return ""
	}
	return reader.T("Failed after {{.Tries}}", "Tries", reader.N(tries, "{{.Count}} try", "{{.Count}} tries"))
}

// outcomeWords says what came of a report.
func outcomeWords(reader frame.Reader, h history.Hook) string {
	switch h.State() {
	case history.HookWaiting:
		return reader.T("Not processed yet; we try again automatically")
	case history.HookGivenUp:
		if h.Outcome == history.UnknownObject {
			return reader.T("Not about a payment of this business")
		}
		return reader.T("Tried too often; our own checks cover the payment as well")
	}
	switch s := attempt.State(h.Outcome); s {
	case attempt.Creating, attempt.Open, attempt.Pending, attempt.Closing:
		return reader.T("Not paid yet: {{.Or}}", "Or", cmp.Or(map[attempt.State]string{attempt.Pending: reader.T("money is on its way"), attempt.Closing: reader.T("checkout ending")}[s], reader.T("checkout open")))
	case attempt.Released:
		return TransactionBadge(reader, history.StatusExpired).Label
	default:
		return TransactionBadge(reader, history.Status(s)).Label
	}
}
