package dashboard

import (
	"maps"
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// sendPageView is the page on which a link is sent, with what was sent so far.
type sendPageView struct {
	problems
	Base, Href, Link string
	Closed           string // why it can't be sent now
	Send             sendView
	Rows             []sentRow
	Batches          []batchRow
	Newer, Older     string
}

// sentPage is how many sends the page shows at once.
const sentPage = 25

func (d *Dashboard) showSend(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	values := sendValues{To: toOne, Customer: q.Get("customer"), By: q.Get("by")}
	if values.Customer == "" {
		values.Customer = string(l.CustomerID)
	}
	return d.showSendPage(w, r, at, http.StatusOK, l, sendPageView{Send: sendView{Values: values}})
}

func (d *Dashboard) showSendPage(w http.ResponseWriter, r *http.Request, at *room, status int, l link.Link, v sendPageView) error {
	v.Base, v.Href, v.Link = at.Base, linkHref(at, l.ID), l.Name
	v.Send.Must, v.Send.PartHref, v.Send.Preview, v.Send.Errors = true, at.Base+"/links/send-ways?must=yes", v.Href+"/send/preview", v.Errors
	v.Closed = delivery.Closed(l, at.Now)
	v.Send.Length = d.lengthOf(r, at, l, delivery.Someone(), v.Send.Values.Message)
	if err := d.fillSend(r.Context(), at, &v.Send); err != nil {
		return err
	}
	v.Send.suggestWay()
	t := trailFrom(r.URL.Query())
	sends, next, err := d.Deliveries.Sends(r.Context(), d.DB, at.Business.ID, at.Business.Mode, delivery.Query{Link: l.ID, Cursor: t.cursor, Limit: sentPage})
	if err != nil {
		return err
	}
	v.Newer, v.Older = t.newer(v.Href+"/send", nil), t.older(v.Href+"/send", nil, next)
	if v.Rows, err = d.sentRows(r.Context(), at, sends); err != nil {
		return err
	}
	if v.Batches, err = d.batchRows(r.Context(), at, l.ID); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return render(w, r, status, sendPage(d.frame(r, at, place{"Send " + l.Name, paymentPageRoom}), v))
}

// sendLink sends, or shows the form again with what is wrong.
func (d *Dashboard) sendLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := sendPageView{Send: sendView{Values: sendValuesFrom(r.PostForm)}}
	if r.PostForm.Get("act") == "stay" {
		return d.showSendPage(w, r, at, http.StatusOK, l, v)
	}
	var started delivery.Started
	err = d.DB.InTx(r.Context(), func(tx *db.Tx) error {
		send, err := d.picked(r.Context(), tx, at, v.Send.Values)
		if err != nil {
			return err
		}
		l, err := d.Links.GetTx(r.Context(), tx, at.Business, l.ID)
		if err != nil {
			return err
		}
		started, err = d.Deliveries.StartTx(r.Context(), tx, at.Business, l, send.request())
		return err
	})
	if err != nil {
		inputs := v.Send.Values.sendInputs()
		maps.Copy(inputs, pickInputs())
		p, ok := problemsOf(err, inputs)
		if !ok {
			return err
		}
		v.problems = p
		return d.showSendPage(w, r, at, fieldStatus(err), l, v)
	}
	d.say(r, sentToast(started))
	return redirect(w, r, linkHref(at, l.ID))
}

// fieldStatus tells a wrong field from what contradicts the state of things.
func fieldStatus(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// sentToast says what a request set going.
func sentToast(started delivery.Started) ui.ToastProps {
	if b := started.Batch; b != nil {
		return ui.ToastProps{Text: "Sending to " + counted(b.Total, "customer", "customers"), More: "The link’s page shows how far it is."}
	}
	failed := 0
	reason := ""
	for _, s := range started.Sends {
		for _, one := range s.Deliveries {
			if one.Reason != "" {
				reason = one.Reason
			}
		}
		if s.Status == "failed" {
			failed++
		}
	}
	n := int64(len(started.Sends))
	switch {
	case n == 0:
		return ui.ToastProps{Text: "This was sent already", More: "Nobody gets it twice.", Calm: true}
	case failed > 0 && failed == len(started.Sends):
		return ui.ToastProps{Text: "Nothing could be sent", More: reason, Bad: true}
	case failed > 0:
		return ui.ToastProps{Text: "On its way to " + counted(n-int64(failed), "customer", "customers"), More: counted(int64(failed), "customer", "customers") + " can’t be reached; the list says why.", Bad: true}
	case reason != "":
		return ui.ToastProps{Text: "On its way, but not by every channel", More: reason, Bad: true}
	}
	return ui.ToastProps{Text: "On its way to " + counted(n, "customer", "customers")}
}

// sendAgain is where the link is sent to the customer once more.
func sendAgain(at *room, id link.ID, who customer.ID) string {
	return linkHref(at, id) + "/send?customer=" + string(who)
}
