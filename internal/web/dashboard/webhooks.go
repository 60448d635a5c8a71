package dashboard

import (
	"cmp"
	"net/http"

	"smartlinks/internal/payment"
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

func (d *Dashboard) listWebhooks(w http.ResponseWriter, r *http.Request, at *room) error {
	q := r.URL.Query()
	t, state := trailFrom(q), payment.InboxState(q.Get("state"))
	hooks, next, err := d.Payments.Inbox(r.Context(), at.Business.ID, payment.InboxFilter{State: state, Cursor: t.cursor})
	if err != nil {
		return err
	}
	base := at.Base + "/transactions/webhooks"
	v := webhooksView{Base: base, Kinds: webhookKinds(base, state), Narrowed: state != "", Newer: t.newer(base, q), Older: t.older(base, q, next)}
	for _, h := range hooks {
		v.Rows = append(v.Rows, webhookRowOf(at, h))
	}
	if v.Tabs, err = d.transactionTabs(r.Context(), at, base); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, webhooksPage(d.frame(r, at, place{"Webhooks", transactionsRoom}), v))
}

func (d *Dashboard) showWebhook(w http.ResponseWriter, r *http.Request, at *room) error {
	h, body, about, err := d.Payments.InboxHook(r.Context(), at.Business.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := webhookView{Back: at.Base + "/transactions/webhooks", Row: webhookRowOf(at, h), Body: cmp.Or(payloadText(body), "Forgotten: it came more than 90 days ago.")}
	if about != "" {
		v.About = at.Base + "/transactions/" + string(about)
	}
	zone := at.Business.Location()
	if !h.ProcessedAt.IsZero() {
		v.Done = dateTime(h.ProcessedAt.Time, zone)
	} else if !h.DueAt.IsZero() {
		v.Next = dateTime(h.DueAt.Time, zone)
	}
	return render(w, r, http.StatusOK, webhookPage(d.frame(r, at, place{"Webhook", transactionsRoom}), v))
}

func webhookKinds(base string, state payment.InboxState) []ui.Tab {
	kinds := []ui.Tab{{Label: "All", Href: base, Current: state == ""}}
	for _, s := range []payment.InboxState{payment.HookWaiting, payment.HookDone, payment.HookGivenUp} {
		kinds = append(kinds, ui.Tab{Label: webhookBadge(s).Label, Href: base + "?state=" + string(s), Current: state == s})
	}
	return kinds
}

func webhookBadge(s payment.InboxState) ui.BadgeProps {
	switch s {
	case payment.HookWaiting:
		return ui.BadgeProps{Label: "Waiting", Tone: ui.Orange}
	case payment.HookGivenUp:
		return ui.BadgeProps{Label: "Given up", Tone: ui.Red}
	}
	return ui.BadgeProps{Label: "Done", Tone: ui.Green}
}

func webhookRowOf(at *room, h payment.Hook) webhookRow {
	return webhookRow{
		Href: at.Base + "/transactions/webhooks/" + h.ID, Provider: providerName(h.Provider), Event: h.Event, Object: h.Object,
		Badge: webhookBadge(h.State()), Outcome: outcomeWords(h), Tries: triesWords(h.Tries),
		Time: dateTime(h.ReceivedAt.Time, at.Business.Location()), Ago: ago(h.ReceivedAt.Time, at.Now, at.Business.Location()),
		ISO: isoTime(h.ReceivedAt.Time),
	}
}

func triesWords(tries int64) string {
	if tries == 0 {
		return ""
	}
	return counted(tries, "try", "tries") + " in vain"
}

// outcomeWords says what came of a report.
func outcomeWords(h payment.Hook) string {
	switch h.State() {
	case payment.HookWaiting:
		return "Not done with yet; tried again by itself"
	case payment.HookGivenUp:
		if h.Outcome == payment.UnknownObject {
			return "About no payment of this business"
		}
		return "Tried too often; our own checks look at the payment as well"
	}
	switch s := payment.State(h.Outcome); s {
	case payment.Creating, payment.Open, payment.Pending, payment.Closing:
		return "Not paid yet: " + firstOf(map[payment.State]string{payment.Pending: "money is on its way", payment.Closing: "checkout ending"}[s], "checkout open")
	case payment.Released:
		return transactionBadge(payment.StatusExpired).Label
	default:
		return transactionBadge(payment.Status(s)).Label
	}
}
