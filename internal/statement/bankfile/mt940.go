package bankfile

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
)

// mt940 reads messages of SWIFT's customer statement, as banks of several countries fill
// its free fields.
type mt940 struct {
	into     *collector
	line     int64
	account  string
	currency string
	open     bool // an opening balance came, and no closing one yet
	any      bool
	entry    *Entry
	details  []string // lines of :86:
	extra    string   // line below :61:
	tag      string
}

var mtTag = regexp.MustCompile(`^:([0-9]{2}[A-Z]?):`)

func readMT940(text io.Reader, into *collector) error {
	m := &mt940{into: into}
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 0, 4096), piece)
	lines.Split(anyLine)
	for lines.Scan() {
		m.line++
		if err := m.see(strings.TrimRight(lines.Text(), " \r\n\x03")); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return errTooLong
		}
		return err
	}
	if err := m.keep(); err != nil {
		return err
	}
	switch {
	case m.open:
		return endedEarly(m.line)
	case !m.any:
		return &Problem{Message: "This file has no statement in it. Download the statement as CAMT.053, MT940 or CSV."}
	}
	return nil
}

// anyLine parts lines at LF, at CR LF and at CR alone.
func anyLine(data []byte, atEOF bool) (advance int, token []byte, err error) {
	for i, b := range data {
		switch {
		case b == '\n':
			return i + 1, data[:i], nil
		case b == '\r' && i+1 < len(data):
			if data[i+1] == '\n' {
				return i + 2, data[:i], nil
			}
			return i + 1, data[:i], nil
		}
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func (m *mt940) see(line string) error {
	// SWIFT's own envelope may stand before the first field.
	if at := strings.LastIndex(line, "{4:"); at >= 0 && strings.HasPrefix(line, "{") {
		line = line[at+len("{4:"):]
	}
	tag := mtTag.FindStringSubmatch(line)
	if tag == nil {
		if strings.HasPrefix(line, "-") && (line == "-" || strings.HasPrefix(line, "-}")) {
			m.tag = ""
			return m.keep()
		}
		m.more(line)
		return nil
	}
	value := line[len(tag[0]):]
	if tag[1] != "86" {
		if err := m.keep(); err != nil {
			return err
		}
	}
	m.tag = tag[1]
	switch m.tag {
	case "20":
		m.currency, m.account = "", ""
	case "25", "25P":
		m.account = compact(value)
	case "60F", "60M":
		if m.any && m.tag == "60F" { // a page of the same statement goes on counting
			m.into.section++
		}
		m.open, m.any = true, true
		if len(value) >= 10 {
			m.currency = value[7:10]
		}
	case "62F", "62M":
		m.open = false
	case "34F", "90D", "90C":
		return &Problem{Line: m.line, Message: "This is an interim report (MT942), whose entries may still change. Download the statement, MT940."}
	case "61":
		if !m.open {
			return &Problem{Line: m.line, Message: "An entry stands outside of a statement. Download the file from your bank again."}
		}
		return m.begin(value)
	case "86":
		if m.entry != nil {
			m.details = append(m.details, value)
		}
	}
	return nil
}

// more is a line that goes on with the field before it.
func (m *mt940) more(line string) {
	switch {
	case m.entry == nil:
	case m.tag == "61" && m.extra == "":
		m.extra = line
	case m.tag == "86" && len(m.details) < 60:
		m.details = append(m.details, line)
	}
}

// statementLine is the field of an entry: value date, booking date, sign, funds code, amount, type, the
// customer's reference and, behind //, the bank's. Some banks fill a booking date that is
// not told with blanks, and leave the comma out of whole amounts.
var statementLine = regexp.MustCompile(`^(\d{6})(\d{4}| {4})?(R?[CD]|E[CD])([A-Z])?([\d ]+(?:,\d{0,3})?)([A-Z][A-Z0-9]{3})?(.*)$`)

// ibanAlone is an account number by ISO 13616 and nothing else.
var ibanAlone = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`)

// namesDetail are the words that banks write for a customer's reference that stands in :86:.
var namesDetail = regexp.MustCompile(`^(EREF|KREF|MREF|MARF|PREF|CREF)\+?$`)

func (m *mt940) begin(value string) error {
	f := statementLine.FindStringSubmatch(value)
	if f == nil {
		return &Problem{Line: m.line, Message: "This entry can’t be read: “{{.Said}}”. Download the file from your bank again.", Said: short(value, 60)}
	}
	e := Entry{Line: m.line, Account: m.account, Currency: m.currency}
	var ok bool
	if e.Minor, ok = minor(f[5], ","); !ok {
		return &Problem{Line: m.line, Message: "This entry has no amount that can be read: “{{.Said}}”.", Said: short(f[5], 40)}
	}
	if e.Day, ok = mtDay(f[1], f[2]); !ok {
		return &Problem{Line: m.line, Message: "This entry has no day on which it was booked."}
	}
	switch {
	case f[3][0] == 'R':
		e.Kind = Reversal
	case f[3][0] == 'E':
		e.Kind = Pending
	case f[3] == "C":
		e.Kind = Credit
	default:
		e.Kind = Debit
	}
	own, bank, _ := strings.Cut(f[7], "//")
	e.BankID = bankID(bank)
	switch own = bankID(own); {
	case ibanAlone.MatchString(own): // ASN and SNS write there whose money it is
		e.PayerIBAN = own
	case !namesDetail.MatchString(own):
		e.EndToEnd = own
	}
	m.entry, m.details, m.extra = &e, nil, ""
	return nil
}

// mtDay is the booking day of an entry: in the year that brings it nearest to its value
// date, which is the booking day where none is told.
func mtDay(value, booked string) (string, bool) {
	of, err := time.Parse("060102", value)
	if err != nil {
		// Banks that reckon interest with months of 30 days write 30 February.
		if value[2:] != "0230" && value[2:] != "0229" {
			return "", false
		}
		if of, err = time.Parse("060102", value[:2]+"0228"); err != nil {
			return "", false
		}
	}
	if strings.TrimSpace(booked) == "" {
		return of.Format(time.DateOnly), true
	}
	best, found := time.Time{}, false
	for year := of.Year() - 1; year <= of.Year()+1; year++ {
		at, err := time.Parse("20060102", time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")+booked)
		if err == nil && (!found || at.Sub(of).Abs() < best.Sub(of).Abs()) {
			best, found = at, true
		}
	}
	return best.Format(time.DateOnly), found
}

// keep takes the entry in that was being read.
func (m *mt940) keep() error {
	if m.entry == nil {
		return nil
	}
	e := *m.entry
	m.entry = nil
	besideIBAN := e.PayerIBAN
	explain(&e, m.details)
	extra := strings.TrimSpace(m.extra)
	switch {
	case ibanAlone.MatchString(extra): // Rabobank writes there whose money it is
		e.PayerIBAN = firstOf(e.PayerIBAN, extra)
	case besideIBAN != "":
		e.PayerIBAN, e.Payer = firstOf(e.PayerIBAN, besideIBAN), firstOf(e.Payer, extra)
	}
	e.Text = firstOf(e.Text, extra)
	return m.into.add(e)
}
