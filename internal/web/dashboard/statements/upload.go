package statements

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/statement"
	"smartlinks/internal/statement/bankfile"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// listView is the page that takes a file, with the statements of before.
type listView struct {
	frame.Problems
	Base    string
	Tabs    []ui.Tab
	Account bool // there is one
	Columns []columnField
	Recent  []listRow
}

// listRow is a statement of before.
type listRow struct {
	Href, Title, About string
	Badge              ui.BadgeProps
}

// columnField asks which column of a CSV file holds something.
type columnField struct {
	Name, Label, Value string
	Options            []ui.Option
}

func (d pages) list(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showList(w, r, scope, http.StatusOK, frame.Problems{}, nil)
}

func (d pages) showList(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, p frame.Problems, columns []columnField) error {
	v := listView{Problems: p, Base: scope.Base + "/statements", Columns: columns}
	_, err := d.Transfers.Account(r.Context(), scope.Business.ID)
	if v.Account = err == nil; err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	recent, err := d.Statements.Recent(r.Context(), scope.Business)
	if err != nil {
		return err
	}
	for _, s := range recent {
		v.Recent = append(v.Recent, listRow{Href: v.Base + "/" + string(s.ID), Title: titleOf(scope, s), About: aboutOf(scope, s), Badge: badgeOf(scope, s)})
	}
	if v.Tabs, err = d.TransactionTabs(r.Context(), scope, v.Base); err != nil {
		return err
	}
	return frame.Render(w, r, status, listPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Statements"), Section: frame.TransactionsSection}), v))
}

// upload reads a file as it comes: the fields of the form stand before it.
func (d pages) upload(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	r.Body = http.MaxBytesReader(w, r.Body, bankfile.MaxFile+frame.MaxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "The form arrived damaged. Go back and send it again.")
	}
	typed, file, err := fileOf(parts)
	if err != nil {
		return err
	}
	if file == nil {
		var wrong fault.Fields
		wrong.Add("file", "", scope.T("Choose a file."))
		return d.refused(w, r, scope, wrong.Err(), typed)
	}
	s, err := d.Statements.Read(r.Context(), scope.Business, statement.Upload{Name: file.FileName(), File: file, By: scope.Member.Name, Columns: columnsFrom(typed)})
	if err != nil {
		return d.refused(w, r, scope, err, typed)
	}
	return frame.Redirect(w, r, scope.Base+"/statements/"+string(s.ID))
}

// fileOf reads a form up to its file; nil: none was chosen.
func fileOf(parts *multipart.Reader) (typed url.Values, file *multipart.Part, err error) {
	typed = url.Values{}
	for range 100 {
		part, err := parts.NextPart()
		if err != nil {
			return typed, nil, nil // its end
		}
		if part.FormName() == "file" {
			if part.FileName() == "" {
				return typed, nil, nil
			}
			return typed, part, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, 500)) // what is longer is no name of a column
		if err != nil {
			return typed, nil, fault.Wrap(err, fault.Malformed, "The form arrived damaged. Go back and send it again.")
		}
		typed.Add(part.FormName(), string(value))
	}
	return typed, nil, nil
}

// refused shows the page again with what is wrong, and asks for the columns of a CSV file
// where they are new.
func (d pages) refused(w http.ResponseWriter, r *http.Request, scope *frame.Scope, err error, typed url.Values) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	if problem := new(bankfile.Problem); errors.As(err, &problem) {
		p.Errors["file"] = problemText(scope.Reader, problem)
	}
	var columns []columnField
	if unknown := new(bankfile.NewColumns); errors.As(err, &unknown) {
		columns, p = columnFields(scope.Reader, unknown), frame.Problems{}
	} else if len(typed["header"]) > 0 {
		again := &bankfile.NewColumns{Header: typed["header"]}
		if chosen := columnsFrom(typed); chosen != nil {
			again.Guess = *chosen
		}
		columns = columnFields(scope.Reader, again)
	}
	return d.showList(w, r, scope, http.StatusUnprocessableEntity, p, columns)
}

// problemText is what is wrong with a file, in the reader's language.
func problemText(reader frame.Reader, p *bankfile.Problem) string {
	said := reader.Sentence(strings.ReplaceAll(p.Message, "{{.Said}}", p.Said))
	if p.Line == 0 {
		return said
	}
	return reader.T("Line {{.Line}}: {{.Problem}}", "Line", reader.Number(p.Line), "Problem", said)
}

// columnsFrom is what was chosen of columns; nil: nothing was asked.
func columnsFrom(typed url.Values) *bankfile.Columns {
	if typed.Get("day") == "" {
		return nil
	}
	c := &bankfile.Columns{
		Day: typed.Get("day"), DayFormat: typed.Get("day_format"), Amount: typed.Get("amount"), Decimal: typed.Get("decimal"), Out: typed.Get("out"), Sign: typed.Get("sign"),
		Payer: typed.Get("payer"), IBAN: typed.Get("iban"), Account: typed.Get("account"), Currency: typed.Get("currency"), ID: typed.Get("number"),
	}
	if text := typed.Get("text"); text != "" {
		c.Text = []string{text}
	}
	return c
}

func columnFields(reader frame.Reader, n *bankfile.NewColumns) []columnField {
	var names []ui.Option
	for i, name := range n.Header {
		if name == "" {
			continue
		}
		label := name
		if len(n.Sample) > 0 && i < len(n.Sample[0]) && n.Sample[0][i] != "" {
			label += " (" + cut(n.Sample[0][i], 30) + ")"
		}
		names = append(names, ui.Option{Value: name, Label: label})
	}
	none := append([]ui.Option{{Value: "", Label: reader.T("Not in this file")}}, names...)
	var days []ui.Option
	for _, f := range bankfile.DayFormats() {
		days = append(days, ui.Option{Value: f.Name, Label: f.Name})
	}
	text := ""
	if len(n.Guess.Text) > 0 {
		text = n.Guess.Text[0]
	}
	decimal := append([]ui.Option{{Value: "", Label: reader.T("Choose")}}, ui.Option{Value: ",", Label: "49,00"}, ui.Option{Value: ".", Label: "49.00"})
	return []columnField{
		{"day", reader.T("Booking day"), n.Guess.Day, none}, {"day_format", reader.T("Days are written"), n.Guess.DayFormat, days},
		{"amount", reader.T("Amount"), n.Guess.Amount, none}, {"decimal", reader.T("Amounts are written"), n.Guess.Decimal, decimal},
		{"text", reader.T("What the payer wrote"), text, none}, {"payer", reader.T("Payer’s name"), n.Guess.Payer, none}, {"iban", reader.T("Payer’s IBAN"), n.Guess.IBAN, none},
		{"sign", reader.T("Whether it came or went"), n.Guess.Sign, none}, {"out", reader.T("Amounts that went out"), n.Guess.Out, none},
		{"account", reader.T("Own IBAN"), n.Guess.Account, none}, {"currency", reader.T("Currency"), n.Guess.Currency, none}, {"number", reader.T("The bank’s number of an entry"), n.Guess.ID, none},
	}
}

// cut is a text, cut behind so many characters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
