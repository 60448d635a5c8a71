package dashboard

import (
	"net/http"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// endpointView is the page of one endpoint.
type endpointView struct {
	problems
	Settings     settingsView
	Href, Back   string
	Secret       string // a new one in plain, shown this once
	Form         endpointForm
	Row          endpointRow
	Active       bool
	Trouble      string // why it is off or failing, "" when all is well
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

func (d *Dashboard) showEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	e, err := d.Webhooks.Endpoint(r.Context(), at.Business.ID, webhook.EndpointID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showEndpointPage(w, r, at, http.StatusOK, e, func(*endpointView) {})
}

// showEndpointPage shows an endpoint with its log; change adds what this answer
// alone has to say.
func (d *Dashboard) showEndpointPage(w http.ResponseWriter, r *http.Request, at *room, status int, e webhook.Endpoint, change func(*endpointView)) error {
	v := endpointView{
		Settings: settingsAt(at, "webhooks"), Href: endpointHref(at, e.ID), Back: at.Base + "/settings/webhooks", Active: e.Active,
		Form: endpointFormOf(at, e.URL, e.Description, e.Events, e.Format, e.Version), Row: endpointRow{URL: e.URL, About: e.Description, Badge: endpointBadge(e)},
		Trouble: endpointTrouble(at, e), From: at.Now.In(at.Business.Location()).AddDate(0, 0, -1).Format(time.DateOnly),
	}
	if e.OldUntil != nil && d.DB.Clock().Wall().Before(*e.OldUntil) {
		v.OldUntil = dateTime(*e.OldUntil, at.Business.Location())
	}
	if err := d.endpointLog(r, at, e.ID, &v); err != nil {
		return err
	}
	change(&v)
	return render(w, r, status, endpointPage(d.frame(r, at, v.Settings.place()), v))
}

func endpointTrouble(at *room, e webhook.Endpoint) string {
	since := ""
	if e.FailingSince != nil {
		since = dateTime(*e.FailingSince, at.Business.Location())
	}
	switch {
	case e.Active && since != "":
		return "It has taken nothing since " + since + ". We keep trying for three days, then switch it off and tell the owners."
	case !e.Active && e.Stopped == webhook.Failing:
		return "We switched it off, because it took nothing for three days. Mend it, switch it on, and send it what it missed."
	case !e.Active && e.Stopped == webhook.GoneAway:
		return "We switched it off, because it answered that it is gone for good (410)."
	}
	return ""
}

// endpointLog fills in a page of what was sent.
func (d *Dashboard) endpointLog(r *http.Request, at *room, id webhook.EndpointID, v *endpointView) error {
	q := r.URL.Query()
	t, state := trailFrom(q), webhook.State(q.Get("state"))
	sent, next, err := d.Webhooks.History(r.Context(), at.Business.ID, id, webhook.HistoryFilter{State: state, Cursor: t.cursor})
	if err != nil {
		return err
	}
	for _, s := range sent {
		v.Log = append(v.Log, hookSentRowOf(at, s))
	}
	v.Narrowed, v.Newer, v.Older = state != "", t.newer(v.Href, q), t.older(v.Href, q, next)
	v.States = []ui.Tab{{Label: "All", Href: v.Href, Current: state == ""}}
	for _, s := range []webhook.State{webhook.Waiting, webhook.Delivered, webhook.Failed} {
		v.States = append(v.States, ui.Tab{Label: hookSentBadge(s).Label, Href: v.Href + "?state=" + string(s) + "#log", Current: state == s})
	}
	return nil
}

func hookSentRowOf(at *room, s webhook.Delivery) hookSentRow {
	zone := at.Business.Location()
	return hookSentRow{
		Href: endpointHref(at, s.EndpointID) + "/events/" + string(s.ID), Type: string(s.Type), Object: s.Object, Badge: hookSentBadge(s.State),
		Outcome: hookOutcome(s), Time: dateTime(s.CreatedAt, zone), Ago: ago(s.CreatedAt, at.Now, zone), ISO: isoTime(s.CreatedAt),
	}
}

func hookSentBadge(s webhook.State) ui.BadgeProps {
	switch s {
	case webhook.Delivered:
		return ui.BadgeProps{Label: "Delivered", Tone: ui.Green}
	case webhook.Failed:
		return ui.BadgeProps{Label: "Failed", Tone: ui.Red}
	}
	return ui.BadgeProps{Label: "Waiting", Tone: ui.Orange}
}

// hookOutcome says how the last try ended, and how many there were.
func hookOutcome(s webhook.Delivery) string {
	if s.Tries == 0 {
		return "Not tried yet"
	}
	outcome := "No answer"
	if s.Status != 0 {
		outcome = "Answer " + statusWords(s.Status)
	}
	if s.Tries > 1 {
		outcome += ", " + counted(s.Tries, "try", "tries")
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
func (d *Dashboard) testEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	id := webhook.EndpointID(r.PathValue("id"))
	event, err := d.Webhooks.SendTest(r.Context(), at.Business, id)
	if err != nil {
		return err
	}
	return d.sayOutcome(w, r, at, event, id)
}

// sendAgain posts an event once more and shows what came of it.
func (d *Dashboard) sendAgain(w http.ResponseWriter, r *http.Request, at *room) error {
	id, event := webhook.EndpointID(r.PathValue("id")), webhook.EventID(r.PathValue("event"))
	if err := d.Webhooks.SendAgain(r.Context(), at.Business.ID, event, id); err != nil {
		return err
	}
	return d.sayOutcome(w, r, at, event, id)
}

func (d *Dashboard) sayOutcome(w http.ResponseWriter, r *http.Request, at *room, event webhook.EventID, id webhook.EndpointID) error {
	s, err := d.Webhooks.Sent(r.Context(), at.Business.ID, event, id)
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: map[bool]string{true: "The endpoint took it", false: "The endpoint did not take it"}[s.State == webhook.Delivered],
		More: hookOutcome(s), Bad: s.State != webhook.Delivered})
	return redirect(w, r, endpointHref(at, id)+"/events/"+string(event))
}

// sendPeriod sends again what happened in some days.
func (d *Dashboard) sendPeriod(w http.ResponseWriter, r *http.Request, at *room) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	e, err := d.Webhooks.Endpoint(r.Context(), at.Business.ID, id)
	if err != nil {
		return err
	}
	from, to, taken := r.PostForm.Get("from"), r.PostForm.Get("to"), ticked(r.PostForm, "taken")
	p, err := periodFrom(from, to, at.Business.Location())
	n := 0
	if p.Taken = taken; err == nil {
		n, err = d.Webhooks.RedeliverPeriod(r.Context(), at.Business.ID, id, p)
	}
	if err == nil {
		d.say(r, ui.ToastProps{Text: counted(int64(n), "event goes", "events go") + " again", More: "In the order in which they happened."})
		return redirect(w, r, endpointHref(at, id)+"#log")
	}
	wrong, ok := problemsOf(err, nil)
	if !ok {
		return err
	}
	return d.showEndpointPage(w, r, at, http.StatusUnprocessableEntity, e, func(v *endpointView) {
		v.problems, v.From, v.To, v.Taken = wrong, from, to, taken
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
	p.To = last.AddDate(0, 0, 1)
	return p, wrong.Err()
}
