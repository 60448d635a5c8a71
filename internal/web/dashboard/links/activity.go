package links

import (
	"net/url"

	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// activityPageSize is how many rows the activity shows at once.
const activityPageSize = 10

// activityView is the card "Activity" with one of its tabs.
type activityView struct {
	Kind         string // all, view or payment
	Tabs         []ui.Tab
	Rows         []activityRow
	Summary      string
	Machines     string // how many openings by bots and previews are left out
	MachinesHref string // shows them
	Newer, Older string
}

func activityKind(q url.Values) visit.Kind {
	switch k := visit.Kind(q.Get("activity")); k {
	case visit.KindView, visit.KindPayment, visit.KindReminder:
		return k
	}
	return visit.KindAll
}

// withMachines tells whether openings by bots and link previews are asked for.
func withMachines(q url.Values) bool { return q.Get("bots") == "shown" }

// activityViewOf lays out a page of the activity of the link at href.
func activityViewOf(scope *frame.Scope, href string, q url.Values, rows []visit.Row, sends sentNames, next string, totals visit.Counts) activityView {
	kind, machines := activityKind(q), totals.Bots+totals.Previews
	v := activityView{Kind: string(kind), Tabs: activityTabs(scope.Reader, href, q, kind, totals, sends)}
	t := frame.TrailFrom(q)
	v.Newer, v.Older = toActivity(t.Newer(href, q)), toActivity(t.Older(href, q, next))
	if machines > 0 && (kind == visit.KindAll || kind == visit.KindView) && !withMachines(q) {
		shown := url.Values{"bots": {"shown"}}
		frame.CopyParams(shown, q, "days", "activity")
		v.Machines = scope.T("{{.Machines}} by bots and link previews not counted.", "Machines", scope.N(machines, "{{.Count}} opening", "{{.Count}} openings"))
		v.MachinesHref = toActivity(href + "?" + shown.Encode())
	}
	if q.Get("cursor") == "" {
		v.Rows = upcomingRows(scope, sends.plan.ComingIn(kind))
	}
	for _, row := range rows {
		v.Rows = append(v.Rows, activityRowOf(scope, row, sends))
	}
	if v.Newer == "" && v.Older == "" {
		v.Summary = scope.N(int64(len(v.Rows)), "{{.Count}} entry", "{{.Count}} entries")
	}
	return v
}

func activityTabs(reader frame.Reader, href string, q url.Values, current visit.Kind, totals visit.Counts, sends sentNames) []ui.Tab {
	tab := func(label string, k visit.Kind, n int64) ui.Tab {
		query := url.Values{}
		frame.CopyParams(query, q, "days", "bots")
		if k != visit.KindAll {
			query.Set("activity", string(k))
		}
		return ui.Tab{Label: label, Href: toActivity(frame.WithQuery(href, query, "", "")), Count: reader.Number(n), Current: k == current}
	}
	views := totals.Views
	if withMachines(q) {
		views += totals.Bots + totals.Previews
	}
	coming := func(k visit.Kind) int64 { return int64(len(sends.plan.ComingIn(k))) }
	return []ui.Tab{
		tab(reader.T("All"), visit.KindAll, views+totals.Payments+sends.Total+coming(visit.KindAll)),
		tab(reader.T("Views"), visit.KindView, views),
		tab(reader.T("Payments"), visit.KindPayment, totals.Payments),
		tab(reader.T("Reminders"), visit.KindReminder, sends.Reminders+coming(visit.KindReminder)),
	}
}

// toActivity makes an address of the page stop at the activity.
func toActivity(href string) string {
	if href == "" {
		return ""
	}
	return href + "#live-activity"
}

// Foot tells whether something stands below the rows.
func (a activityView) Foot() bool { return a.Summary+a.Newer+a.Older+a.Machines != "" }

// EmptyIcon is the icon of an empty tab.
func (a activityView) EmptyIcon() string {
	switch visit.Kind(a.Kind) {
	case visit.KindPayment:
		return "credit-card"
	case visit.KindReminder:
		return "bell"
	}
	return "eye"
}

// EmptyTitle is the head of an empty tab.
func (a activityView) EmptyTitle(reader frame.Reader) string {
	switch visit.Kind(a.Kind) {
	case visit.KindPayment:
		return reader.T("No payments yet")
	case visit.KindReminder:
		return reader.T("No reminders yet")
	}
	return reader.T("Nothing has happened yet")
}

// EmptyText says when something will stand here.
func (a activityView) EmptyText(reader frame.Reader) string {
	switch visit.Kind(a.Kind) {
	case visit.KindPayment:
		return reader.T("Payments appear here the moment they are confirmed.")
	case visit.KindReminder:
		return reader.T("Send the link to a customer. Reminders follow until it is paid.")
	}
	return reader.T("Share the link. Views and payments appear here at once.")
}
