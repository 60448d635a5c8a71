package statements

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/sepa"
	"smartlinks/internal/statement"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// How many entries of each kind a page shows.
const (
	doubtfulShown = 100
	matchedShown  = 200
)

// showView is the page of a statement.
type showView struct {
	frame.Problems
	Base, Href, Title, About string
	Badge                    ui.BadgeProps
	Preview                  bool
	Verb                     string // what the button says that books it
	Figures                  []ui.StatCardProps
	Doubtful                 []doubt
	DoubtfulCount            string
	Matched                  []match
	MatchedCount             string
	MatchedMore              string // how many are not shown, "" for none
	LeftOut, LeftOutCount    string
}

// doubt is an entry that a person must decide on.
type doubt struct {
	ID, Name, Payer, About, Said, Amount, Why string
	Task                                      string // to give it back, "" for none
	Error                                     string // what is wrong with what was chosen
	Chosen                                    string
	Choices                                   []choice
}

// choice is what an entry may be.
type choice struct{ Value, Label, Hint, Fits, Amount string }

// match is an entry that is somebody's payment.
type match struct {
	Day, Payer, Said, Href, Who, What, Amount string
	By                                        ui.BadgeProps
}

func titleOf(scope *frame.Scope, s statement.Statement) string {
	return scope.T("Statement of {{.Day}}", "Day", scope.Day(cmp.Or(s.LastDay, s.FirstDay)))
}

func aboutOf(scope *frame.Scope, s statement.Statement) string {
	parts := []string{strings.ToUpper(string(s.Format)), sepa.FormatIBAN(s.Account), scope.N(s.Entries, "{{.Count}} entry", "{{.Count}} entries")}
	if s.Name != "" {
		parts = append([]string{s.Name}, parts...)
	}
	if s.FirstDay != s.LastDay {
		parts = append(parts, scope.T("{{.From}} to {{.To}}", "From", scope.Day(s.FirstDay), "To", scope.Day(s.LastDay)))
	}
	return scope.Line(parts...)
}

func badgeOf(scope *frame.Scope, s statement.Statement) ui.BadgeProps {
	if s.Status == statement.Preview {
		return ui.BadgeProps{Label: scope.T("Nothing booked yet"), Tone: ui.Outline, Icon: "hourglass"}
	}
	return ui.BadgeProps{Label: scope.T("Booked"), Tone: ui.Green, Icon: "check"}
}

func (d pages) statementAt(r *http.Request, scope *frame.Scope) (statement.Statement, error) {
	return d.Statements.Get(r.Context(), scope.Business.ID, statement.ID(r.PathValue("id")))
}

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	s, err := d.statementAt(r, scope)
	if err != nil {
		return err
	}
	return d.showOne(w, r, scope, http.StatusOK, s, frame.Problems{})
}

func (d pages) showOne(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, s statement.Statement, p frame.Problems) error {
	ctx := r.Context()
	v := showView{Problems: p, Base: scope.Base + "/statements", Href: scope.Base + "/statements/" + string(s.ID), Title: titleOf(scope, s), About: aboutOf(scope, s), Badge: badgeOf(scope, s), Preview: s.Status == statement.Preview}
	doubtful, err := d.Statements.Entries(ctx, scope.Business.ID, s.ID, statement.Doubtful, doubtfulShown)
	if err != nil {
		return err
	}
	chosen := int64(0)
	for _, e := range doubtful {
		one, err := d.doubtOf(ctx, scope, s, e)
		if err != nil {
			return err
		}
		if one.Error = p.Errors[one.Name]; r.PostForm.Has(one.Name) {
			one.Chosen = r.PostForm.Get(one.Name)
		}
		if v.Doubtful = append(v.Doubtful, one); e.Act == statement.Accept || e.Act == statement.Assign {
			chosen++
		}
	}
	matched, err := d.Statements.Entries(ctx, scope.Business.ID, s.ID, statement.Matched, matchedShown)
	if err != nil {
		return err
	}
	for _, e := range matched {
		one, err := d.matchOf(ctx, scope, e)
		if err != nil {
			return err
		}
		v.Matched = append(v.Matched, one)
	}
	figures, err := d.Statements.Figures(ctx, scope.Business.ID, s.ID)
	if err != nil {
		return err
	}
	v.fill(scope, s, figures, chosen)
	return frame.Render(w, r, status, showPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.TransactionsSection}), v))
}

