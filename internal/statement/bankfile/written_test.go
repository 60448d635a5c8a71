package bankfile_test

import (
	"fmt"
	"strings"
	"testing"

	"smartlinks/internal/statement/bankfile"
)

// list is what is read of a CSV file of these columns: entries by their days, or a problem.
func list(t *testing.T, columns bankfile.Columns, file string) string {
	t.Helper()
	read, err := bankfile.Read(strings.NewReader(file), bankfile.Options{Columns: func([]string) (*bankfile.Columns, error) { return &columns, nil }})
	if err != nil {
		return err.Error()
	}
	return entries(read)
}

func entries(read bankfile.File) string {
	var all []string
	for _, e := range read.Entries {
		all = append(all, fmt.Sprintf("%s %s %d %s %s", e.Day, e.Kind, e.Minor, e.Currency, e.Text))
	}
	return strings.Join(all, "\n")
}

// three are the columns of the smallest list.
var three = bankfile.Columns{Day: "Date", Amount: "Amount", Text: []string{"Text"}, DayFormat: "YYYY-MM-DD", Decimal: ","}

// An amount is read to the cent in whichever way banks write it, and refused where it may
// mean another.
func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	const refused = "no amount that can be read"
	for _, c := range []struct{ decimal, written, want string }{
		{",", "1234,5", "credit 123450"}, {",", "1.234,50", "credit 123450"}, {",", "1 234,50", "credit 123450"}, {",", "1\u202f234,50", "credit 123450"},
		{".", "1'234.50", "credit 123450"}, {".", "1’234.50", "credit 123450"}, {".", "12,345,678.90", "credit 1234567890"}, {",", "1,500", "credit 150"},
		{",", ",5", "credit 50"}, {",", ",00", "credit 0"}, {",", "0", "credit 0"}, {",", "5,", "credit 500"},
		{",", "5,00-", "debit 500"}, {",", "-5,00", "debit 500"}, {",", "\u22125,00", "debit 500"}, {",", "+5,00", "credit 500"}, {",", "5,00+", "credit 500"},
		{",", "€ -5,00", "debit 500"}, {",", "5,00 EUR", "credit 500"}, {",", "EUR 5,00", "credit 500"}, {",", "-5,00 €", "debit 500"},
		{",", "12.34", refused}, {",", "1234.567", refused}, {",", "1.23.456", refused}, {",", "1,005", refused}, {",", ",", refused}, {",", "+-5,00", refused}, {",", "five", refused},
		{",", "1000000000000,00", "credit 100000000000000"}, {",", "1000000000000,01", refused}, {",", strings.Repeat("9", 40), refused},
	} {
		columns := three
		columns.Decimal = c.decimal
		if got := list(t, columns, "Date;Amount;Text\n2026-02-17;"+c.written+";a gift\n"); !strings.Contains(got, c.want) {
			t.Errorf("%q is read as %s, not %s", c.written, got, c.want)
		}
	}
}

func TestDaysOfALifetimeAreRead(t *testing.T) {
	for day, want := range map[string]bool{"1989-12-31": false, "1990-01-01": true, "2024-02-29": true, "2026-02-29": false, "2200-12-31": true, "2201-01-01": false} {
		if got := list(t, three, "Date;Amount;Text\n"+day+";5,00;a gift\n"); strings.HasPrefix(got, day+" credit 500") != want {
			t.Errorf("%s is read as %s", day, got)
		}
	}
}

