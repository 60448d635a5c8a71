// Package bankfile reads what banks write of an account: CAMT.053, MT940 and CSV. A file is
// read as it comes, within bounds, and what can't be read is told by a sentence and a line.
package bankfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// The bounds of a file.
const (
	MaxFile    = 50 << 20 // bytes
	MaxEntries = 20_000
	maxText    = 1000 // characters of what an entry says
	maxWord    = 200  // of a name or a number
)

// Format is how a file is laid out.
type Format string

// The formats.
const (
	CAMT  Format = "camt.053"
	MT940 Format = "mt940"
	CSV   Format = "csv"
)

// Kind is what an entry of a statement is.
type Kind string

// The kinds. Only a credit can be somebody's payment.
const (
	Credit   Kind = "credit"
	Debit    Kind = "debit"
	Pending  Kind = "pending"  // the bank has not booked it, or only tells of it
	Reversal Kind = "reversal" // takes back what was booked before, whichever way
)

// Entry is one movement of money, as the bank tells it.
type Entry struct {
	Line      int64  // of the file
	Section   int    // which statement of the file it is in, from 0
	Account   string // whose entry it is, without blanks; "" where the file doesn't say
	Kind      Kind
	Minor     int64 // never below zero
	Currency  string
	Day       string // on which the bank booked it, 2026-12-31
	BankID    string // the bank's own number of it, with its place in a batch; "" for none
	Reference string // the structured one, as it stands
	EndToEnd  string // the payer's own
	Text      string
	Payer     string
	PayerIBAN string
	Unclear   bool // parts of a batch don't add up to what was booked: this is the whole
}

// Columns say what is in the columns of a CSV file, which has no layout of its own. Each
// holds the name of a column, "" for none.
type Columns struct {
	Day       string   `json:"day"`
	Amount    string   `json:"amount"`
	Out       string   `json:"out,omitempty"`  // amounts that went out, where they have a column of their own
	Sign      string   `json:"sign,omitempty"` // words like D and C, Af and Bij, S and H
	Text      []string `json:"text"`
	Payer     string   `json:"payer,omitempty"`
	IBAN      string   `json:"iban,omitempty"` // the payer's
	Account   string   `json:"account,omitempty"`
	Currency  string   `json:"currency,omitempty"`
	ID        string   `json:"id,omitempty"` // the bank's number of an entry
	DayFormat string   `json:"day_format"`   // one of DayFormats
	Decimal   string   `json:"decimal"`      // "," or "."
	Header    []string `json:"-"`            // of the file that it was said of
}

// Options say what can't be read from a file.
type Options struct {
	// Columns returns what the columns of a CSV file of this header are; nil: nobody has
	// said so yet.
	Columns func(header []string) (*Columns, error)
}

// File is what a file holds.
type File struct {
	Format  Format
	Entries []Entry
}

// Problem is why a file can't be read, in a sentence for whoever chose it.
type Problem struct {
	Line    int64  // of the file, 0 where it is none
	Message string // {{.Said}} in it stands for what the file says there
	Said    string
}

// Error is the sentence in English, with its line.
func (p *Problem) Error() string {
	said := strings.ReplaceAll(p.Message, "{{.Said}}", p.Said)
	if p.Line > 0 {
		return fmt.Sprintf("Line %d: %s", p.Line, said)
	}
	return said
}

// NewColumns says that a CSV file has columns that nobody has explained yet.
type NewColumns struct {
	Header []string
	Sample [][]string // its first lines
	Guess  Columns    // what they seem to be
}

// Error is a sentence for whoever chose the file.
func (*NewColumns) Error() string {
	return "The columns of this CSV file are new. Choose once what each of them is; they are remembered."
}

var (
	errTooLarge = &Problem{Message: "This file is larger than 50 MB. Ask your bank for a shorter time, and upload the parts one after the other."}
	errTooMany  = &Problem{Message: "This file has more than 20,000 entries. Ask your bank for a shorter time, and upload the parts one after the other."}
	errEmpty    = &Problem{Message: "This file is empty."}
	errNoEntry  = &Problem{Message: "This statement has no entries. Nothing came or went in its time."}
)

// endedEarly is what is wrong with a file that ends before it should.
func endedEarly(line int64) *Problem {
	return &Problem{Line: line, Message: "The file ends in the middle. Download it from your bank again."}
}

// peeked is how much of a file says what it is.
const peeked = 64 << 10