// fill adds the figures up.
func (v *showView) fill(scope *frame.Scope, s statement.Statement, figures []statement.Figure, chosen int64) {
	n, sum := map[statement.State]int64{}, map[statement.State]int64{}
	var left []string
	for _, f := range figures {
		n[f.State], sum[f.State] = n[f.State]+f.Entries, sum[f.State]+f.Minor
		if f.State == statement.LeftOut {
			left = append(left, leftText(scope.Reader, f))
		}
	}
	of := func(minor int64) string { return scope.Money(money.Amount{Minor: minor, Currency: "EUR"}) }
	v.DoubtfulCount, v.MatchedCount, v.LeftOutCount, v.LeftOut = scope.Number(n[statement.Doubtful]), scope.Number(n[statement.Matched]), scope.Number(n[statement.LeftOut]), scope.Line(left...)
	label := scope.T("Booked")
	if v.Preview {
		label = scope.T("Will be booked")
		v.Verb = scope.N(n[statement.Matched]+chosen, "Book {{.Count}} payment", "Book {{.Count}} payments")
		if n[statement.Matched]+chosen == 0 {
			v.Verb = scope.T("Book statement")
		}
	}
	note := scope.T("Adds up to the cent")
	if before := s.CameMinor - sum[statement.Doubtful] - sum[statement.Matched] - sum[statement.LeftOut]; before != 0 {
		note = scope.T("{{.Amount}} of it left out", "Amount", of(before))
	}
	v.Figures = []ui.StatCardProps{
		{Icon: "check-check", Tone: ui.Green, Label: label, Figure: scope.Number(n[statement.Matched]), Note: of(sum[statement.Matched])},
		{Icon: "circle-alert", Tone: ui.Orange, Label: scope.T("Needs attention"), Figure: scope.Number(n[statement.Doubtful]), Note: of(sum[statement.Doubtful])},
		{Icon: "ban", Tone: ui.Grey, Label: scope.T("Left out"), Figure: scope.Number(n[statement.LeftOut]), Note: scope.Line(left...)},
		{Icon: "landmark", Tone: ui.Blue, Label: scope.T("Money in on the statement"), Figure: of(s.CameMinor), Note: note},
	}
	if more := n[statement.Matched] - int64(len(v.Matched)); more > 0 {
		v.MatchedMore = scope.N(more, "And {{.Count}} more.", "And {{.Count}} more.")
	}
}

