package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// money is an amount as the API writes it.
type money struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// String is the amount for people: "49.00 EUR".
func (m money) String() string { return strings.TrimSpace(m.Value + " " + m.Currency) }

// amount reads what people type: "49", "49.5" or "49,50"; the server judges the rest.
func amount(typed, currency string) *money {
	if typed == "" {
		return nil
	}
	return &money{Value: strings.Replace(typed, ",", ".", 1), Currency: strings.ToUpper(currency)}
}

// raw prints an answer of the API, for --json.
func raw(w io.Writer, answer []byte) error {
	_, err := fmt.Fprintln(w, strings.TrimSpace(string(answer)))
	return err
}

// table prints rows in columns, under a heading.
func table(w io.Writer, heading []string, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{heading}, rows...) {
		for i, cell := range row {
			if row[i] = plain(cell); row[i] == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// card prints an object: each row a name and a value. Rows without a value are left out.
func card(w io.Writer, title string, rows ...[2]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, plain(title))
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(t, "  %s\t%s\n", row[0], plain(row[1]))
		}
	}
	return t.Flush()
}

// plain is a text in which nothing moves the cursor or changes colours: payers write
// names, and a terminal obeys what it is sent (ECMA-48).
func plain(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return ' '
		case unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control):
			return '\uFFFD'
		}
		return c
	}, text)
}

// when is a time where the person is, to the minute.
func when(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
