package endpoints

import (
	"net/http"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// endpointView is the page of one endpoint.
type endpointView struct {
	frame.Problems
	Settings     frame.SettingsView
	Href, Back   string
	Secret       string // a new one in plain, shown this once
	Form         endpointForm
	Row          endpointRow
	Active       bool
	Trouble      string // why it is off or failing, "" when all is well
	NewSecret    string // what a new secret means for the receiver
	OldUntil     string // until when the secret before signs, "" when it does not
	From, To     string // of the period, as typed
	Taken        bool
	States       []ui.Tab
	Narrowed     bool
	Log          []hookSentRow
	Newer, Older string
}

// hookSentRow is an event that was sent to the endpoint.
type hookSentRow struct {
	Href, Type, Object string
	Badge              ui.BadgeProps
	Outcome            string
	Time, Ago, ISO     string
}

func (d pages) showEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	e, err := d.Webhooks.Endpoint(r.Context(), scope.Business.ID, webhook.EndpointID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showEndpointPage(w, r, scope, http.StatusOK, e, func(v *endpointView) { v.Secret = d.TakeOnce(w, r, secretOnce(e.ID)).Text })
}

// showEndpointPage shows an endpoint with its log; change adds what this answer
// alone has to say.
func (d pages) showEndpointPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, e webhook.Endpoint, change func(*endpointView)) error {
	v := endpointView{
		Settings: frame.SettingsAt(scope, "webhooks"), Href: endpointHref(scope, e.ID), Back: scope.Base + "/settings/webhooks", Active: e.Active,
		Form: endpointFormOf(scope, e.URL, e.Description, e.Events, e.Format, e.Version), Row: endpointRow{URL: e.URL, About: e.Description, Badge: endpointBadge(scope.Reader, e)},
		Trouble: endpointTrouble(scope, e), From: scope.Now.In(scope.Business.Location()).AddDate(0, 0, -1).Format(time.DateOnly),
	}
	v.NewSecret = scope.T("For 24 hours messages carry the signatures of both, so your system can change without missing any.")
	if e.Format == webhook.PayRequest { // which knows one signature
		v.NewSecret = scope.T("Messages carry the new signature at once. What your system refuses until it has the new secret is sent again.")
	} else if e.OldUntil != nil && d.DB.Clock().Wall().Before(*e.OldUntil) {
		v.OldUntil = scope.DateTime(*e.OldUntil, scope.Business.Location())
	}
	if err := d.endpointLog(r, scope, e.ID, &v); err != nil {
		return err
	}
	change(&v)
	return frame.Render(w, r, status, endpointPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func endpointTrouble(scope *frame.Scope, e webhook.Endpoint) string {
	since := ""
	if e.FailingSince != nil {
		since = scope.DateTime(*e.FailingSince, scope.Business.Location())
	}
	switch {
	case e.Active && since != "":
		return scope.T("It has accepted nothing since {{.Since}}. We keep trying for three days, then switch it off and tell the owners.", "Since", since)
	case !e.Active && e.Stopped == webhook.Failing:
		return scope.T("We switched it off because it accepted nothing for three days. Fix it, switch it on, and send it what it missed.")
	case !e.Active && e.Stopped == webhook.GoneAway:
		return scope.T("We switched it off because it answered that it is gone for good (410).")
	}
	return ""
}

// endpointLog fills in a page of what was sent.
func (d pages) endpointLog(r *http.Request, scope *frame.Scope, id webhook.EndpointID, v *endpointView) error {
	q := r.URL.Query()
	t, state := frame.TrailFrom(q), webhook.State(q.Get("state"))
	sent, next, err := d.Webhooks.History(r.Context(), scope.Business.ID, id, webhook.HistoryFilter{State: state, Cursor: t.Cursor})
	if err != nil {
		return err
	}
	for _, s := range sent {
		v.Log = append(v.Log, hookSentRowOf(scope, s))
	}
	v.Narrowed, v.Newer, v.Older = state != "", t.Newer(v.Href, q), t.Older(v.Href, q, next)
	v.States = []ui.Tab{{Label: scope.T("All"), Href: v.Href, Current: state == ""}}
	for _, s := range []webhook.State{webhook.Waiting, webhook.Delivered, webhook.Failed} {
		v.States = append(v.States, ui.Tab{Label: hookSentBadge(scope.Reader, s).Label, Href: v.Href + "?state=" + string(s) + "#log", Current: state == s})
	}
	return nil
}

func hookSentRowOf(scope *frame.Scope, s webhook.Delivery) hookSentRow {
	zone := scope.Business.Location()
	return hookSentRow{
		Href: endpointHref(scope, s.EndpointID) + "/events/" + string(s.ID), Type: string(s.Type), Object: s.Object, Badge: hookSentBadge(scope.Reader, s.State),
		Outcome: hookOutcome(scope.Reader, s), Time: scope.DateTime(s.CreatedAt, zone), Ago: scope.Ago(s.CreatedAt, scope.Now, zone), ISO: frame.IsoTime(s.CreatedAt),
	}
}

func hookSentBadge(reader frame.Reader, s webhook.State) ui.BadgeProps {
	switch s {
	case webhook.Delivered:
		return ui.BadgeProps{Label: reader.T("Delivered"), Tone: ui.Green}
	case webhook.Failed:
		return ui.BadgeProps{Label: reader.T("Failed"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Waiting"), Tone: ui.Orange}
}

// hookOutcome says how the last try ended, and how many there were.
func hookOutcome(reader frame.Reader, s webhook.Delivery) string {
	if s.Tries == 0 {
		return reader.T("Not tried yet")
	}
	outcome := reader.T("No answer")
	if s.Status != 0 {
		outcome = reader.T("Answer {{.StatusWords}}", "StatusWords", statusWords(s.Status))
	}
	if s.Tries > 1 {
		outcome = reader.T("{{.Outcome}}, {{.Tries}}", "Outcome", outcome, "Tries", reader.N(s.Tries, "{{.Count}} try", "{{.Count}} tries"))
	}
	return outcome
}

// statusWords is "404 Not Found".
func statusWords(status int64) string {
	text := versionText(status)
	if name := http.StatusText(int(status)); name != "" {
		text += " " + name
	}
	return text
}

// testEndpoint posts a made-up event and shows what came of it.
func (d pages) testEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := webhook.EndpointID(r.PathValue("id"))
	event, err := d.Webhooks.SendTest(r.Context(), scope.Business, id)
	if err != nil {
		return err
	}
	return d.sayOutcome(w, r, scope, event, id)
}

// sendAgain posts an event once more and shows what came of it.
func (d pages) sendAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id, event := webhook.EndpointID(r.PathValue("id")), webhook.EventID(r.PathValue("event"))
	if err := d.Webhooks.SendAgain(r.Context(), scope.Business.ID, event, id); err != nil {
		return err
	}
	return d.sayOutcome(w, r, scope, event, id)
}

func (d pages) sayOutcome(w http.ResponseWriter, r *http.Request, scope *frame.Scope, event webhook.EventID, id webhook.EndpointID) error {
	s, err := d.Webhooks.Sent(r.Context(), scope.Business.ID, event, id)
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: map[bool]string{true: scope.T("The endpoint accepted the event"), false: scope.T("The endpoint did not accept the event")}[s.State == webhook.Delivered],
		More: hookOutcome(scope.Reader, s), Bad: s.State != webhook.Delivered})
	return frame.Redirect(w, r, endpointHref(scope, id)+"/events/"+string(event))
}

// sendPeriod sends again what happened in some days.
func (d pages) sendPeriod(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	e, err := d.Webhooks.Endpoint(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	from, to, taken := r.PostForm.Get("from"), r.PostForm.Get("to"), frame.Ticked(r.PostForm, "taken")
	p, err := periodFrom(from, to, scope.Business.Location())
	n := 0
	if p.Taken = taken; err == nil {
		n, err = d.Webhooks.RedeliverPeriod(r.Context(), scope.Business.ID, id, p)
	}
	if err == nil {
		d.Toast(r, ui.ToastProps{Text: scope.N(int64(n), "{{.Count}} event is sent again", "{{.Count}} events are sent again"), More: scope.T("In the order in which they happened.")})
		return frame.Redirect(w, r, endpointHref(scope, id)+"#log")
	}
	wrong, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	return d.showEndpointPage(w, r, scope, http.StatusUnprocessableEntity, e, func(v *endpointView) {
		v.Problems, v.From, v.To, v.Taken = wrong, from, to, taken
	})
}

// periodFrom reads days of the business's calendar; both are within.
func periodFrom(from, to string, zone *time.Location) (p webhook.Period, err error) {
	var wrong fault.Fields
	var ok bool
	if p.From, ok = calendar.ParseDay(from, zone); !ok {
		wrong.Add("from", "", "Choose the first day.")
	}
	if to == "" {
		return p, wrong.Err()
	}
	last, ok := calendar.ParseDay(to, zone)
	if !ok {
		wrong.Add("to", "", "Choose the last day, or leave it empty for today.")
	}
	p.To = calendar.Day(last, 1)
	return p, wrong.Err()
}