func (d pages) doubtOf(ctx context.Context, scope *frame.Scope, s statement.Statement, e statement.Entry) (doubt, error) {
	b := scope.Business
	b.Mode = s.Mode
	v := doubt{
		ID: string(e.ID), Name: fieldOf(e), Payer: cmp.Or(e.Payer, scope.T("Someone")), Said: e.Said, Amount: scope.Money(e.Amount), Why: whyText(scope.Reader, e.Reason),
		About: strings.TrimSuffix(scope.Day(e.Day)+", "+hintText(e.IBANHint), ", "), Chosen: chosenOf(e),
	}
	found, err := d.Statements.Candidates(ctx, b, e)
	if err != nil {
		return v, err
	}
	for _, c := range found {
		act := statement.Assign
		if c.PaymentID == e.PaymentID {
			act = statement.Accept
		}
		one := choice{Value: string(act) + " " + string(c.PaymentID), Label: cmp.Or(c.Payer, scope.T("Someone")), Amount: scope.Money(e.Amount), Fits: fitsText(scope.Reader, c)}
		switch {
		case c.Recorded:
			one.Hint = scope.T("{{.Title}}, recorded already: no figure moves", "Title", c.Title)
		case !c.Same:
			one.Hint = scope.T("{{.Title}}, {{.Amount}} asked", "Title", c.Title, "Amount", scope.Money(c.Amount))
		case c.HeldUntil.IsZero():
			one.Hint = c.Title
		default:
			one.Hint = scope.T("{{.Title}}, held until {{.Day}}", "Title", c.Title, "Day", scope.Date(c.HeldUntil.Time, b.Location()))
		}
		v.Choices = append(v.Choices, one)
	}
	if e.Act == statement.ToReturn && e.Waits {
		iban, err := d.Statements.IBAN(ctx, b.ID, e.ID)
		if err != nil {
			return v, err
		}
		v.Task = scope.T("Send {{.Amount}} back from your bank, then say so here.", "Amount", scope.Money(e.Amount))
		if iban != "" {
			v.Task = scope.T("Send {{.Amount}} to {{.IBAN}} from your bank, then say so here.", "Amount", scope.Money(e.Amount), "IBAN", sepa.FormatIBAN(iban))
		}
		v.Choices = append(v.Choices, choice{Value: string(statement.Returned), Label: scope.T("I have sent it back")})
	} else {
		v.Choices = append(v.Choices, choice{Value: string(statement.ToReturn), Label: scope.T("Give it back: makes a task with the payer’s IBAN")})
		if e.Waits {
			v.Choices = append(v.Choices, choice{Value: string(statement.Returned), Label: scope.T("I have sent it back")})
		}
	}
	leave := scope.T("Leave it, to wait under To check")
	v.Choices = append(v.Choices, choice{Value: string(statement.Foreign), Label: scope.T("It is for something else")}, choice{Label: leave})
	if e.Waits && e.Act == statement.ToReturn {
		v.Chosen = ""
	}
	return v, nil
}

// chosenOf is the choice that was noted of an entry.
func chosenOf(e statement.Entry) string {
	if e.Act == statement.Accept || e.Act == statement.Assign {
		return string(e.Act) + " " + string(e.PaymentID)
	}
	return string(e.Act)
}

// hintText is as much of an IBAN as tells whose it is.
func hintText(hint string) string {
	if len(hint) != 6 {
		return ""
	}
	return hint[:2] + "•• •••• " + hint[2:]
}

func (d pages) matchOf(ctx context.Context, scope *frame.Scope, e statement.Entry) (match, error) {
	v := match{Day: scope.Day(e.Day), Payer: e.Payer, Said: cut(e.Said, 90), Href: scope.Base + "/transactions/" + string(e.PaymentID), Amount: scope.Money(e.Amount), By: ui.BadgeProps{Label: scope.T("Reference and amount"), Tone: ui.Green, Icon: "check"}}
	switch {
	case e.Reason == statement.WasRecorded:
		v.By = ui.BadgeProps{Label: scope.T("Recorded already"), Tone: ui.Grey, Icon: "hand-coins"}
	case e.Settling:
		v.By = ui.BadgeProps{Label: scope.T("Being settled"), Tone: ui.Orange, Icon: "hourglass"}
	case e.Reason == statement.Decided:
		v.By = ui.BadgeProps{Label: scope.T("Decided by {{.Name}}", "Name", e.ActedBy), Tone: ui.Blue, Icon: "user"}
	}
	p, err := d.Payments.Get(ctx, scope.Business.ID, e.PaymentID)
	if err != nil {
		return v, err
	}
	if v.Who, v.What = cmp.Or(p.Payer.Name, p.Payer.Email, scope.T("Someone")), p.Title; p.Status() == history.StatusOverflow {
		v.By = ui.BadgeProps{Label: scope.T("No place was free: send it back"), Tone: ui.Orange, Icon: "triangle-alert"}
	}
	return v, nil
}

// action is where the form of the page goes.
func (v showView) action() string {
	if v.Preview {
		return v.Href + "/book"
	}
	return v.Href + "/decide"
}
