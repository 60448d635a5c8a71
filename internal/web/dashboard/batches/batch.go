package batches

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// values are the fields of how a batch is sent, as they were typed.
type values struct {
	By, Message, When, SendAt, Every, Max string
	Again                                 bool
}

func valuesFrom(form url.Values) values {
	v := values{By: form.Get("by"), Message: form.Get("message"), When: form.Get("when"), SendAt: strings.TrimSpace(form.Get("send_at")), Every: form.Get("remind_every"), Max: strings.TrimSpace(form.Get("remind_max")), Again: frame.Ticked(form, "again")}
	if v.When != "later" {
		v.When = "now"
	}
	return v
}

func (v values) channels() []message.Channel {
	switch v.By {
	case "sms":
		return []message.Channel{message.BySMS}
	case "both":
		return []message.Channel{message.ByEmail, message.BySMS}
	case "email":
		return []message.Channel{message.ByEmail}
	}
	return nil
}

// how is what the fields ask for. Errors: Invalid with "send_at" and those of reminders.
func (v values) how(zone *time.Location) (requests.How, error) {
	h := requests.How{Channels: v.channels(), Message: strings.TrimSpace(v.Message), Again: v.Again}
	var wrong fault.Fields
	if v.When == "later" {
		at, err := calendar.ParseLocal(v.SendAt, zone)
		if err != nil || !calendar.Sane(at) {
			wrong.Add("send_at", "send_at.form", "Choose a day and a time.")
		}
		h.At = &at
	}
	if v.Every != "" {
		most, err := text.Whole(v.Max)
		if err != nil {
			most = 0 // which is refused
		}
		h.Reminders = &reminder.Settings{Frequency: reminder.Frequency(v.Every), Max: most}
		if err := h.Reminders.Check(); err != nil {
			wrong = append(wrong, fault.Of(err).Fields...)
		}
	}
	return h, wrong.Err()
}

// inputs are those of fields that are called otherwise here.
var inputs = map[string]string{"channels": "by", "reminders.max": "remind_max", "reminders.frequency": "remind_every"}

func (d pages) at(r *http.Request, scope *frame.Scope) (requests.Batch, error) {
	return d.Requests.Get(r.Context(), scope.Business, requests.ID(r.PathValue("id")))
}

func (d pages) showBatch(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	b, err := d.at(r, scope)
	if err != nil {
		return err
	}
	if b.State != requests.Draft {
		return d.showStarted(w, r, scope, b)
	}
	v := values{By: "email", When: "now", Max: "3"}
	if ready, err := d.Messages.MailReady(r.Context(), d.DB, scope.Business.ID); err != nil {
		return err
	} else if !ready {
		v.By = "sms"
	}
	return d.showDraft(w, r, scope, http.StatusOK, b, v, frame.Problems{}, "")
}

// sameView says that the same rows were sent within a day.
type sameView struct{ Href string }

// draftView is a file that can be sent.
type draftView struct {
	frame.Problems
	Base, Href, Name, File, Zone string
	Crumbs                       []ui.Crumb
	Values                       values
	Same                         *sameView
	Every                        []ui.Option
	Counted                      countedView
	Show                         string // which rows: all, out or part
	Segments                     []ui.Tab
	Rows                         []rowView
	Newer, Older                 string
	Variables                    string
}

// rowView is a row of the file.
type rowView struct {
	Number, Name, Contact, Reference, Amount string
	Ways                                     []message.Channel
	Why                                      string
}

// shownRows is how many rows stand on a page.
const shownRows = 25

// plan is what would be sent now.
type plan struct {
	out, part, good []requests.Reached // not sent, by one of two ways, and all that are sent
	mails, texts    int64
	parts           int64 // of all text messages together, at most
	left, ofDay     int64 // parts, of the day on which it is sent
	asked           string
}

// planOf finds out what would be sent by the fields.
func (d pages) planOf(ctx context.Context, scope *frame.Scope, b requests.Batch, v values) (p plan, err error) {
	rows, err := d.Requests.Rows(ctx, scope.Business, b.ID, "", 0, requests.MaxRows)
	if err != nil {
		return p, err
	}
	var waiting []requests.Row
	for _, r := range rows {
		if r.State == requests.Waiting {
			waiting = append(waiting, r)
		} else {
			p.out = append(p.out, requests.Reached{Row: r})
		}
	}
	channels := v.channels()
	all, err := d.Requests.Reached(ctx, scope.Business, waiting, channels)
	if err != nil {
		return p, err
	}
	for _, r := range all {
		if len(r.Ways) == 0 {
			if len(r.Closed) > 0 {
				r.Reason = r.Closed[0].Why
			}
			p.out = append(p.out, r)
			continue
		}
		if len(r.Ways) < len(channels) {
			p.part = append(p.part, r)
		}
		p.good = append(p.good, r)
		for _, way := range r.Ways {
			if way != message.BySMS {
				p.mails++
				continue
			}
			p.texts++
			n, err := d.Requests.Parts(scope.Business, b.Name, r.Row, v.Message)
			if err != nil {
				n = 1 // what is wrong with the words is told when it is sent
			}
			p.parts += n
		}
	}
	slices.SortStableFunc(p.out, func(a, b requests.Reached) int { return int(a.Number - b.Number) })
	p.asked = sumWords(scope, p.good)
	day := scope.Now
	if v.When == "later" {
		if at, err := calendar.ParseLocal(v.SendAt, scope.Business.Location()); err == nil && calendar.Sane(at) {
			day = at
		}
	}
	p.left, p.ofDay, err = d.Messages.SMSLeft(ctx, scope.Business, day)
	return p, err
}