// Whether money came may be said by a sign, by two columns or by a word.
func TestListsSayInTheirWayWhetherMoneyCame(t *testing.T) {
	two := bankfile.Columns{Amount: "In", Out: "Out", Day: "Date", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","}
	word := bankfile.Columns{Sign: "S/H", Amount: "Amount", Day: "Date", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","}
	for _, c := range []struct {
		columns    bankfile.Columns
		line, want string
	}{
		{two, "5,00;;17.02.2026;a", "2026-02-17 credit 500 EUR a"}, {two, ";7,00;17.02.2026;a", "2026-02-17 debit 700 EUR a"},
		{two, "0,00;7,00;17.02.2026;a", "2026-02-17 debit 700 EUR a"}, {two, "5,00;0,00;17.02.2026;a", "2026-02-17 credit 500 EUR a"},
		{two, "0,00;0,00;17.02.2026;a", "2026-02-17 credit 0 EUR a"}, {two, ";-7,00;17.02.2026;a", "2026-02-17 debit 700 EUR a"},
		{two, ";;17.02.2026;a", "Line 2: This line has no amount"},
		{word, "H;5,00;17.02.2026;a", "2026-02-17 credit 500 EUR a"}, {word, "S;5,00;17.02.2026;a", "2026-02-17 debit 500 EUR a"},
		{word, "X;5,00;17.02.2026;a", "does not say whether money came or went: “X”"},
		{word, "H;5,00;17.02.2026", "2026-02-17 credit 500 EUR "}, // its last cell is left out
		{word, "H;5,00;17.02.2026;Storno of it", "2026-02-17 reversal 500 EUR Storno of it"},
		{word, "S;5,00;17.02.2026;Storno of it", "2026-02-17 reversal 500 EUR Storno of it"},
	} {
		header := "S/H;Amount;Date;Text\n"
		if c.columns.Out != "" {
			header = "In;Out;Date;Text\n"
		}
		if got := list(t, c.columns, header+c.line+"\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s is read as %s, not %s", c.line, got, c.want)
		}
	}
}

// Sums and remarks among the lines are no entries; a line without a day is told.
func TestLinesThatAreNoEntriesArePassedOver(t *testing.T) {
	columns := bankfile.Columns{Text: []string{"Text"}, Amount: "Amount", Day: "Date", Currency: "Currency", DayFormat: "YYYY-MM-DD", Decimal: ","}
	file := "Text;Amount;Date;Currency\na gift;5,00;2026-02-17;€\n\n;;;\nanother;6,00;2026-02-17;usd\nSum;11,00\nthat is all;;;\nBalance;11,00;at the end\n"
	if got := list(t, columns, file); got != "2026-02-17 credit 500 EUR a gift\n2026-02-17 credit 600 USD another" {
		t.Error(got)
	}
	if got := list(t, columns, file+"a third;7,00;;EUR\n"); !strings.Contains(got, "Line 9: This line has no day that can be read") {
		t.Error(got)
	}
}

// What a bank has not booked, or never will, is not money that came; what payers write is
// theirs.
func TestLinesThatAreNotBookedArePending(t *testing.T) {
	const file = "Date;Status;Payer;Amount;Text;ID\n"
	columns := bankfile.Columns{Day: "Date", Payer: "Payer", Amount: "Amount", Text: []string{"Text"}, ID: "ID", DayFormat: "YYYY-MM-DD", Decimal: ","}
	for line, want := range map[string]string{
		"2026-02-17;Gebucht;Ann;5,00;a gift;7":                         "2026-02-17 credit 500 EUR a gift",
		"2026-02-17;Vorgemerkt;Ann;5,00;a gift;7":                      "2026-02-17 pending 500 EUR a gift",
		"2026-02-17;Umsatz vorgemerkt und nicht gebucht;Ann;5,00;a;7":  "2026-02-17 pending 500 EUR a",
		";PENDING;Ann;5,00;a gift;7":                                   " pending 500 EUR a gift",
		"2026-02-17;DECLINED;Ann;5,00;Storno;7":                        "2026-02-17 pending 500 EUR Storno",
		"2026-02-17;Gebucht;Pending;5,00;vorgemerkt;failed":            "2026-02-17 credit 500 EUR vorgemerkt",
		"2026-02-17;Gebucht;Umsatz Vorgemerkt;5,00;en attente;pending": "2026-02-17 credit 500 EUR en attente",
	} {
		if got := list(t, columns, file+line+"\n"); got != want {
			t.Errorf("%s is read as %s", line, got)
		}
	}
}

