package sending

import (
	"maps"
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// sendPageView is the page on which a link is sent, with what was sent so far.
type sendPageView struct {
	frame.Problems
	Base, Href, Link string
	Closed           string // why it can't be sent now
	Send             SendView
	Rows             []SentRow
	Batches          []batchRow
	Upcoming         []upcomingRow
	Zone             string
	Newer, Older     string
}

// sentPage is how many sends the page shows at once.
const sentPage = 25

func (d Pages) showSend(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	values := SendValues{To: ToOne, Customer: q.Get("customer"), By: q.Get("by")}
	if values.Customer == "" {
		values.Customer = string(l.CustomerID)
	}
	return d.showSendPage(w, r, scope, http.StatusOK, l, sendPageView{Send: SendView{Values: values}})
}

func (d Pages) showSendPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, l link.Link, v sendPageView) error {
	v.Base, v.Href, v.Link = scope.Base, frame.LinkHref(scope, l.ID), l.Name
	v.Send.Must, v.Send.PartHref, v.Send.Preview, v.Send.Errors = true, scope.Base+"/links/send-ways?must=yes", v.Href+"/send/preview", v.Errors
	v.Closed = scope.Sentence(delivery.Closed(l, scope.Now))
	v.Send.Length = d.lengthOf(r, scope, l, delivery.Someone(), v.Send.Values.Message)
	if err := d.FillSend(r.Context(), scope, &v.Send); err != nil {
		return err
	}
	v.Send.SuggestWay()
	t := frame.TrailFrom(r.URL.Query())
	sends, next, err := d.Deliveries.Sends(r.Context(), d.DB, scope.Business.ID, scope.Business.Mode, delivery.Query{Link: l.ID, Cursor: t.Cursor, Limit: sentPage})
	if err != nil {
		return err
	}
	v.Newer, v.Older = t.Newer(v.Href+"/send", nil), t.Older(v.Href+"/send", nil, next)
	if v.Rows, err = d.SentRows(r.Context(), scope, sends); err != nil {
		return err
	}
	if v.Batches, err = d.BatchRows(r.Context(), scope, l.ID); err != nil {
		return err
	}
	v.Zone = scope.Business.TimeZone
	if v.Upcoming, err = d.upcomingRows(r.Context(), scope, l.ID); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return frame.Render(w, r, status, sendPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Send {{.Name}}", "Name", l.Name), Section: frame.PaymentPageSection}), v))
}

// sendLink sends, or shows the form again with what is wrong.
func (d Pages) sendLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := sendPageView{Send: SendView{Values: SendValuesFrom(r.PostForm)}}
	if r.PostForm.Get("act") == "stay" {
		return d.showSendPage(w, r, scope, http.StatusOK, l, v)
	}
	var started delivery.Started
	err = d.DB.InTx(r.Context(), func(tx *db.Tx) error {
		send, err := d.Picked(r.Context(), tx, scope, v.Send.Values)
		if err != nil {
			return err
		}
		l, err := d.Links.GetTx(r.Context(), tx, scope.Business, l.ID)
		if err != nil {
			return err
		}
		request, err := send.RequestIn(scope.Business.Location())
		if err != nil {
			return err
		}
		started, err = d.Deliveries.StartTx(r.Context(), tx, scope.Business, l, request)
		return err
	})
	if err != nil {
		inputs := v.Send.Values.SendInputs()
		maps.Copy(inputs, PickInputs())
		p, ok := frame.ProblemsOf(scope.Reader, err, inputs)
		if !ok {
			return err
		}
		v.Problems = p
		return d.showSendPage(w, r, scope, fieldStatus(err), l, v)
	}
	d.Toast(r, toastOf(scope, started))
	return frame.Redirect(w, r, frame.LinkHref(scope, l.ID))
}

// fieldStatus tells a wrong field from what contradicts the state of things.
func fieldStatus(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// SentToast says what a request set going.
func SentToast(reader frame.Reader, started delivery.Started) ui.ToastProps {
	if b := started.Batch; b != nil {
		return ui.ToastProps{Text: reader.T("Sending to {{.Total}}", "Total", reader.N(b.Total, "{{.Count}} customer", "{{.Count}} customers")), More: reader.T("The link’s page shows the progress.")}
	}
	failed := 0
	reason := ""
	for _, s := range started.Sends {
		for _, one := range s.Deliveries {
			if one.Reason != "" {
				reason = reader.Sentence(one.Reason)
			}
		}
		if s.Status == "failed" {
			failed++
		}
	}
	n := int64(len(started.Sends))
	switch {
	case n == 0:
		return ui.ToastProps{Text: reader.T("This has been sent already"), More: reader.T("Nobody receives it twice."), Calm: true}
	case failed > 0 && failed == len(started.Sends):
		return ui.ToastProps{Text: reader.T("Nothing was sent"), More: reason, Bad: true}
	case failed > 0:
		return ui.ToastProps{Text: reader.T("On its way to {{.Int64}}", "Int64", reader.N(n-int64(failed), "{{.Count}} customer", "{{.Count}} customers")), More: reader.T("{{.Int64}} can’t be reached; the list says why.", "Int64", reader.N(int64(failed), "{{.Count}} customer", "{{.Count}} customers")), Bad: true}
	case reason != "":
		return ui.ToastProps{Text: reader.T("On its way, but not by every channel"), More: reason, Bad: true}
	}
	return ui.ToastProps{Text: reader.T("On its way to {{.N}}", "N", reader.N(n, "{{.Count}} customer", "{{.Count}} customers"))}
}

// sendAgain is where the link is sent to the customer once more.
func sendAgain(scope *frame.Scope, id link.ID, who customer.ID) string {
	return frame.LinkHref(scope, id) + "/send?customer=" + string(who)
}
