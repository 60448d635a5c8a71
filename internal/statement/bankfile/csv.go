package bankfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"smartlinks/internal/spreadsheet"
)

const (
	maxColumns = 60
	preamble   = 40 // lines that may stand before the one that names the columns
	sampled    = 30 // lines that are looked at to guess what columns are
)

// table reads the lines of a CSV file.
type table struct {
	lines  *csv.Reader
	piece  *stretch
	quotes *quotes
	last   int // where the last line stands
}

func newTable(text *bufio.Reader) *table {
	separator := separatorOf(text)
	t := &table{piece: &stretch{from: text, most: piece}}
	t.quotes = &quotes{from: t.piece, separator: byte(separator), begins: true}
	t.lines = csv.NewReader(t.quotes)
	t.lines.Comma, t.lines.FieldsPerRecord, t.lines.LazyQuotes = separator, -1, true
	return t
}

// separatorOf is what parts the cells: what stands most often in the first lines, outside
// of quotes. A decimal comma stands there seldom.
func separatorOf(text *bufio.Reader) rune {
	start, _ := text.Peek(peeked / 4) // its error comes again when it is read
	counts, quoted := map[byte]int{}, false
	for _, b := range start {
		switch {
		case b == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(",;\t|", b) >= 0:
			counts[b]++
		}
	}
	best := byte(';')
	for _, b := range []byte("\t|,") {
		if counts[b] > counts[best] {
			best = b
		}
	}
	return rune(best)
}

// next is the next line that holds anything, and where it stands.
func (t *table) next() (cells []string, line int64, err error) {
	for {
		cells, err = t.lines.Read()
		t.piece.now = 0
		if errors.Is(err, io.EOF) && t.quotes.open {
			return nil, 0, &Problem{Line: int64(t.last), Message: "A quotation mark does not end. Download the file from your bank again."}
		}
		if err != nil {
			return nil, 0, err
		}
		at, _ := t.lines.FieldPos(0)
		t.last = at
		filled := 0
		for i, cell := range cells {
			if cells[i] = strings.TrimSpace(spreadsheet.Unescape(cell)); cells[i] != "" {
				filled = i + 1
			}
		}
		if filled > maxColumns {
			return nil, 0, &Problem{Line: int64(at), Message: "This line has more than 60 columns. Download the statement as CAMT.053 or MT940."}
		}
		if filled > 0 {
			return cells, int64(at), nil
		}
	}
}

// quotes sees whether a file ends within a cell in quotes, which is to say too early: the
// reader of cells, which takes quotation marks within cells as they come, does not tell.
type quotes struct {
	from      io.Reader
	separator byte
	begins    bool // a cell begins here
	open      bool // it is in quotes
	closing   bool // its last byte was one that may end it
}

func (q *quotes) Read(p []byte) (int, error) {
	n, err := q.from.Read(p)
	for _, b := range p[:n] {
		q.see(b)
	}
	if errors.Is(err, io.EOF) && q.closing {
		q.open = false
	}
	return n, err
}

func (q *quotes) see(b byte) {
	ends := b == q.separator || b == '\n'
	switch {
	case q.begins && b == '"':
		q.open = true
	case q.open && q.closing && ends:
		q.open, q.closing = false, false
	case q.open && b == '"': // the second of two is one that is meant
		q.closing = !q.closing
	case b != '\r':
		q.closing = false
	}
	q.begins = ends && !q.open
}

type line struct {
	cells []string
	at    int64
}

func readCSV(text *bufio.Reader, o Options, into *collector) error {
	t := newTable(text)
	header, first, err := t.header()
	if err != nil {
		return err
	}
	var chosen *Columns
	if o.Columns != nil {
		if chosen, err = o.Columns(header); err != nil {
			return err
		}
	}
	if chosen == nil {
		sample := make([][]string, 0, sampled)
		for _, l := range first {
			sample = append(sample, l.cells)
		}
		return &NewColumns{Header: header, Sample: sample, Guess: guess(header, sample)}
	}
	by, err := chosen.places(header)
	if err != nil {
		return err
	}
	for _, l := range first {
		if err := by.take(l, into); err != nil {
			return err
		}
	}
	for {
		cells, at, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := by.take(line{cells, at}, into); err != nil {
			return err
		}
	}
}

var errNoTable = &Problem{Message: "No line of this file names columns, so it is no list of entries. Download the statement as CAMT.053, MT940 or CSV."}

// header finds the line that names the columns: banks write some of other things before it.
// It is the first of at least three cells, each filled and none a number or a day, behind
// which a line of as many cells stands. The lines that were read behind it come too.
func (t *table) header() (header []string, behind []line, err error) {
	var lines []line
	for len(lines) < preamble+sampled {
		cells, at, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		lines = append(lines, line{cells, at})
	}
	for i, l := range lines[:min(len(lines), preamble)] {
		if !namesColumns(l.cells) || i+1 == len(lines) {
			continue
		}
		if n := len(lines[i+1].cells); n >= 3 && n >= len(l.cells)-1 {
			return l.cells, lines[i+1:], nil
		}
	}
	if len(lines) > 0 && namesColumns(lines[len(lines)-1].cells) {
		return nil, nil, errNoEntry
	}
	return nil, nil, errNoTable
}

