package imports

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"smartlinks/internal/importer"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// newImportView is the page that takes a file.
type newImportView struct {
	importWords
	frame.Problems
	Base, Action string
	Fields       []importer.Field
	Recent       []importRow
	Links        bool   // not customers
	Amount       string // of links without one, as typed
	KeepPaths    bool
	Accounts     []offeringRow // of providers whose payment links can be taken over
}

// importRow is an import of before.
type importRow struct {
	Href, Name, Outcome string
	Time, Ago, ISO      string
	Badge               ui.BadgeProps
}

func importRowOf(scope *frame.Scope, i importer.Import) importRow {
	zone := scope.Business.Location()
	row := importRow{
		Href: importHref(scope, i.ID), Name: i.Name, Badge: importBadge(scope.Reader, i), Outcome: scope.N(i.Total(), "{{.Count}} line", "{{.Count}} lines"),
		Time: scope.DateTime(i.CreatedAt, zone), Ago: scope.Ago(i.CreatedAt, scope.Now, zone), ISO: frame.IsoTime(i.CreatedAt),
	}
	if i.State != importer.Ready {
		row.Outcome = outcomeText(scope.Reader, i.Kind, i.Counts)
	}
	return row
}

func importBadge(reader frame.Reader, i importer.Import) ui.BadgeProps {
	switch {
	case i.State == importer.Ready:
		return ui.BadgeProps{Label: reader.T("Not started"), Tone: ui.Outline}
	case i.State == importer.Running:
		return ui.BadgeProps{Label: reader.T("Running"), Tone: ui.Blue}
	case i.State == importer.Stopped:
		return ui.BadgeProps{Label: reader.T("Stopped"), Tone: ui.Grey}
	case i.Failed > 0:
		return ui.BadgeProps{Label: reader.T("Done, some failed"), Tone: ui.Orange}
	}
	return ui.BadgeProps{Label: reader.T("Done"), Tone: ui.Green}
}

// outcomeText says in a line what became of a file.
func outcomeText(reader frame.Reader, k importer.Kind, c importer.Counts) string {
	parts := []string{createdText(reader, k, c.Created)}
	for _, p := range []struct {
		n    int64
		text string
	}{
		{c.Updated, reader.N(c.Updated, "{{.Count}} updated", "{{.Count}} updated")},
		{c.Kept, reader.N(c.Kept, "{{.Count}} left unchanged", "{{.Count}} left unchanged")},
		{c.Repeated, reader.N(c.Repeated, "{{.Count}} imported before", "{{.Count}} imported before")},
		{c.Failed, reader.N(c.Failed, "{{.Count}} not imported", "{{.Count}} not imported")},
	} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	return strings.Join(parts, reader.T(", |between the parts of a list"))
}

func createdText(reader frame.Reader, k importer.Kind, n int64) string {
	if k == importer.Customers {
		return reader.N(n, "{{.Count}} customer created", "{{.Count}} customers created")
	}
	if k == importer.Payments {
		return reader.N(n, "{{.Count}} payment imported", "{{.Count}} payments imported")
	}
	return reader.N(n, "{{.Count}} link created", "{{.Count}} links created")
}

// startText is what the button says that starts an import of so many lines.
func startText(reader frame.Reader, k importer.Kind, n int64) string {
	switch {
	case n == 0:
		return reader.T("Nothing to import")
	case k == importer.Customers:
		return reader.N(n, "Import {{.Count}} customer", "Import {{.Count}} customers")
	case k == importer.Payments:
		return reader.N(n, "Import {{.Count}} payment", "Import {{.Count}} payments")
	}
	return reader.N(n, "Import {{.Count}} link", "Import {{.Count}} links")
}

// importView is the page of an import, whatever its state.
type importView struct {
	importWords
	frame.Problems
	Base, Href, Name string
	State            importer.State
	Badge            ui.BadgeProps
	Lines            string
	UpdateKnown      bool
	Repeat           bool
	Customers        bool
	Columns          []importColumn
	Encoding         *encodingChoice // nil where the file tells its encoding
	Nameless         bool            // the file names no columns
	Dates            *datesChoice    // nil where there are no days
	Lacks            string          // what must be matched before it can start
	Figures          []importFigure
	Unseen           string // says how many lines the preview left out, "" for none
	Makes            bool   // starting would make or change something
	Verb             string // what the button says that starts it
	Refused          []refusedLine
	MoreRefused      string // says how many others there are, "" for none
	Failed           string // address of the lines to mend, "" without any
	Done, Total      int
	Progress         string
	Outcome          string
}

// importColumn is a column of the file, with what it becomes.
type importColumn struct {
	ID, Name, Sample string
	Chosen           string
	Options          []ui.Option
}

// importLetters ask whether the letters of the file were read rightly.
type encodingChoice struct {
	Label   string   // how they were read
	Words   []string // of the file, in which it shows; none when the file is gone
	Chosen  string
	Options []ui.Option
}

// datesChoice says how days are read, and asks where that is open.
type datesChoice struct {
	Said    string
	Chosen  string
	Options []ui.Option // none where the file tells it
}

