package endpoints

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// endpointsView is Settings → Webhooks.
type endpointsView struct {
	frame.Problems
	Settings frame.SettingsView
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
func eventGroups(reader frame.Reader) []eventGroup {
	choice := func(t webhook.Type, label string) eventChoice {
		return eventChoice{Value: string(t), Label: label}
	}
	return []eventGroup{
		{reader.T("Payments"), []eventChoice{
			choice(webhook.PaymentStarted, reader.T("Started")), choice(webhook.PaymentPending, reader.T("On its way")), choice(webhook.PaymentExpired, reader.T("Expired")),
			choice(webhook.PaymentSucceeded, reader.T("Succeeded")), choice(webhook.PaymentRecorded, reader.T("Recorded by hand")), choice(webhook.PaymentFailed, reader.T("Failed")), choice(webhook.PaymentRefunded, reader.T("Refunded")),
			choice(webhook.PaymentDisputed, reader.T("Disputed")), choice(webhook.DisputeClosed, reader.T("Dispute closed")),
		}},
		{reader.T("Links"), []eventChoice{
			choice(webhook.LinkCreated, reader.T("Created")), choice(webhook.LinkUpdated, reader.T("Changed")), choice(webhook.LinkDeactivated, reader.T("Switched off")),
			choice(webhook.LinkLimitReached, reader.T("Limit reached")), choice(webhook.LinkAlmostFull, reader.T("Almost full")), choice(webhook.LinkOverdue, reader.T("Overdue")), choice(webhook.LinkDeleted, reader.T("Deleted")),
			choice(webhook.WaitingJoined, reader.T("Joined the waiting list")), choice(webhook.WaitingOffered, reader.T("Place offered")),
		}},
		{reader.T("Messages"), []eventChoice{
			choice(webhook.DeliverySent, reader.T("Sent")), choice(webhook.DeliveryDelivered, reader.T("Delivered")), choice(webhook.DeliveryFailed, reader.T("Failed")),
			choice(webhook.ReminderSent, reader.T("Reminder sent")),
		}},
		{reader.T("Customers"), []eventChoice{choice(webhook.CustomerCreated, reader.T("Created")), choice(webhook.CustomerTagged, reader.T("Tagged"))}},
	}
}

// endpointFormOf shows an endpoint for change.
func endpointFormOf(scope *frame.Scope, address, description string, asked webhook.Asked, format webhook.Format, version int64) endpointForm {
	f := endpointForm{URL: address, Description: description, Version: version, Format: format, ChooseFormat: scope.Business.PayRequest || format == webhook.PayRequest, Everything: slices.Contains(asked, webhook.All), Groups: eventGroups(scope.Reader)}
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

func (d pages) listEndpoints(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.endpointsView(r, scope)
	if err != nil {
		return err
	}
	v.Form = endpointFormOf(scope, "", "", webhook.Asked{webhook.All}, webhook.Standard, 0)
	return d.showEndpoints(w, r, scope, http.StatusOK, v)
}

func (d pages) showEndpoints(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v endpointsView) error {
	return frame.Render(w, r, status, endpointsPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) endpointsView(r *http.Request, scope *frame.Scope) (endpointsView, error) {
	v := endpointsView{Settings: frame.SettingsAt(scope, "webhooks"), Docs: scope.Addresses.Own(address.APIDocs())}
	all, err := d.Webhooks.Endpoints(r.Context(), scope.Business.ID)
	for _, e := range all {
		v.Rows = append(v.Rows, endpointRow{
			Href: endpointHref(scope, e.ID), URL: e.URL, About: e.Description, Asks: asksWords(scope.Reader, e.Events), Badge: endpointBadge(scope.Reader, e),
		})
	}
	return v, err
}

func endpointHref(scope *frame.Scope, id webhook.EndpointID) string {
	return scope.Base + "/settings/webhooks/" + string(id)
}

func asksWords(reader frame.Reader, asked webhook.Asked) string {
	if asked.Has(webhook.All) {
		return reader.T("Every event")
	}
	return reader.N(int64(len(asked)), "{{.Count}} event", "{{.Count}} events")
}

func endpointBadge(reader frame.Reader, e webhook.Endpoint) ui.BadgeProps {
	switch {
	case e.Active && e.FailingSince != nil:
		return ui.BadgeProps{Label: reader.T("Failing"), Tone: ui.Orange}
	case e.Active:
		return ui.BadgeProps{Label: reader.T("Active"), Tone: ui.Green}
	case e.Stopped != webhook.ByMember:
		return ui.BadgeProps{Label: reader.T("Switched off"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Off"), Tone: ui.Grey}
}

// createEndpoint leads to the endpoint's page, which shows the secret this once.
func (d pages) createEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	form := r.PostForm
	draft := webhook.Draft{URL: frame.WebAddress(form.Get("url")), Description: form.Get("description"), Events: askedFrom(form), Format: webhook.Format(form.Get("format"))}
	e, key, err := d.Webhooks.Create(r.Context(), scope.Business.ID, draft)
	if err == nil {
		return d.leadToSecret(w, r, scope, e.ID, key)
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	v, err := d.endpointsView(r, scope)
	if err != nil {
		return err
	}
	v.Problems, v.Form = p, endpointFormOf(scope, draft.URL, draft.Description, draft.Events, draft.Format, 0)
	return d.showEndpoints(w, r, scope, http.StatusUnprocessableEntity, v)
}

// saveEndpoint changes where an endpoint is and what it asks for.
func (d pages) saveEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	form := r.PostForm
	address, description, asked := frame.WebAddress(form.Get("url")), form.Get("description"), askedFrom(form)
	patch := webhook.Patch{URL: &address, Description: &description, Events: &asked}
	format := webhook.Format(form.Get("format"))
	if format != "" { // the form asks for it
		patch.Format = &format
	}
	_, err := d.Webhooks.Update(r.Context(), scope.Business.ID, id, frame.VersionFrom(form), patch)
	if err == nil {
		d.Toast(r, ui.ToastProps{Text: scope.T("The endpoint is saved")})
		return frame.Redirect(w, r, endpointHref(scope, id))
	}
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if fault.Is(err, fault.Stale) {
		p, ok = frame.Problems{Problem: scope.Sentence(fault.Of(err).Message), ProblemHref: endpointHref(scope, id)}, true
	}
	if !ok {
		return err
	}
	e, err := d.Webhooks.Endpoint(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	return d.showEndpointPage(w, r, scope, http.StatusUnprocessableEntity, e, func(v *endpointView) {
		v.Problems, v.Form = p, endpointFormOf(scope, address, description, asked, format, frame.VersionFrom(form))
	})
}

// switchEndpoint switches an endpoint on or off.
func (d pages) switchEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := webhook.EndpointID(r.PathValue("id"))
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	on := frame.Ticked(r.PostForm, "active")
	if _, err := d.Webhooks.Update(r.Context(), scope.Business.ID, id, 0, webhook.Patch{Active: &on}); err != nil {
		return err
	}
	toast := ui.ToastProps{Text: scope.T("The endpoint is off"), More: scope.T("What happens meanwhile can be sent again.")}
	if on {
		toast = ui.ToastProps{Text: scope.T("The endpoint is on"), More: scope.T("Send it what it missed with “Send a period again”.")}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, endpointHref(scope, id))
}

// rotateEndpoint leads to the page with the new secret, as createEndpoint does.
func (d pages) rotateEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	e, key, err := d.Webhooks.Rotate(r.Context(), scope.Business.ID, webhook.EndpointID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.leadToSecret(w, r, scope, e.ID, key)
}

// leadToSecret leads to the page of an endpoint, which shows its new secret this once.
func (d pages) leadToSecret(w http.ResponseWriter, r *http.Request, scope *frame.Scope, id webhook.EndpointID, key webhook.Secret) error {
	if err := d.ShowOnce(r, secretOnce(id), frame.Once{Text: key.Text()}); err != nil {
		return err
	}
	return frame.Redirect(w, r, endpointHref(scope, id))
}

// secretOnce names what an endpoint's page shows once.
func secretOnce(id webhook.EndpointID) string { return "endpoint/" + string(id) }

func (d pages) deleteEndpoint(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Webhooks.Delete(r.Context(), scope.Business.ID, webhook.EndpointID(r.PathValue("id"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The endpoint is deleted")})
	return frame.Redirect(w, r, scope.Base+"/settings/webhooks")
}

// versionText is a version for a form.
func versionText(v int64) string { return strconv.FormatInt(v, 10) }
