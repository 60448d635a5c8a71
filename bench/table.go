package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// table is the answer, in Markdown, so that it can be kept as it is.
type table struct{ rows [][]string }

func newTable() table {
	return table{[][]string{{"work", "must", "measured", "p50", "p99"}, {"---", "---", "---:", "---:", "---:"}}}
}

func (t *table) heading(name string) {
	t.rows = append(t.rows, []string{"**" + name + "**", "", "", "", ""})
}

func (t *table) row(work, must, measured string) {
	t.rows = append(t.rows, []string{work, must, measured, "", ""})
}

func (t *table) rate(work, must string, f figures) {
	t.rows = append(t.rows, []string{work, must, fmt.Sprintf("%.0f /s", f.perSecond), milliseconds(f.p50), milliseconds(f.p99)})
}

func (t *table) print(w io.Writer) {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range t.rows {
		for i, cell := range row {
			fill := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if strings.HasPrefix(cell, "---") {
				fill = ""
				cell = strings.Repeat("-", widths[i]-1) + cell[len(cell)-1:]
			}
			fmt.Fprintf(w, "| %s%s ", cell, fill)
		}
		fmt.Fprintln(w, "|")
	}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func microseconds(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }

func megabytes(n float64) string { return fmt.Sprintf("%.0f MB", n) }