// Read reads a file to its end. Errors: a *Problem, *NewColumns, or that of the reader.
func Read(from io.Reader, o Options) (File, error) {
	raw := bufio.NewReaderSize(&bounded{from: from, left: MaxFile}, peeked)
	head, err := raw.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return File{}, unwrapped(err)
	}
	if err := otherFile(head); err != nil {
		return File{}, err
	}
	text, start, err := asText(raw, head)
	if err != nil {
		return File{}, unwrapped(err)
	}
	format, err := formatOf(start)
	if err != nil {
		return File{}, err
	}
	into := &collector{}
	switch format {
	case CAMT:
		err = readCAMT(text, into)
	case MT940:
		err = readMT940(text, into)
	default:
		err = readCSV(text, o, into)
	}
	if err != nil {
		return File{}, unwrapped(err)
	}
	if len(into.entries) == 0 {
		return File{}, errNoEntry
	}
	return File{Format: format, Entries: into.entries}, nil
}

// unwrapped is what is wrong with a file, where a reader between wrapped it.
func unwrapped(err error) error {
	if problem := new(Problem); errors.As(err, &problem) {
		return problem
	}
	return err
}

// otherFile says what people upload instead of a statement.
func otherFile(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF")):
		return &Problem{Message: "This is a PDF, which can’t be read to the cent. Download the statement as CAMT.053, MT940 or CSV."}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return &Problem{Message: "This is a ZIP archive or a workbook. Unpack it, or save the list as CSV, and upload the file in it."}
	}
	return nil
}

// formatOf tells formats apart by how they begin.
func formatOf(start string) (Format, error) {
	begins := strings.TrimLeft(start, " \t\r\n\x01")
	switch {
	case begins == "":
		return "", errEmpty
	case strings.HasPrefix(begins, "<"):
		return CAMT, nil
	case strings.Contains(start, "\x00"):
		return "", &Problem{Message: "This is not a text file. Download the statement as CAMT.053, MT940 or CSV."}
	case isSWIFT(start):
		return MT940, nil
	}
	return CSV, nil
}

// isSWIFT finds the first field of a message at the beginning of one of the first lines.
func isSWIFT(start string) bool {
	lines := bufio.NewScanner(strings.NewReader(start[:min(len(start), 2000)]))
	for n := 0; n < 12 && lines.Scan(); n++ {
		line := lines.Text()
		if strings.HasPrefix(line, ":20:") || strings.HasPrefix(line, "{1:") || strings.HasPrefix(line, ":25:") {
			return true
		}
	}
	return false
}

// collector keeps entries, within bounds.
type collector struct {
	entries []Entry
	section int
}

func (c *collector) add(e Entry) error {
	if len(c.entries) == MaxEntries {
		return errTooMany
	}
	e.Section = c.section
	e.Text, e.Payer, e.Reference, e.EndToEnd = short(e.Text, maxText), short(e.Payer, maxWord), short(e.Reference, maxWord), short(e.EndToEnd, maxWord)
	e.BankID, e.Account, e.PayerIBAN = short(e.BankID, maxWord), short(e.Account, maxWord), short(compact(e.PayerIBAN), 40)
	if e.Kind != Credit && e.Kind != Reversal { // nobody looks at these again
		e.Text, e.Payer, e.PayerIBAN, e.Reference = short(e.Text, 140), "", "", ""
	}
	c.entries = append(c.entries, e)
	return nil
}

// short is a text in one line, cut behind so many characters, without what no page shows.
func short(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\u00a0' || r == utf8.RuneError }), " ")
	if len(s) <= most {
		return s
	}
	for i, n := 0, 0; i < len(s); n++ {
		if n == most {
			return s[:i]
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return s
}

// compact is a number without the blanks that people read it by, in capital letters.
func compact(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, s))
}

// bankID is a bank's own number of an entry, "" for what banks write where they have none.
func bankID(s string) string {
	s = strings.TrimSpace(s)
	switch strings.ToUpper(s) {
	case "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOREF", "UNKNOWN":
		return ""
	}
	if strings.Trim(s, "0-/ .") == "" {
		return ""
	}
	return s
}

// bounded ends a file that is too large.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// stretch ends what would be one endless piece of a file: its reader says where pieces end.
type stretch struct {
	from io.Reader
	most int
	now  int
}

var errTooLong = &Problem{Message: "This file is damaged: a part of it does not end. Download it from your bank again."}

func (s *stretch) Read(p []byte) (int, error) {
	if s.now > s.most {
		return 0, errTooLong
	}
	n, err := s.from.Read(p[:min(len(p), 4096)])
	s.now += n
	return n, err
}

// piece is how long one text, or one line, may be.
const piece = 256 << 10

// trimMark takes the mark off that a text may begin with.
func trimMark(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\ufeff")) }
