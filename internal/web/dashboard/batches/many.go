package batches

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// manyView says who would be asked by links that were ticked in the list.
type manyView struct {
	frame.Problems
	Href, Back  string
	Title, Lead string
	Links       []string // their ids
	Key         string   // of the form: sent twice it asks once
	Values      values
	Counted     countedView
	Rows        []askedRow
	More        string // how many more there are
}

// askedRow is somebody who would be asked, or why not.
type askedRow struct {
	Link, Href, Amount string
	Name, Contact      string
	Ways               []message.Channel
	Why                string
}

// shownAsked is how many people stand on the page.
const shownAsked = 100

// manyFrom reads which links were ticked, and how they are to be sent.
func (d pages) manyFrom(ctx context.Context, scope *frame.Scope, kind delivery.Kind, form url.Values) (v manyView, err error) {
	v = manyView{Href: scope.Base + "/links/send", Back: scope.Within(form.Get("back"), scope.Base+"/links"), Links: frame.Distinct(form["link"]), Key: form.Get("send_key"), Values: valuesFrom(form)}
	n := int64(len(v.Links))
	v.Title, v.Lead = scope.N(n, "Send {{.Count}} link", "Send {{.Count}} links"), scope.T("Each link goes to the customer it is for, unless they have paid.")
	if kind == delivery.KindReminder {
		v.Href = scope.Base + "/links/remind"
		v.Title, v.Lead = scope.N(n, "Send reminders for {{.Count}} link", "Send reminders for {{.Count}} links"), scope.T("Everybody to whom a link was sent is asked again, unless they have paid.")
	}
	if v.Key == "" || len(v.Key) > 64 {
		if v.Key, err = secret.Short(d.DB.Random()); err != nil {
			return v, err
		}
	}
	if v.Values.By != "" {
		return v, nil
	}
	v.Values.By = "email"
	if ready, err := d.Messages.MailReady(ctx, d.DB, scope.Business.ID); err != nil {
		return v, err
	} else if !ready {
		v.Values.By = "sms"
	}
	return v, nil
}

func (v manyView) ids() (all []link.ID) {
	for _, id := range v.Links {
		all = append(all, link.ID(id))
	}
	return all
}

func (d pages) showMany(kind delivery.Kind) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		v, err := d.manyFrom(r.Context(), scope, kind, r.URL.Query())
		if err != nil {
			return err
		}
		if len(v.Links) == 0 {
			return frame.Redirect(w, r, v.Back)
		}
		return d.showManyPage(w, r, scope, http.StatusOK, kind, v)
	}
}

func (d pages) showManyPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, kind delivery.Kind, v manyView) error {
	all, err := d.Reminders.Asked(r.Context(), scope.Business, kind, v.ids())
	if err != nil {
		return err
	}
	if v.Counted, err = d.countMany(r.Context(), scope, kind, v, all); err != nil {
		return err
	}
	for _, asked := range []bool{false, true} { // who is not asked stands first
		for _, a := range all {
			if row := askedRowOf(scope, a); (len(row.Ways) > 0) == asked {
				v.Rows = append(v.Rows, row)
			}
		}
	}
	if n := len(v.Rows); n > shownAsked {
		v.Rows, v.More = v.Rows[:shownAsked], scope.N(int64(n-shownAsked), "{{.Count}} more customer", "{{.Count}} more customers")
	}
	return frame.Render(w, r, status, manyPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.PaymentPageSection}), v))
}

