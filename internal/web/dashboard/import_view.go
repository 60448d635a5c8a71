package dashboard

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/importer"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/web/ui"
)

// importWords are what differs between the kinds of imports.
type importWords struct {
	Title     string
	List      string // the path of the list
	ListName  string
	Room      string
	One, Many string
	Example   [][]string
}

func importWordsOf(k importer.Kind) importWords {
	if k == importer.Customers {
		return importWords{
			Title: "Import customers", List: "/customers", ListName: "Customers", Room: customersRoom, One: "customer", Many: "customers",
			Example: [][]string{
				{"name", "email", "phone", "language", "tags", "notes"},
				{"Sanne Visser", "sanne@example.com", "+31 6 12345678", "nl", "VIP, Newsletter", "Prefers the phone."},
				{"Bakery Example", "orders@example.com", "", "en", "Wholesale", ""},
			},
		}
	}
	return importWords{
		Title: "Import smart links", List: "/links", ListName: "Smart Links", Room: paymentPageRoom, One: "smart link", Many: "smart links",
		Example: [][]string{
			{"name", "amount", "currency", "description", "path", "limit", "tags", "customer", "reference", "ends_at"},
			{"Summer workshop", "49.00", "EUR", "A day in the studio.", "summer-workshop", "12", "Workshops", "", "", "2030-08-31"},
			{"Invoice 1042", "250.00", "EUR", "", "", "once", "Invoices", "", "1042", ""},
		},
	}
}

// newImportView is the page that takes a file.
type newImportView struct {
	importWords
	problems
	Base, Action string
	Fields       []importer.Field
	Recent       []importRow
}

// importRow is an import of before.
type importRow struct {
	Href, Name, Outcome string
	Time, Ago, ISO      string
	Badge               ui.BadgeProps
}

func importRowOf(at *room, i importer.Import) importRow {
	zone := at.Business.Location()
	row := importRow{
		Href: importHref(at, i.ID), Name: i.Name, Badge: importBadge(i), Outcome: counted(i.Total(), "line", "lines"),
		Time: dateTime(i.CreatedAt, zone), Ago: ago(i.CreatedAt, at.Now, zone), ISO: isoTime(i.CreatedAt),
	}
	if i.State != importer.Ready {
		row.Outcome = outcomeText(i.Counts, importWordsOf(i.Kind))
	}
	return row
}

func importBadge(i importer.Import) ui.BadgeProps {
	switch {
	case i.State == importer.Ready:
		return ui.BadgeProps{Label: "Not started", Tone: ui.Outline}
	case i.State == importer.Running:
		return ui.BadgeProps{Label: "Running", Tone: ui.Blue}
	case i.State == importer.Stopped:
		return ui.BadgeProps{Label: "Stopped", Tone: ui.Grey}
	case i.Failed > 0:
		return ui.BadgeProps{Label: "Done, some failed", Tone: ui.Orange}
	}
	return ui.BadgeProps{Label: "Done", Tone: ui.Green}
}

// outcomeText says in a line what became of a file.
func outcomeText(c importer.Counts, words importWords) string {
	parts := []string{counted(c.Created, words.One, words.Many) + " created"}
	for _, p := range []struct {
		n    int64
		text string
	}{{c.Updated, "updated"}, {c.Kept, "left as they are"}, {c.Repeated, "imported before"}, {c.Failed, "not imported"}} {
		if p.n > 0 {
			parts = append(parts, count(p.n)+" "+p.text)
		}
	}
	return strings.Join(parts, ", ")
}

// importView is the page of an import, whatever its state.
type importView struct {
	importWords
	problems
	Base, Href, Name string
	State            importer.State
	Badge            ui.BadgeProps
	Lines            string
	UpdateKnown      bool
	Repeat           bool
	Customers        bool
	Columns          []importColumn
	Letters          *importLetters // nil where the file tells its encoding
	Lacks            string         // what must be matched before it can start
	Figures          []importFigure
	Unseen           string // how many lines the preview left out, "" for none
	Makes            bool   // starting would make or change something
	Verb             string // what the button says that starts it
	Refused          []refusedLine
	MoreRefused      string // how many others there are, "" for none
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
type importLetters struct {
	Label   string   // how they were read
	Words   []string // of the file, in which it shows; none when the file is gone
	Chosen  string
	Options []ui.Option
}

func lettersOf(guessed spreadsheet.Encoding, words []string) *importLetters {
	if guessed == "" {
		return nil
	}
	l := importLetters{Label: string(guessed), Words: words, Chosen: string(guessed)}
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

func (v importView) Crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: v.ListName, Href: v.Base + v.List}, {Label: "Import", Href: v.Base + v.List + "/import"}, {Label: v.Name}}
}

func (v newImportView) Crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: v.ListName, Href: v.Base + v.List}, {Label: "Import"}}
}

