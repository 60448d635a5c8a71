package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// endpointsView is Settings → Webhooks.
type endpointsView struct {
	problems
	Settings settingsView
	Docs     string
	Rows     []endpointRow
	Form     endpointForm
}

// endpointRow is an endpoint of the list.
type endpointRow struct {
	Href, URL, About, Asks string
	Badge                  ui.BadgeProps
}

// endpointForm is what a new or a changed endpoint is typed into.
type endpointForm struct {
	URL, Description string
	Version          int64
	Everything       bool
	Groups           []eventGroup
	Format           webhook.Format
	ChooseFormat     bool // of a business that comes from PayRequest, or an endpoint that is told so
}

// eventGroup are types of events about one kind of thing.
type eventGroup struct {
	Label  string
	Events []eventChoice
}

type eventChoice struct {
	Value, Label string
	Chosen       bool
}

// eventGroups are the types that the form offers, in its order.
func eventGroups() []eventGroup {
	choice := func(t webhook.Type, label string) eventChoice {
		return eventChoice{Value: string(t), Label: label}
	}
	return []eventGroup{
		{"Payments", []eventChoice{
			choice(webhook.PaymentSucceeded, "Succeeded"), choice(webhook.PaymentFailed, "Failed"), choice(webhook.PaymentRefunded, "Refunded"),
			choice(webhook.PaymentDisputed, "Disputed"), choice(webhook.DisputeClosed, "Dispute closed"),
		}},
		{"Links", []eventChoice{
			choice(webhook.LinkCreated, "Created"), choice(webhook.LinkUpdated, "Changed"), choice(webhook.LinkDeactivated, "Switched off"),
			choice(webhook.LinkLimitReached, "Limit reached"), choice(webhook.LinkDeleted, "Deleted"),
		}},
		{"Messages", []eventChoice{
			choice(webhook.DeliverySent, "Sent"), choice(webhook.DeliveryDelivered, "Delivered"), choice(webhook.DeliveryFailed, "Failed"),
			choice(webhook.ReminderSent, "Reminder sent"),
		}},
		{"Customers", []eventChoice{choice(webhook.CustomerTagged, "Tagged")}},
	}
}

// endpointFormOf shows an endpoint for change.
func endpointFormOf(at *room, address, description string, asked webhook.Asked, format webhook.Format, version int64) endpointForm {
	f := endpointForm{URL: address, Description: description, Version: version, Format: format, ChooseFormat: at.Business.PayRequest || format == webhook.PayRequest, Everything: slices.Contains(asked, webhook.All), Groups: eventGroups()}
	for _, g := range f.Groups {
		for i := range g.Events {
			g.Events[i].Chosen = slices.Contains(asked, webhook.Type(g.Events[i].Value))
		}
	}
	return f
}

// askedFrom reads which events were chosen.
func askedFrom(form url.Values) webhook.Asked {
	if form.Get("everything") != "" {
		return webhook.Asked{webhook.All}
	}
	var asked webhook.Asked
	for _, t := range form["event"] {
		asked = append(asked, webhook.Type(t))
	}
	return asked
}

