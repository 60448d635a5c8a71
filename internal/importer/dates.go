package importer

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// DateOrder is how the days of a file are written.
type DateOrder string

// The orders. The year first is read in each of them, and so is a month's English name.
const (
	ByFile     DateOrder = "" // nobody chose: as the file tells
	YearFirst  DateOrder = "year"
	DayFirst   DateOrder = "day"
	MonthFirst DateOrder = "month"
)

// Dates is how the days of a ready import are read.
type Dates struct {
	Order DateOrder
	Open  bool      // its days may have the day or the month first: somebody has to say which
	Cell  string    // one of them, "" when there is none
	Day   time.Time // what it is read as, in UTC
}

// dateFields are the fields that are days, maybe with a time.
func dateFields(k Kind) []string {
	switch k {
	case Payments:
		return []string{"date"}
	case Links:
		return []string{"starts_at", "ends_at", "due_on"}
	}
	return nil
}

// numbers is a day of three numbers, and what stands behind it. A slash, a dot or a dash
// parts them.
var numbers = regexp.MustCompile(`^(\d{1,4})(?:\. ?|[/-])(\d{1,2})(?:\. ?|[/-])(\d{1,4})(?:,? +(\S.*))?$`)

// named are days with an English name of the month, as spreadsheets write them.
var named = []string{"2 Jan 2006", "2-Jan-2006", "2-Jan-06", "2 January 2006", "Jan 2, 2006", "January 2, 2006"}

// clocks are the times that may stand behind a day.
var clocks = []string{"15:04", "15:04:05", "3:04 PM", "3:04:05 PM", "3:04PM"}

// written are the numbers of a day as they stand there.
type written struct {
	first, second, year int
	dotted, yearFirst   bool
	clock               string // "15:04", "" for none
}

// numbersOf reads a day that is written in three numbers.
func numbersOf(cell string) (w written, ok bool) {
	m := numbers.FindStringSubmatch(cell)
	if m == nil {
		return w, false
	}
	w.first, _ = strconv.Atoi(m[1])
	w.second, _ = strconv.Atoi(m[2])
	w.year, _ = strconv.Atoi(m[3])
	w.dotted = strings.Contains(cell[:len(cell)-len(m[4])], ".")
	switch {
	case len(m[1]) == 4 && len(m[3]) <= 2:
		w.yearFirst = true
	case len(m[1]) > 2 || len(m[3])%2 != 0:
		return w, false
	case len(m[3]) == 2:
		w.year += 2000
	}
	if m[4] != "" {
		w.clock, ok = clockOf(m[4])
		return w, ok
	}
	return w, true
}

func clockOf(typed string) (string, bool) {
	for _, layout := range clocks {
		if at, err := time.Parse(layout, strings.ToUpper(typed)); err == nil {
			return at.Format("15:04"), true
		}
	}
	return "", false
}

// day is the day in the order, false where it is none, or may be two.
func (w written) day(o DateOrder) (time.Time, bool) {
	if o != DayFirst && o != MonthFirst && w.either() {
		return time.Time{}, false
	}
	year, month, day := w.year, w.second, w.first
	switch {
	case w.yearFirst:
		year, month, day = w.first, w.second, w.year
	case w.dotted: // nobody writes a dot behind a month that comes first
	case o == MonthFirst, o != DayFirst && w.second > 12:
		month, day = w.first, w.second
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return at, at.Day() == day && int(at.Month()) == month
}

// either reports whether the day may as well be the month.
func (w written) either() bool {
	return !w.yearFirst && !w.dotted && w.first <= 12 && w.second <= 12 && w.first != w.second
}

// isoOf is a day, and its time if it has one, as the rest of the program reads it. What is no
// day in this order comes back as it is, to be refused there.
func isoOf(cell string, o DateOrder) (iso string, at time.Time, ok bool) {
	if w, is := numbersOf(cell); is {
		if at, ok = w.day(o); !ok {
			return cell, at, false
		}
		return strings.TrimSpace(at.Format(time.DateOnly) + " " + w.clock), at, true
	}
	for _, layout := range named {
		if at, err := time.Parse(layout, cell); err == nil {
			return at.Format(time.DateOnly), at, true
		}
	}
	return cell, at, false
}

// ordered finds how the days of cells are written.
func ordered(cells []string, chosen DateOrder) Dates {
	var day, month, open, dotted, iso bool
	d := Dates{Order: chosen}
	for _, cell := range cells {
		w, is := numbersOf(cell)
		if !is {
			continue
		}
		either := w.either()
		switch {
		case either:
			open = true
		case w.yearFirst:
			iso = true
		case w.dotted:
			dotted = true
		case w.first > 12:
			day = true
		case w.second > 12:
			month = true
		}
		if d.Cell == "" || either { // the one that could be misread tells most
			d.Cell = cell
		}
	}
	switch {
	case chosen != ByFile:
	case day && month: // each tells by itself, unless one does not
		d.Open = open
	case day || dotted && !month && !open:
		d.Order = DayFirst
	case month:
		d.Order = MonthFirst
	case open:
		d.Open = true
	case iso:
		d.Order = YearFirst
	}
	if d.Open {
		d.Order = ByFile
	}
	var ok bool
	if _, d.Day, ok = isoOf(d.Cell, d.Order); !ok || d.Open {
		d.Day = time.Time{}
	}
	return d
}

// Dates finds how the days of an import are read: as its merchant chose, else as the file
// tells.
func (s *Imports) Dates(ctx context.Context, businessID business.ID, i Import) (Dates, error) {
	return dates(ctx, s.DB, businessID, i)
}

func dates(ctx context.Context, from db.Reader, businessID business.ID, i Import) (Dates, error) {
	var columns []int
	for at, name := range i.Fields {
		if slices.Contains(dateFields(i.Kind), name) {
			columns = append(columns, at)
		}
	}
	if len(columns) == 0 {
		return Dates{Order: i.DateOrder}, nil
	}
	rows, err := rowsOf(ctx, from, businessID, i.ID, waiting, 0, MaxRows)
	if err != nil {
		return Dates{}, err
	}
	var cells []string
	for _, r := range rows {
		for _, at := range columns {
			if at < len(r.Cells) {
				cells = append(cells, r.Cells[at])
			}
		}
	}
	return ordered(cells, i.DateOrder), nil
}

// shown is the day that the cell counts on for the business, whose zone the column may not have.
func (d Dates) shown(i Import, b business.Business) time.Time {
	if i.Kind != Payments || d.Day.IsZero() {
		return d.Day
	}
	iso, _, _ := isoOf(d.Cell, d.Order)
	if day, err := time.Parse(time.DateOnly, dayIn(iso, clockOfColumn(i, "date", b), b)); err == nil {
		return day
	}
	return d.Day
}

// inOrder are the values with days as the rest of the program reads them.
func (v values) inOrder(k Kind, o DateOrder) values {
	for _, name := range dateFields(k) {
		if v[name] != "" {
			v[name], _, _ = isoOf(v[name], o)
		}
	}
	return v
}

// errOpenDates asks which of two ways days are to be read.
func errOpenDates() error {
	var wrong fault.Fields
	wrong.Add("dates", "", WhichFirst)
	return wrong.Err()
}

// WhichFirst asks for the order of days that a file does not tell.
var WhichFirst = i18n.Mark("Choose whether the day or the month comes first.")