// countMany is what would be sent by the chosen ways, and what that costs.
func (d pages) countMany(ctx context.Context, scope *frame.Scope, kind delivery.Kind, v manyView, all []reminder.Asking) (countedView, error) {
	var mails, texts, parts, people int64
	var good []requests.Reached
	for _, a := range all {
		ways := a.Ways(v.Values.channels())
		if len(ways) == 0 {
			continue
		}
		people++
		if price := a.Link.Price(); price.Minor > 0 {
			good = append(good, requests.Reached{Row: requests.Row{Amount: price}})
		}
		for _, way := range ways {
			if way != message.BySMS {
				mails++
				continue
			}
			texts++
			n, err := d.Deliveries.Parts(scope.Business, a.Link, a.Customer, kind, v.Values.Message)
			if err != nil {
				n = 1 // what is wrong with the words is told when it is sent
			}
			parts += n
		}
	}
	c := countedView{
		Figures: []ui.StatCardProps{
			{Label: scope.T("Can be sent"), Figure: scope.Number(people), Note: sumWords(scope, good)},
			{Label: scope.T("Not sent"), Figure: scope.Number(int64(len(all)) - people), Note: scope.T("Each says why")},
		},
		Lines:  []costLine{{scope.N(mails, "{{.Count}} email", "{{.Count}} emails"), scope.T("Free")}},
		Note:   scope.T("Who pays in the meantime is left out when it is sent."),
		Button: scope.N(people, "Send to {{.Count}} customer", "Send to {{.Count}} customers"),
		Count:  templ.Attributes{"formmethod": "get", "formaction": v.Href},
	}
	if kind == delivery.KindReminder {
		c.Button = scope.N(people, "Remind {{.Count}} customer", "Remind {{.Count}} customers")
	}
	if texts > 0 {
		left, ofDay, err := d.Messages.SMSLeft(ctx, scope.Business, scope.Now)
		if err != nil {
			return c, err
		}
		c.Lines = append(c.Lines,
			costLine{scope.N(texts, "{{.Count}} text message", "{{.Count}} text messages"), scope.N(parts, "{{.Count}} part", "{{.Count}} parts")},
			costLine{scope.T("Left of that day’s {{.Cap}} parts", "Cap", scope.Number(ofDay)), scope.Number(left)},
		)
		if parts > left {
			c.TooMany = scope.T("More parts than may be sent on that day: what is beyond fails and says so. Raise the limit in Settings, SMS.")
		}
	}
	switch {
	case len(v.Values.channels()) == 0:
		c.Why = scope.T("Choose email, SMS or both.")
	case people == 0:
		c.Why = scope.T("Nobody can be reached by what was chosen.")
	}
	return c, nil
}

// askedRowOf shows somebody with every way that is open to them.
func askedRowOf(scope *frame.Scope, a reminder.Asking) askedRow {
	row := askedRow{Link: a.Link.Name, Href: frame.LinkHref(scope, a.Link.ID), Name: a.Customer.Name, Contact: a.Customer.Email, Ways: a.Ways(delivery.AllWays())}
	if price := a.Link.Price(); price.Minor > 0 {
		row.Amount = scope.Money(price)
	}
	if row.Contact == "" {
		row.Contact = customer.ShownPhone(a.Customer.Phone)
	}
	switch a.Why {
	case reminder.ForEverybody:
		row.Why = scope.T("For no single customer: open the link to choose who gets it")
	case reminder.SentToNobody:
		row.Why = scope.T("Sent to nobody yet")
	case reminder.TakesNone:
		row.Why = scope.T("The link takes no payments")
	case reminder.HasPaid:
		row.Why = scope.T("Has paid")
	case reminder.IsPaying:
		row.Why = scope.T("Is paying right now")
	}
	if row.Why != "" || len(row.Ways) == len(delivery.AllWays()) {
		return row
	}
	var closed []string
	for _, channel := range delivery.AllWays() {
		way := a.Reach.Way(channel)
		if way.Possible() || len(row.Ways) > 0 && way.Obstacle == delivery.NoAddress {
			continue
		}
		if why := obstacleWords(scope.Reader, way); !slices.Contains(closed, why) {
			closed = append(closed, why)
		}
	}
	row.Why = scope.Line(closed...)
	return row
}

// askMany asks everybody who can be reached, or shows the page again with what is wrong.
func (d pages) askMany(kind delivery.Kind) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
			return err
		}
		v, err := d.manyFrom(r.Context(), scope, kind, r.PostForm)
		if err != nil {
			return err
		}
		h := reminder.Hand{Channels: v.Values.channels(), Message: strings.TrimSpace(v.Values.Message), Key: "form/" + v.Key}
		asked, err := d.Reminders.Ask(r.Context(), scope.Business, kind, v.ids(), h)
		if err != nil {
			p, ours := frame.ProblemsOf(scope.Reader, err, inputs)
			if !ours {
				return err
			}
			v.Problems = p
			return d.showManyPage(w, r, scope, http.StatusUnprocessableEntity, kind, v)
		}
		toast := ui.ToastProps{Text: scope.T("On its way to {{.N}}", "N", scope.N(int64(asked), "{{.Count}} customer", "{{.Count}} customers"))}
		if asked == 0 {
			toast = ui.ToastProps{Text: scope.T("Nothing was sent"), More: scope.T("They have paid meanwhile, or it was sent already."), Calm: true}
		}
		d.Toast(r, toast)
		return frame.Redirect(w, r, v.Back)
	}
}