// Before the columns are named banks write this and that.
func TestTheLineThatNamesTheColumnsIsFound(t *testing.T) {
	const entry = "2026-02-17;5,00;a gift\n"
	const read = "2026-02-17 credit 500 EUR a gift"
	before := func(n int) string { return strings.Repeat("Account;NL91ABNA0417164300\n", n) }
	long := strings.Repeat("x", 60)
	for name, c := range map[string]struct{ file, want string }{
		"the first line":            {"Date;Amount;Text\n" + entry, read},
		"the fortieth":              {before(39) + "Date;Amount;Text\n" + entry, read},
		"too late":                  {before(40) + "Date;Amount;Text\n" + entry, "No line of this file names columns"},
		"blank cells":               {";;;\n;;;\n", "No line of this file names columns"},
		"an empty name at the end":  {"Date;Amount;Text;\n" + entry, read},
		"words before it":           {"Bank;Branch;Client\nAcme;North\nDate;Amount;Text\n" + entry, read},
		"more names before it":      {"Bank;Branch;Client;Since;Until\na;;1\nDate;Amount;Text\n" + entry, read},
		"a long name":               {"Date;Amount;Text;" + long + "\n" + entry, read},
		"a longer one":              {"Date;Amount;Text;" + long + "x\n" + entry, "No line of this file names columns"},
		"a name of seven words":     {"Date;Amount;Text;a b c d e f g\n" + entry, read},
		"a sentence":                {"Date;Amount;Text;a b c d e f g h\n" + entry, "No line of this file names columns"},
		"two names":                 {"Date;Amount\n2026-02-17;5,00\n", "No line of this file names columns"},
		"nothing behind it":         {"Date;Amount;Text\n", "has no entries"},
		"sixty columns":             {"Date;Amount;Text\n2026-02-17;5,00;a gift" + strings.Repeat(";x", 57) + "\n", read},
		"sixty-one":                 {"Date;Amount;Text\n2026-02-17;5,00;a gift" + strings.Repeat(";x", 58) + "\n", "Line 2: This line has more than 60 columns"},
		"commas":                    {"Date,Amount,Text\n2026-02-17,\"5,00\",a gift\n", read},
		"commas and quoted others":  {"Date,Amount,Text\n2026-02-17,\"5,00\",\"a; gift;;;;;;\"\n", "2026-02-17 credit 500 EUR a; gift;;;;;;"},
		"bars":                      {"Date|Amount|Text\n2026-02-17|5,00|a gift\n", read},
		"as many commas":            {"Date;Amount;Text\n2026-02-17;5,00;a, b, c, d\n", "2026-02-17 credit 500 EUR a, b, c, d"},
		"a quote within":            {"Date;Amount;Text\n2026-02-17;5,00;a \"gift\n", "2026-02-17 credit 500 EUR a \"gift"},
		"a quote within quotes":     {"Date;Amount;Text\n2026-02-17;5,00;\"a \"\"gift\"\" of\"\"\"\r\n", "2026-02-17 credit 500 EUR a \"gift\" of\""},
		"a single one there":        {"Date;Amount;Text\n2026-02-17;5,00;\"a \"gift\" of\"", "2026-02-17 credit 500 EUR a \"gift\" of"},
		"an amount that breaks off": {"Date;Text;Amount\n2026-02-17;a gift;\"12", "Line 2: A quotation mark does not end"},
		"a cell of two lines":       {"Date;Amount;Text\n2026-02-17;5,00;\"a\ngift\"\n", read},
		"a quote that is open":      {"Date;Amount;Text\n2026-02-17;5,00;\"a gift\n", "A quotation mark does not end"},
	} {
		got := list(t, three, c.file)
		if got != c.want && (strings.HasPrefix(c.want, "2026") || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// What was not said of the columns is asked for.
func TestWhatColumnsHoldMustBeSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*bankfile.Columns)
		want   string
	}{
		"no day":              {func(c *bankfile.Columns) { c.Day = "" }, "booking day"},
		"a day that is none":  {func(c *bankfile.Columns) { c.Day = "Tag" }, "booking day"},
		"no format":           {func(c *bankfile.Columns) { c.DayFormat = "" }, "booking day"},
		"no amount":           {func(c *bankfile.Columns) { c.Amount = "" }, "holds the amount"},
		"no decimal sign":     {func(c *bankfile.Columns) { c.Decimal = "" }, "holds the amount"},
		"a strange one":       {func(c *bankfile.Columns) { c.Decimal = "'" }, "holds the amount"},
		"no text":             {func(c *bankfile.Columns) { c.Text = []string{"", "other"} }, "what the payer wrote"},
		"enough":              {func(c *bankfile.Columns) {}, "2026-02-17 credit 500 EUR a gift"},
		"a text of two cells": {func(c *bankfile.Columns) { c.Text = []string{"Text", "Amount"} }, "2026-02-17 credit 500 EUR a gift 5,00"},
	} {
		columns := three
		c.change(&columns)
		if got := list(t, columns, "Date;Amount;Text\n2026-02-17;5,00;a gift\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
