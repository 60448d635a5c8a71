package batches

import (
	"net/http"

	"github.com/a-h/templ"

	"smartlinks/internal/message"
	"smartlinks/internal/requests"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// countedView is what would be sent, and what that costs.
type countedView struct {
	Figures []ui.StatCardProps
	Lines   []costLine
	TooMany string // why not all text messages go out that day
	Button  string
	Why     string // why nothing can be sent, "" when something can
	Note    string
	Count   templ.Attributes // of the button that counts again
}

type costLine struct{ Label, Figure string }

func countedOf(scope *frame.Scope, b requests.Batch, v values, p plan) countedView {
	n := int64(len(p.good))
	out := int64(len(p.out))
	c := countedView{
		Figures: []ui.StatCardProps{
			{Icon: "users", Tone: ui.Blue, Label: scope.T("Rows"), Figure: scope.Number(b.Total), Note: b.File},
			{Icon: "send", Tone: ui.Green, Label: scope.T("Can be sent"), Figure: scope.Number(n), Note: p.asked},
			{Icon: "circle-x", Tone: ui.Red, Label: scope.T("Not sent"), Figure: scope.Number(out), Note: scope.T("Each says why")},
		},
		Lines: []costLine{{scope.N(p.mails, "{{.Count}} email", "{{.Count}} emails"), scope.T("Free")}},
		Note:  scope.T("Rows are read again when they are sent. You can stop until the last one is sent."),
	}
	if p.texts > 0 {
		c.Lines = append(c.Lines,
			costLine{scope.N(p.texts, "{{.Count}} text message", "{{.Count}} text messages"), scope.N(p.parts, "{{.Count}} part", "{{.Count}} parts")},
			costLine{scope.T("Left of that day’s {{.Cap}} parts", "Cap", scope.Number(p.ofDay)), scope.Number(p.left)},
		)
		if v.Every != "" {
			c.Lines = append(c.Lines, costLine{scope.T("Reminders, if nobody pays, at most"), scope.N(p.parts*times(v.Max), "{{.Count}} part", "{{.Count}} parts")})
		}
		if p.parts > p.left {
			c.TooMany = scope.T("More parts than may be sent on that day: what is beyond fails and says so. Raise the limit in Settings, SMS.")
		}
	}
	switch {
	case len(v.channels()) == 0:
		c.Why = scope.T("Choose email, SMS or both.")
	case n == 0:
		c.Why = scope.T("Nobody can be reached by what was chosen.")
	}
	if v.When == "later" {
		c.Button = scope.N(n, "Schedule {{.Count}} request", "Schedule {{.Count}} requests")
	} else {
		c.Button = scope.N(n, "Send {{.Count}} request", "Send {{.Count}} requests")
	}
	return c
}

// startedView is a batch that is being sent, or was.
type startedView struct {
	Base, Href, Name string
	Crumbs           []ui.Crumb
	Live             bool
	Text, When       string
	Done, All        int
	Figures          []ui.StatCardProps
	Failed           []rowView
	Problems         string // where they are as a file, "" for none
}

// shownFailures is how many rows that failed stand on the page; the file has all.
const shownFailures = 50

func (d pages) showStarted(w http.ResponseWriter, r *http.Request, scope *frame.Scope, b requests.Batch) error {
	v := startedView{
		Base: scope.Base, Href: hrefOf(scope, b.ID), Name: b.Name, Crumbs: crumbs(scope), Live: b.State == requests.Running || b.State == requests.Scheduled,
		Text: outcome(scope, b), Done: int(b.Sent + b.Failed), All: int(b.Total),
		Figures: []ui.StatCardProps{
			{Icon: "users", Tone: ui.Blue, Label: scope.T("Rows"), Figure: scope.Number(b.Total), Note: b.File},
			{Icon: "send", Tone: ui.Green, Label: scope.T("Sent|rows"), Figure: scope.Number(b.Sent)},
			{Icon: "circle-x", Tone: ui.Red, Label: scope.T("Not sent"), Figure: scope.Number(b.Failed)},
		},
	}
	if b.How.At != nil && b.State == requests.Scheduled {
		v.When = scope.T("Sent on {{.When}}", "When", scope.DateTime(*b.How.At, scope.Business.Location()))
	}
	failed, err := d.Requests.Rows(r.Context(), scope.Business, b.ID, requests.Failed, 0, shownFailures)
	if err != nil {
		return err
	}
	for _, row := range failed {
		contact := row.Email
		if contact == "" {
			contact = row.Phone
		}
		v.Failed = append(v.Failed, rowView{Number: scope.Number(row.Number), Name: row.Name, Contact: contact, Reference: row.Reference, Why: whyWords(scope, requests.Reached{Row: row})})
	}
	if len(failed) > 0 {
		v.Problems = v.Href + "/problems.csv"
	}
	heading := frame.Heading{Title: scope.T("Requests from a file"), Section: frame.PaymentPageSection}
	return frame.Render(w, r, http.StatusOK, startedPage(d.Frame(r, scope, heading), v))
}

// follow tells the page how far the batch is, as server-sent events.
func (d pages) follow(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	b, err := d.at(r, scope)
	if err != nil {
		return err
	}
	return d.Follow(w, r, frame.LivePause, func(topic, key string) bool { return topic == requests.Topic && key == string(b.ID) })
}

func (d pages) stop(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Requests.Stop(r.Context(), scope.Business, requests.ID(r.PathValue("id"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Stopped"), More: scope.T("What was sent stays sent.")})
	return frame.Redirect(w, r, scope.Base+"/requests/"+r.PathValue("id"))
}

// problems sends the rows that are not sent, with the reason: to be mended and uploaded
// again.
func (d pages) problems(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	b, err := d.at(r, scope)
	if err != nil {
		return err
	}
	v := values{By: "both"}
	if b.State == requests.Draft && r.URL.Query().Get("by") != "" {
		v.By = r.URL.Query().Get("by")
	}
	var out []requests.Reached
	if b.State == requests.Draft {
		p, err := d.planOf(r.Context(), scope, b, v)
		if err != nil {
			return err
		}
		out = p.out
	} else {
		rows, err := d.Requests.Rows(r.Context(), scope.Business, b.ID, requests.Failed, 0, requests.MaxRows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			out = append(out, requests.Reached{Row: row})
		}
	}
	return d.SendList(w, r, scope, "requests-to-mend", []string{"name", "email", "phone", "amount", "currency", "reference", "what_is_wrong"}, func(line func(...string) error) error {
		for _, row := range out {
			if err := line(row.Name, row.Email, row.Phone, row.Amount.Decimal(), string(row.Amount.Currency), row.Reference, whyWords(scope, row)); err != nil {
				return err
			}
		}
		return nil
	})
}

func wayLabel(reader frame.Reader, c message.Channel) ui.BadgeProps {
	if c == message.BySMS {
		return ui.BadgeProps{Label: "SMS", Tone: ui.Teal, Icon: "message-square"}
	}
	return ui.BadgeProps{Label: reader.T("Email"), Tone: ui.Blue, Icon: "mail"}
}