func namesColumns(cells []string) bool {
	filled := 0
	for _, cell := range cells {
		if cell == "" {
			continue
		}
		if filled++; len([]rune(cell)) > 60 || strings.Count(cell, " ") > 6 {
			return false
		}
		if _, _, number := signed(cell, ","); number {
			return false
		}
		if _, _, day := anyDay(cell); day {
			return false
		}
	}
	return filled >= 3
}

// places are the columns by their numbers, -1 for none.
type places struct {
	Columns
	day, amount, out, sign, payer, iban, account, currency, id int
	text                                                       []int
	layout                                                     string
}

// places finds the columns in a header. Its error says what is missing.
func (c *Columns) places(header []string) (places, error) {
	at := func(name string) int {
		if name == "" {
			return -1
		}
		return slices.Index(header, name)
	}
	p := places{Columns: *c, day: at(c.Day), amount: at(c.Amount), out: at(c.Out), sign: at(c.Sign), payer: at(c.Payer), iban: at(c.IBAN), account: at(c.Account), currency: at(c.Currency), id: at(c.ID)}
	for _, name := range c.Text {
		if i := at(name); i >= 0 {
			p.text = append(p.text, i)
		}
	}
	for _, f := range DayFormats() {
		if f.Name == c.DayFormat {
			p.layout = f.layout
		}
	}
	switch {
	case p.day < 0 || p.layout == "":
		return p, &Problem{Message: "Say which column holds the booking day, and how it is written."}
	case p.amount < 0 || c.Decimal != "," && c.Decimal != ".":
		return p, &Problem{Message: "Say which column holds the amount, and its decimal sign."}
	case len(p.text) == 0:
		return p, &Problem{Message: "Say which column holds what the payer wrote."}
	}
	return p, nil
}

func cell(cells []string, at int) string {
	if at < 0 || at >= len(cells) {
		return ""
	}
	return cells[at]
}

// take makes an entry of a line.
func (p places) take(l line, into *collector) error {
	day, amount := cell(l.cells, p.day), cell(l.cells, p.amount)
	out := cell(l.cells, p.out)
	if !hasDigit(day) && (day != "" || amount == "" && out == "") || len(l.cells) <= p.day {
		return nil // a sum, or a remark, behind the entries
	}
	e := Entry{Line: l.at, Kind: Credit, Account: compact(cell(l.cells, p.account)), Currency: strings.ToUpper(cell(l.cells, p.currency)),
		BankID: bankID(cell(l.cells, p.id)), Payer: cell(l.cells, p.payer), PayerIBAN: cell(l.cells, p.iban)}
	if e.Currency == "" || e.Currency == "€" {
		e.Currency = "EUR"
	}
	var ok, negative bool
	if amount == "" && out != "" || amount != "" && zero(amount) && out != "" && !zero(out) {
		e.Kind, amount = Debit, out
	}
	if e.Minor, negative, ok = signed(amount, p.Decimal); !ok {
		return &Problem{Line: l.at, Message: "This line has no amount that can be read: “{{.Said}}”.", Said: short(amount, 40)}
	}
	pending := p.pending(l.cells)
	if e.Day, ok = dayIn(day, p.layout); !ok && !pending {
		return &Problem{Line: l.at, Message: "This line has no day that can be read: “{{.Said}}”.", Said: short(day, 40)}
	}
	if negative {
		e.Kind = Debit
	}
	if p.sign >= 0 {
		switch came, known := signOf(cell(l.cells, p.sign)); {
		case !known:
			return &Problem{Line: l.at, Message: "This line does not say whether money came or went: “{{.Said}}”.", Said: short(cell(l.cells, p.sign), 40)}
		case !came:
			e.Kind = Debit
		}
	}
	var said []string
	for _, i := range p.text {
		if t := cell(l.cells, i); t != "" {
			said = append(said, t)
		}
	}
	if e.Text = strings.Join(said, " "); strings.Contains(strings.ToUpper(e.Text), "STORNO") {
		e.Kind = reversed(e.Kind)
	}
	if pending {
		e.Kind = Pending
	}
	return into.add(e)
}

// pending reports whether a column that is nobody's words, like Status or Info, says that
// the bank has not booked a line, or never will.
func (p places) pending(cells []string) bool {
	for i, cell := range cells {
		if i == p.payer || i == p.id || slices.Contains(p.text, i) {
			continue
		}
		switch cell = strings.ToLower(cell); cell {
		case "pending", "vorgemerkt", "nicht gebucht", "en attente", "à venir", "pendiente", "in behandeling", "gereserveerd",
			"failed", "declined", "reverted", "cancelled", "canceled":
			return true
		}
		if strings.HasPrefix(cell, "umsatz vorgemerkt") {
			return true
		}
	}
	return false
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func zero(s string) bool { return strings.Trim(s, "0.,+- ") == "" }

// signOf reads the word by which a column tells whether money came.
func signOf(s string) (came, known bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "c", "cr", "crdt", "credit", "h", "haben", "bij", "+", "in", "gutschrift", "crédit", "abono", "haber", "crediting":
		return true, true
	case "d", "dr", "dbit", "debit", "s", "soll", "af", "-", "out", "lastschrift", "débit", "cargo", "debe", "belastung":
		return false, true
	}
	return false, false
}