func datesOf(scope *frame.Scope, i importer.Import, found importer.Dates) *datesChoice {
	if found.Cell == "" {
		return nil
	}
	d := datesChoice{Chosen: string(i.DateOrder)}
	day := scope.Date(found.Day, time.UTC)
	switch {
	case found.Open:
		d.Said = scope.T("{{.Typed}} may have the day or the month first.", "Typed", found.Cell)
	case found.Day.IsZero():
		d.Said = scope.T("{{.Typed}} is no day if it is written so.", "Typed", found.Cell)
	case found.Order == importer.DayFirst:
		d.Said = scope.T("The day comes first: {{.Typed}} is {{.Day}}.", "Typed", found.Cell, "Day", day)
	case found.Order == importer.MonthFirst:
		d.Said = scope.T("The month comes first: {{.Typed}} is {{.Day}}.", "Typed", found.Cell, "Day", day)
	case found.Order == importer.YearFirst:
		d.Said = scope.T("The year comes first: {{.Typed}} is {{.Day}}.", "Typed", found.Cell, "Day", day)
	default:
		d.Said = scope.T("{{.Typed}} is {{.Day}}.", "Typed", found.Cell, "Day", day)
	}
	if found.Open || i.DateOrder != importer.ByFile {
		d.Options = []ui.Option{
			{Value: "", Label: scope.T("Choose")},
			{Value: string(importer.DayFirst), Label: scope.T("The day first: 31/12/2026")},
			{Value: string(importer.MonthFirst), Label: scope.T("The month first: 12/31/2026")},
		}
	}
	return &d
}

func encodingOf(guessed spreadsheet.Encoding, words []string) *encodingChoice {
	if guessed == "" {
		return nil
	}
	l := encodingChoice{Label: string(guessed), Words: words, Chosen: string(guessed)}
	for _, p := range spreadsheet.CodePages() {
		label := p.Label + " (" + string(p.Encoding) + ")"
		if p.Encoding == guessed {
			l.Label = label
		}
		l.Options = append(l.Options, ui.Option{Value: string(p.Encoding), Label: label})
	}
	return &l
}

// importFigure is how many lines become something.
type importFigure struct {
	Label, Figure string
	Tone          ui.Tone
	Icon          string
}

// refusedLine is a line that can't be imported, and why.
type refusedLine struct{ Line, Words, Why string }

func (v importView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: v.ListName, Href: v.Base + v.List}, {Label: reader.T("Import"), Href: v.Base + v.List + "/import"}, {Label: v.Name}}
}

func (v newImportView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: v.ListName, Href: v.Base + v.List}, {Label: reader.T("Import")}}
}

func (d pages) showImportPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, i importer.Import, p frame.Problems) error {
	words := importWordsOf(scope.Reader, i.Kind)
	v := importView{
		importWords: words, Problems: p, Base: scope.Base, Href: importHref(scope, i.ID), Name: i.Name, State: i.State, Badge: importBadge(scope.Reader, i),
		Lines: scope.N(i.Total(), "{{.Count}} line", "{{.Count}} lines"), UpdateKnown: i.UpdateKnown, Repeat: i.Repeat, Customers: i.Kind == importer.Customers,
		Done: int(i.Counts.Done()), Total: int(i.Total()), Outcome: outcomeText(scope.Reader, i.Kind, i.Counts),
		Progress: scope.T("{{.Done}} of {{.Total}}", "Done", scope.Number(i.Counts.Done()), "Total", scope.N(i.Total(), "{{.Count}} line", "{{.Count}} lines")),
	}
	fill := d.fillOutcome
	if i.State == importer.Ready {
		fill = d.fillPreview
	}
	if err := fill(r.Context(), scope, i, &v); err != nil {
		return err
	}
	return frame.Render(w, r, status, importPage(d.Frame(r, scope, frame.Heading{Title: words.Title, Section: words.Room}), v))
}

// fillPreview says what starting would do.
func (d pages) fillPreview(ctx context.Context, scope *frame.Scope, i importer.Import, v *importView) error {
	preview, err := d.Imports.Preview(ctx, scope.Business, i)
	if err != nil {
		return err
	}
	words, err := d.Imports.Words(ctx, scope.Business.ID, i)
	if err != nil {
		return err
	}
	v.Nameless, v.Dates = i.Nameless(), datesOf(scope, i, preview.Dates)
	v.Encoding, v.Columns = encodingOf(i.Guessed, words), columnsOf(scope.Reader, i, preview.Sample)
	if lacks := i.Lacks(); lacks != "" {
		v.Lacks = scope.T(lacks)
	} else if preview.Dates.Open {
		v.Lacks = scope.T(importer.WhichFirst)
	}
	if v.Lacks != "" || v.Errors["fields"] != "" {
		return nil // what would happen can't be said yet
	}
	v.Figures = importFiguresOf(scope.Reader, preview.Counts, true)
	v.setRefused(scope.Reader, i, preview.Refused, preview.Failed)
	if preview.Waiting > 0 {
		v.Unseen = scope.N(preview.Waiting, "{{.Count}} line after the first 2,000 is checked during the import.", "{{.Count}} lines after the first 2,000 are checked during the import.")
	}
	made := preview.Created + preview.Updated + preview.Waiting
	v.Makes, v.Verb = made > 0, startText(scope.Reader, i.Kind, made)
	return nil
}