func (d *Dashboard) showImportPage(w http.ResponseWriter, r *http.Request, at *room, status int, i importer.Import, p problems) error {
	words := importWordsOf(i.Kind)
	v := importView{
		importWords: words, problems: p, Base: at.Base, Href: importHref(at, i.ID), Name: i.Name, State: i.State, Badge: importBadge(i),
		Lines: counted(i.Total(), "line", "lines"), UpdateKnown: i.UpdateKnown, Repeat: i.Repeat, Customers: i.Kind == importer.Customers,
		Done: int(i.Counts.Done()), Total: int(i.Total()), Outcome: outcomeText(i.Counts, words),
		Progress: count(i.Counts.Done()) + " of " + counted(i.Total(), "line", "lines"),
	}
	fill := d.fillOutcome
	if i.State == importer.Ready {
		fill = d.fillPreview
	}
	if err := fill(r.Context(), at, i, &v); err != nil {
		return err
	}
	return render(w, r, status, importPage(d.frame(r, at, place{words.Title, words.Room}), v))
}

// fillPreview says what starting would do.
func (d *Dashboard) fillPreview(ctx context.Context, at *room, i importer.Import, v *importView) error {
	preview, err := d.Imports.Preview(ctx, at.Business, i)
	if err != nil {
		return err
	}
	words, err := d.Imports.Words(ctx, at.Business.ID, i)
	if err != nil {
		return err
	}
	v.Letters, v.Columns = lettersOf(i.Guessed, words), columnsOf(i, preview.Sample)
	if v.Lacks = i.Lacks(); v.Lacks != "" || v.Errors["fields"] != "" {
		return nil // what would happen can't be said yet
	}
	v.Figures = importFiguresOf(preview.Counts, true)
	v.setRefused(i, preview.Refused, preview.Failed)
	if preview.Waiting > 0 {
		v.Unseen = counted(preview.Waiting, "line", "lines")
	}
	v.Makes = preview.Created+preview.Updated+preview.Waiting > 0
	v.Verb = "Import " + counted(preview.Created+preview.Updated+preview.Waiting, v.One, v.Many)
	if !v.Makes {
		v.Verb = "Nothing to import"
	}
	return nil
}

// fillOutcome says what was done so far.
func (d *Dashboard) fillOutcome(ctx context.Context, at *room, i importer.Import, v *importView) error {
	v.Figures = importFiguresOf(i.Counts, false)
	if i.Failed == 0 {
		return nil
	}
	v.Failed = v.Href + "/failed.csv"
	rows, err := d.Imports.Failed(ctx, at.Business.ID, i.ID, 0, refusedShown)
	v.setRefused(i, rows, i.Failed)
	return err
}

// refusedShown bounds how many lines that can't be imported a page shows; all
// are in the file to mend.
const refusedShown = 20

func (v *importView) setRefused(i importer.Import, rows []importer.Row, all int64) {
	for _, r := range rows {
		v.Refused = append(v.Refused, refusedLine{Line: strconv.FormatInt(r.Line, 10), Words: cellsText(r.Cells), Why: problemTextOf(i.Kind, r.Problems)})
	}
	if more := all - int64(len(rows)); more > 0 {
		v.MoreRefused = counted(more, "more line", "more lines")
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
func problemTextOf(k importer.Kind, list []importer.Problem) string {
	labels := map[string]string{}
	for _, f := range importer.FieldsOf(k) {
		labels[f.Name] = f.Label + ": "
	}
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = labels[p.Field] + p.Message
	}
	return strings.Join(parts, " ")
}

func columnsOf(i importer.Import, sample []importer.Row) []importColumn {
	options := []ui.Option{{Value: "", Label: "Leave out"}}
	for _, f := range importer.FieldsOf(i.Kind) {
		options = append(options, ui.Option{Value: f.Name, Label: f.Label})
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
			name = "Column " + strconv.Itoa(at+1)
		}
		columns[at] = importColumn{ID: "column-" + strconv.Itoa(at+1), Name: short(name, 60), Sample: strings.Join(seen, " · "), Chosen: i.Fields[at], Options: options}
	}
	return columns
}

func importFiguresOf(c importer.Counts, before bool) []importFigure {
	all := []struct {
		n             int64
		will, did     string
		tone          ui.Tone
		icon          string
		evenWhenEmpty bool
	}{
		{c.Created, "Will be created", "Created", ui.Green, "plus", true},
		{c.Updated, "Will be updated", "Updated", ui.Blue, "pencil", false},
		{c.Kept, "There already, stay as they are", "There already, left as they are", ui.Grey, "check", false},
		{c.Repeated, "Imported before, left out", "Imported before, left out", ui.Grey, "copy", false},
		{c.Failed, "Can’t be imported", "Not imported", ui.Red, "circle-alert", false},
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
		figures = append(figures, importFigure{Label: label, Figure: count(f.n), Tone: f.tone, Icon: f.icon})
	}
	return figures
}

// WhyNot says why an import can't be started, "" when it can.
func (v importView) WhyNot() string {
	switch {
	case v.Errors["fields"] != "":
		return v.Errors["fields"]
	case v.Lacks != "":
		return v.Lacks
	case !v.Makes:
		return "No line of this file would become anything."
	}
	return ""
}

// RepeatHint says what tells that a line was here before.
func (v importView) RepeatHint() string {
	if v.Customers {
		return "Otherwise a line without email address that has become a customer before is left out."
	}
	return "Otherwise a line that has become a smart link before is left out, so that nothing is there twice."
}

// startImportAttrs make a button of the form start the import.
func startImportAttrs(v importView) templ.Attributes {
	return templ.Attributes{"formaction": v.Href + "/start"}
}
