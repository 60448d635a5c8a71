package transactions

import (
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/recovery"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// unfinishedView is the page of payments that were not finished.
type unfinishedView struct {
	Base         string
	Tabs         []ui.Tab
	Figures      []ui.StatCardProps
	Setting      ui.SelectProps // after how many hours payers are asked by themselves
	MayManage    bool
	Said         string // the setting in words, for who may not change it
	Problem      string
	Rows         []unfinishedRow
	Newer, Older string
}

type unfinishedRow struct {
	TransactionRow
	Ask askView
}

// askView is whether a payer can be asked again, and was.
type askView struct {
	Action string // "" where they can't be asked now
	Note   string
}

// figuresFor is how far back the figures look.
const figuresFor = 30 * 24 * time.Hour

func (d pages) showUnfinished(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.unfinishedPage(w, r, scope, http.StatusOK, "")
}

func (d pages) unfinishedPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, problem string) error {
	ctx, q := r.Context(), r.URL.Query()
	t := frame.TrailFrom(q)
	all, next, err := d.Recovery.List(ctx, scope.Business, history.Filter{Cursor: t.Cursor})
	if err != nil {
		return err
	}
	hours, err := d.Recovery.Hours(ctx, scope.Business.ID)
	if err != nil {
		return err
	}
	figures, err := d.Recovery.FiguresOf(ctx, scope.Business, scope.Now.Add(-figuresFor), scope.Now.Add(time.Second))
	if err != nil {
		return err
	}
	base := scope.Base + "/transactions"
	here := base + "/unfinished"
	v := unfinishedView{
		Base: base, Figures: recoveryFigures(scope, figures), Setting: hoursSelect(scope, hours), MayManage: scope.MayManage(), Said: hoursWords(scope, hours), Problem: problem,
		Newer: t.Newer(here, q), Older: t.Older(here, q, next),
	}
	for _, s := range all {
		v.Rows = append(v.Rows, unfinishedRow{TransactionRowOf(scope, s.View), askViewOf(scope, s)})
	}
	if v.Tabs, err = d.TransactionTabs(ctx, scope, here); err != nil {
		return err
	}
	return frame.Render(w, r, status, unfinishedPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Not finished"), Section: frame.TransactionsSection}), v))
}

// RevenueOf writes what mails brought: in the currency in which most came, and in others.
func RevenueOf(reader frame.Reader, f recovery.Figures) (most, more string) {
	if len(f.Revenue) == 0 {
		return reader.T("None"), ""
	}
	for _, other := range f.Revenue[1:] {
		more += " + " + reader.Money(other)
	}
	return reader.Money(f.Revenue[0]), more
}

func recoveryFigures(scope *frame.Scope, f recovery.Figures) []ui.StatCardProps {
	revenue, more := RevenueOf(scope.Reader, f)
	last := scope.T("In the last 30 days")
	return []ui.StatCardProps{
		{Icon: "mail", Tone: ui.Blue, Label: scope.T("Asked again"), Figure: scope.Number(f.Asked), Note: last},
		{Icon: "credit-card", Tone: ui.Green, Label: scope.T("Paid by that email"), Figure: scope.Number(f.Paid), Note: last},
		{Icon: "euro", Tone: ui.Purple, Label: scope.T("Revenue by that email"), Figure: revenue, Note: last + more},
	}
}

func hoursWords(scope *frame.Scope, hours int64) string {
	if hours == 0 {
		return scope.T("Nobody is asked by itself.")
	}
	return scope.N(hours, "Payers are asked by email {{.Count}} hour after they stopped.", "Payers are asked by email {{.Count}} hours after they stopped.")
}

func hoursSelect(scope *frame.Scope, hours int64) ui.SelectProps {
	p := ui.SelectProps{
		FieldProps: ui.FieldProps{ID: "after-hours", Label: scope.T("Ask by itself")}, Name: "after_hours", Value: strconv.FormatInt(hours, 10),
		Options: []ui.Option{{Value: "0", Label: scope.T("Off")}},
	}
	for n := int64(1); n <= recovery.MaxHours; n++ {
		p.Options = append(p.Options, ui.Option{Value: strconv.FormatInt(n, 10), Label: scope.N(n, "After {{.Count}} hour", "After {{.Count}} hours")})
	}
	return p
}

// askViewOf says whether somebody can be asked again, and if not, why.
func askViewOf(scope *frame.Scope, s recovery.Unfinished) askView {
	zone := scope.Business.Location()
	v := askView{}
	if s.May() {
		v.Action = scope.Base + "/transactions/" + string(s.ID) + "/recover"
	}
	switch r := s.Recovery; {
	case r != nil && r.SentAt != nil:
		v.Note = scope.T("Asked on {{.When}}", "When", scope.ShortDateTime(*r.SentAt, scope.Now, zone))
	case r != nil && r.State == recovery.Planned && s.May():
		v.Note = scope.T("Asked by itself on {{.When}}", "When", scope.ShortDateTime(r.SendAt, scope.Now, zone))
	case !s.May():
		v.Note = obstacleWords(scope.Reader, s.Against)
	case r != nil && r.State == recovery.LeftOut:
		v.Note = scope.T("Not asked by itself: {{.Why}}", "Why", obstacleWords(scope.Reader, r.Reason))
	}
	return v
}

// obstacleWords say why somebody is not asked again.
func obstacleWords(reader frame.Reader, o recovery.Obstacle) string {
	switch o {
	case recovery.NotEnded:
		return reader.T("This payment has not ended without money, so there is nothing to ask again.")
	case recovery.NoEmail:
		return reader.T("There is no email address to write to.")
	case recovery.TriedAgain:
		return reader.T("They have tried again since. Look at their newest attempt.")
	case recovery.PaidSince:
		return reader.T("They have paid since.")
	case recovery.Reminded:
		return reader.T("They get reminders of this link already.")
	case recovery.OptedOut:
		return reader.T("They asked for no more email from you.")
	case recovery.Bounced:
		return reader.T("Mail to this address came back.")
	case recovery.Closed:
		return reader.T("Nothing can be paid there at the moment.")
	case recovery.Asked:
		return reader.T("They were asked already.")
	case recovery.ByTransfer:
		return reader.T("It was a bank transfer, which may be on its way. They were told what to do.")
	case recovery.OtherMode:
		return reader.T("It was made in another mode than the one you are in.")
	case recovery.NoGateway:
		return reader.T("No mail server is set. Set one in Settings, Email, then ask again.")
	case recovery.MailsUsedUp:
		return reader.T("This address got three emails from you today, the most for one that nobody has confirmed. Ask tomorrow.")
	}
	return ""
}

// recoverPayment asks the payer of one attempt. Where that can't be, the page says why.
func (d pages) recoverPayment(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	id := attempt.ID(r.PathValue("id"))
	_, err := d.Recovery.Ask(r.Context(), scope.Business, id)
	switch {
	case fault.Is(err, fault.Conflict):
		return d.unfinishedPage(w, r, scope, http.StatusConflict, d.whyNotAsked(r, scope, id))
	case err != nil:
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The payer is asked by email"), More: scope.T("The link in it brings back what they typed, for seven days.")})
	if r.PostForm.Get("from") == "transaction" {
		return frame.Redirect(w, r, scope.Base+"/transactions/"+string(id))
	}
	return frame.Redirect(w, r, scope.Base+"/transactions/unfinished")
}

// whyNotAsked is the reason in the reader's language.
func (d pages) whyNotAsked(r *http.Request, scope *frame.Scope, id attempt.ID) string {
	against := recovery.MailsUsedUp // the one that only sending finds
	if p, err := d.Payments.Get(r.Context(), scope.Business.ID, id); err == nil {
		if s, err := d.Recovery.UnfinishedOf(r.Context(), scope.Business, p); err == nil && !s.May() {
			against = s.Against
		}
	}
	return obstacleWords(scope.Reader, against)
}

// changeRecovery sets after how many hours payers are asked by themselves.
func (d pages) changeRecovery(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	hours, err := text.Whole(r.PostForm.Get("after_hours"))
	if err != nil {
		hours = -1 // which is refused
	}
	err = d.Recovery.SetHours(r.Context(), scope.Business.ID, hours)
	if fault.Is(err, fault.Invalid) {
		return d.unfinishedPage(w, r, scope, http.StatusUnprocessableEntity, scope.T("Choose 1 to 24 hours, or off."))
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: hoursWords(scope, hours)})
	return frame.Redirect(w, r, scope.Base+"/transactions/unfinished")
}