// fillOutcome says what was done so far.
func (d pages) fillOutcome(ctx context.Context, scope *frame.Scope, i importer.Import, v *importView) error {
	v.Figures = importFiguresOf(scope.Reader, i.Counts, false)
	if i.Failed == 0 {
		return nil
	}
	v.Failed = v.Href + "/failed.csv"
	rows, err := d.Imports.Failed(ctx, scope.Business.ID, i.ID, 0, refusedShown)
	v.setRefused(scope.Reader, i, rows, i.Failed)
	return err
}

// refusedShown bounds how many lines that can't be imported a page shows; all
// are in the file to mend.
const refusedShown = 20

func (v *importView) setRefused(reader frame.Reader, i importer.Import, rows []importer.Row, all int64) {
	for _, r := range rows {
		v.Refused = append(v.Refused, refusedLine{Line: strconv.FormatInt(r.Line, 10), Words: cellsText(r.Cells), Why: problemTextOf(reader, i.Kind, r.Problems)})
	}
	if more := all - int64(len(rows)); more > 0 {
		v.MoreRefused = reader.N(more, "And {{.Count}} more line.", "And {{.Count}} more lines.")
	}
}

// cellsText is the cells of a line that say something, as far as they fit.
func cellsText(cells []string) string {
	var said []string
	for _, c := range cells {
		if c != "" {
			said = append(said, c)
		}
	}
	return short(strings.Join(said, " · "), 90)
}

// short cuts a text behind so many characters.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// problemTextOf writes what is wrong with a line, each with its field.
func problemTextOf(reader frame.Reader, k importer.Kind, list []importer.Problem) string {
	labels := map[string]string{}
	for _, f := range importer.FieldsOf(k) {
		labels[f.Name] = reader.T(f.Label)
	}
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = reader.Sentence(p.Message)
		if label := labels[p.Field]; label != "" {
			parts[i] = reader.T("{{.Field}}: {{.Problem}}", "Field", label, "Problem", parts[i])
		}
	}
	return strings.Join(parts, " ")
}

func columnsOf(reader frame.Reader, i importer.Import, sample []importer.Row) []importColumn {
	options := []ui.Option{{Value: "", Label: reader.T("Leave out")}}
	for _, f := range importer.FieldsOf(i.Kind) {
		options = append(options, ui.Option{Value: f.Name, Label: reader.T(f.Label)})
	}
	columns := make([]importColumn, len(i.Header))
	for at, name := range i.Header {
		var seen []string
		for _, r := range sample {
			if at < len(r.Cells) && r.Cells[at] != "" {
				seen = append(seen, short(r.Cells[at], 40))
			}
		}
		if name == "" {
			name = reader.T("Column {{.At}}", "At", strconv.Itoa(at+1))
		}
		columns[at] = importColumn{ID: "column-" + strconv.Itoa(at+1), Name: short(name, 60), Sample: strings.Join(seen, " · "), Chosen: i.Fields[at], Options: options}
	}
	return columns
}

func importFiguresOf(reader frame.Reader, c importer.Counts, before bool) []importFigure {
	all := []struct {
		n             int64
		will, did     string
		tone          ui.Tone
		icon          string
		evenWhenEmpty bool
	}{
		{c.Created, reader.T("Will be created"), reader.T("Created"), ui.Green, "plus", true},
		{c.Updated, reader.T("Will be updated"), reader.T("Updated"), ui.Blue, "pencil", false},
		{c.Kept, reader.T("Already there, left unchanged"), reader.T("Already there, left unchanged"), ui.Grey, "check", false},
		{c.Repeated, reader.T("Imported before, left out"), reader.T("Imported before, left out"), ui.Grey, "copy", false},
		{c.Failed, reader.T("Can’t be imported"), reader.T("Not imported"), ui.Red, "circle-alert", false},
	}
	var figures []importFigure
	for _, f := range all {
		if f.n == 0 && !f.evenWhenEmpty {
			continue
		}
		label := f.did
		if before {
			label = f.will
		}
		figures = append(figures, importFigure{Label: label, Figure: reader.Number(f.n), Tone: f.tone, Icon: f.icon})
	}
	return figures
}

// WhyNot says why an import can't be started, "" when it can.
func (v importView) WhyNot(reader frame.Reader) string {
	switch {
	case v.Errors["fields"] != "":
		return v.Errors["fields"]
	case v.Lacks != "":
		return v.Lacks
	case !v.Makes:
		return reader.T("No line of this file can be imported.")
	}
	return ""
}

// RepeatHint says what tells that a line was here before.
func (v importView) RepeatHint(reader frame.Reader) string {
	if v.Customers {
		return reader.T("Otherwise a line without an email address that was imported before is left out.")
	}
	return reader.T("Otherwise a line that was imported before is left out, so that nothing is there twice.")
}

// startImportAttrs make a button of the form start the import.
func startImportAttrs(v importView) templ.Attributes {
	return templ.Attributes{"formaction": v.Href + "/start"}
}