// sumWords is what is asked for together, by currency.
func sumWords(scope *frame.Scope, rows []requests.Reached) string {
	var order []string
	sums := map[string]requests.Row{}
	for _, r := range rows {
		key := string(r.Amount.Currency)
		sum, has := sums[key]
		if !has {
			order, sum.Amount.Currency = append(order, key), r.Amount.Currency
		}
		sum.Amount.Minor += r.Amount.Minor
		sums[key] = sum
	}
	var parts []string
	for _, key := range order {
		parts = append(parts, scope.Money(sums[key].Amount))
	}
	return strings.Join(parts, " + ")
}

func (d pages) showDraft(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, b requests.Batch, fields values, p frame.Problems, same requests.ID) error {
	planned, err := d.planOf(r.Context(), scope, b, fields)
	if err != nil {
		return err
	}
	v := draftView{
		Problems: p, Base: scope.Base, Href: hrefOf(scope, b.ID), Name: b.Name, File: b.File, Zone: scope.Business.TimeZone, Crumbs: crumbs(scope), Values: fields,
		Every: everyOptions(scope.Reader), Counted: countedOf(scope, b, fields, planned), Show: r.URL.Query().Get("show"),
	}
	if same != "" {
		v.Same = &sameView{hrefOf(scope, same)}
	}
	d.fillRows(scope, r, planned, &v)
	heading := frame.Heading{Title: scope.T("Requests from a file"), Section: frame.PaymentPageSection}
	return frame.Render(w, r, status, draftPage(d.Frame(r, scope, heading), v))
}

func everyOptions(reader frame.Reader) []ui.Option {
	return []ui.Option{
		{Value: "", Label: reader.T("No reminders")}, {Value: string(reminder.Daily), Label: reader.T("Every day")}, {Value: string(reminder.Every2Days), Label: reader.T("Every 2 days")},
		{Value: string(reminder.Every3Days), Label: reader.T("Every 3 days")}, {Value: string(reminder.Weekly), Label: reader.T("Every week")}, {Value: string(reminder.Monthly), Label: reader.T("Every month")},
	}
}

// fillRows lays out the page of rows that is looked at: what is not sent stands first.
func (d pages) fillRows(scope *frame.Scope, r *http.Request, p plan, v *draftView) {
	all := slices.Concat(p.out, p.good)
	rows := all
	switch v.Show {
	case "out":
		rows = p.out
	case "part":
		rows = p.part
	default:
		v.Show = "all"
	}
	tab := func(key, label string, n int) ui.Tab {
		return ui.Tab{Label: label, Href: v.Href + "?show=" + key, Count: scope.Number(int64(n)), Current: v.Show == key}
	}
	v.Segments = []ui.Tab{tab("all", scope.T("All"), len(all)), tab("out", scope.T("Not sent"), len(p.out))}
	if len(p.part) > 0 {
		v.Segments = append(v.Segments, tab("part", scope.T("By one way only"), len(p.part)))
	}
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 0 || from >= len(rows) {
		from = 0
	}
	page := func(at int) string { return v.Href + "?show=" + v.Show + "&from=" + strconv.Itoa(at) }
	if from > 0 {
		v.Newer = page(max(from-shownRows, 0))
	}
	if from+shownRows < len(rows) {
		v.Older = page(from + shownRows)
	}
	names := map[string]bool{}
	for _, row := range rows[from:min(from+shownRows, len(rows))] {
		contact := row.Email
		if contact == "" {
			contact = row.Phone
		}
		shown := rowView{Number: scope.Number(row.Number), Name: row.Name, Contact: contact, Reference: row.Reference, Ways: row.Ways, Why: whyWords(scope, row)}
		if row.Amount.Minor > 0 {
			shown.Amount = scope.Money(row.Amount)
		}
		v.Rows = append(v.Rows, shown)
		for name := range row.Variables {
			names["{"+name+"}"] = true
		}
	}
	var sorted []string
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	v.Variables = strings.Join(append([]string{"{first_name}", "{amount}", "{reference}", "{link}"}, sorted...), ", ")
}

// count is the part of the page that says what would be sent and what it costs.
func (d pages) count(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	b, err := d.at(r, scope)
	if err != nil {
		return err
	}
	fields := valuesFrom(r.PostForm)
	p, err := d.planOf(r.Context(), scope, b, fields)
	if err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, counted(countedOf(scope, b, fields, p)))
}

// send starts a batch, or shows it again with what is wrong.
func (d pages) send(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	b, err := d.at(r, scope)
	if err != nil {
		return err
	}
	fields := valuesFrom(r.PostForm)
	if r.PostForm.Get("act") == "count" {
		return d.showDraft(w, r, scope, http.StatusOK, b, fields, frame.Problems{}, "")
	}
	how, err := fields.how(scope.Business.Location())
	if err == nil {
		err = d.Requests.Start(r.Context(), scope.Business, b.ID, how)
	}
	if err == nil {
		return frame.Redirect(w, r, hrefOf(scope, b.ID))
	}
	if before, is := requests.SameAs(err); is {
		return d.showDraft(w, r, scope, http.StatusConflict, b, fields, frame.Problems{}, before)
	}
	p, ours := frame.ProblemsOf(scope.Reader, err, inputs)
	if !ours || b.State != requests.Draft {
		return err
	}
	return d.showDraft(w, r, scope, http.StatusUnprocessableEntity, b, fields, p, "")
}

func (d pages) discard(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Requests.Discard(r.Context(), scope.Business, requests.ID(r.PathValue("id"))); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The file is discarded"), More: scope.T("Nothing was sent."), Calm: true})
	return frame.Redirect(w, r, scope.Base+"/links/requests")
}