func (d *Dashboard) listEndpoints(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.endpointsView(r, at)
	if err != nil {
		return err
	}
	v.Form = endpointFormOf(at, "", "", webhook.Asked{webhook.All}, webhook.Standard, 0)
	return d.showEndpoints(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) showEndpoints(w http.ResponseWriter, r *http.Request, at *room, status int, v endpointsView) error {
	return render(w, r, status, endpointsPage(d.frame(r, at, v.Settings.place()), v))
}

func (d *Dashboard) endpointsView(r *http.Request, at *room) (endpointsView, error) {
	v := endpointsView{Settings: settingsAt(at, "webhooks"), Docs: at.Public.JoinPath("api", "docs").String()}
	all, err := d.Webhooks.Endpoints(r.Context(), at.Business.ID)
	for _, e := range all {
		v.Rows = append(v.Rows, endpointRow{
			Href: endpointHref(at, e.ID), URL: e.URL, About: e.Description, Asks: asksWords(e.Events), Badge: endpointBadge(e),
		})
	}
	return v, err
}

func endpointHref(at *room, id webhook.EndpointID) string {
	return at.Base + "/settings/webhooks/" + string(id)
}

func asksWords(asked webhook.Asked) string {
	if asked.Has(webhook.All) {
		return "Every event"
	}
	return counted(int64(len(asked)), "event", "events")
}

func endpointBadge(e webhook.Endpoint) ui.BadgeProps {
	switch {
	case e.Active && e.FailingSince != nil:
		return ui.BadgeProps{Label: "Failing", Tone: ui.Orange}
	case e.Active:
		return ui.BadgeProps{Label: "Active", Tone: ui.Green}
	case e.Stopped != webhook.ByMember:
		return ui.BadgeProps{Label: "Switched off", Tone: ui.Red}
	}
	return ui.BadgeProps{Label: "Off", Tone: ui.Grey}
}

// createEndpoint answers with the endpoint's page itself, because the secret is
// shown this once and kept nowhere readable, not even for the time of a redirect.
func (d *Dashboard) createEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	form := r.PostForm
	draft := webhook.Draft{URL: webAddress(form.Get("url")), Description: form.Get("description"), Events: askedFrom(form), Format: webhook.Format(form.Get("format"))}
	e, key, err := d.Webhooks.Create(r.Context(), at.Business.ID, draft)
	if err == nil {
		return d.showEndpointPage(w, r, at, http.StatusOK, e, func(v *endpointView) { v.Secret = key.Text() })
	}
	p, ok := problemsOf(err, nil)
	if !ok {
		return err
	}
	v, err := d.endpointsView(r, at)
	if err != nil {
		return err
	}
	v.problems, v.Form = p, endpointFormOf(at, draft.URL, draft.Description, draft.Events, draft.Format, 0)
	return d.showEndpoints(w, r, at, http.StatusUnprocessableEntity, v)
}

// saveEndpoint changes where an endpoint is and what it asks for.
func (d *Dashboard) saveEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	form := r.PostForm
	address, description, asked := webAddress(form.Get("url")), form.Get("description"), askedFrom(form)
	patch := webhook.Patch{URL: &address, Description: &description, Events: &asked}
	format := webhook.Format(form.Get("format"))
	if format != "" { // the form asks for it
		patch.Format = &format
	}
	_, err := d.Webhooks.Update(r.Context(), at.Business.ID, id, versionFrom(form), patch)
	if err == nil {
		d.say(r, ui.ToastProps{Text: "The endpoint is saved"})
		return redirect(w, r, endpointHref(at, id))
	}
	p, ok := problemsOf(err, nil)
	if fault.Is(err, fault.Stale) {
		p, ok = problems{Problem: fault.Of(err).Message, ProblemHref: endpointHref(at, id)}, true
	}
	if !ok {
		return err
	}
	e, err := d.Webhooks.Endpoint(r.Context(), at.Business.ID, id)
	if err != nil {
		return err
	}
	return d.showEndpointPage(w, r, at, http.StatusUnprocessableEntity, e, func(v *endpointView) {
		v.problems, v.Form = p, endpointFormOf(at, address, description, asked, format, versionFrom(form))
	})
}

// switchEndpoint switches an endpoint on or off.
func (d *Dashboard) switchEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	on := ticked(r.PostForm, "active")
	if _, err := d.Webhooks.Update(r.Context(), at.Business.ID, id, 0, webhook.Patch{Active: &on}); err != nil {
		return err
	}
	toast := ui.ToastProps{Text: "The endpoint is off", More: "What happens meanwhile can be sent again."}
	if on {
		toast = ui.ToastProps{Text: "The endpoint is on", More: "Send it what it missed with “Send a period again”."}
	}
	d.say(r, toast)
	return redirect(w, r, endpointHref(at, id))
}

// rotateEndpoint answers with the page itself, as createEndpoint does.
func (d *Dashboard) rotateEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	e, key, err := d.Webhooks.Rotate(r.Context(), at.Business.ID, webhook.EndpointID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showEndpointPage(w, r, at, http.StatusOK, e, func(v *endpointView) { v.Secret = key.Text() })
}

func (d *Dashboard) deleteEndpoint(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := d.Webhooks.Delete(r.Context(), at.Business.ID, webhook.EndpointID(r.PathValue("id"))); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The endpoint is deleted"})
	return redirect(w, r, at.Base+"/settings/webhooks")
}

// versionText is a version for a form.
func versionText(v int64) string { return strconv.FormatInt(v, 10) }
