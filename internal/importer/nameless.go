package importer

import (
	"regexp"
	"slices"
	"strings"

	"smartlinks/internal/mailaddr"
)

// An amount has a sign for its decimals; a number without one may be anything.
var amountCell = regexp.MustCompile(`^[^\d\pL]*\d{1,3}(?:[.,' ’]?\d{3})*[.,]\d{2}[^\d\pL]*$`)

// matchedFirst is how many lines tell what a column without a name holds.
const matchedFirst = 50

func isEmail(cell string) bool {
	_, err := mailaddr.Parse(cell)
	return err == nil
}

func isDay(cell string) bool {
	_, _, isDay := isoOf(cell, DayFirst)
	_, _, isMonth := isoOf(cell, MonthFirst)
	return isDay || isMonth
}

// isData reports whether a first line is one to import: it names none of the fields, and
// holds an address, a day or an amount, which are no names of columns.
func isData(fields []Field, cells []string) bool {
	if slices.ContainsFunc(matchIn(fields, cells), func(name string) bool { return name != "" }) {
		return false
	}
	return slices.ContainsFunc(cells, func(cell string) bool { return isEmail(cell) || isDay(cell) || amountCell.MatchString(cell) })
}

// nameless reports whether the file names no columns.
func (t table) nameless() bool {
	return !slices.ContainsFunc(t.header, func(name string) bool { return name != "" })
}

// Nameless reports whether the file names no columns: its first line is imported too.
func (i Import) Nameless() bool { return table{header: i.Header}.nameless() }

// matchCells guesses what columns become by what they hold.
func matchCells(fields []Field, t table) []string {
	matched := make([]string, len(t.header))
	for _, guess := range []struct {
		name string
		is   func(string) bool
	}{{"email", isEmail}, {"date", isDay}, {"amount", amountCell.MatchString}} {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == guess.name }) {
			continue
		}
		for at := range matched {
			if matched[at] == "" && holds(t.rows, at, guess.is) {
				matched[at] = guess.name
				break
			}
		}
	}
	return matched
}

// holds reports whether the first lines say something of this kind in a column, and nothing
// else.
func holds(rows []Row, at int, is func(string) bool) (any bool) {
	for _, r := range rows[:min(len(rows), matchedFirst)] {
		if at >= len(r.Cells) || strings.TrimSpace(r.Cells[at]) == "" {
			continue
		}
		if !is(r.Cells[at]) {
			return false
		}
		any = true
	}
	return any
}
