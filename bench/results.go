package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// results are a run as it is kept: what the table says, and of which commit.
type results struct {
	At     time.Time `json:"at"`
	Commit string    `json:"commit"`
	Rows   []result  `json:"rows"`
}

// result is a row. Measured is told as the table tells it, and Value is its number.
type result struct {
	Of       string  `json:"of"` // the engine, "" for a bare handler
	Work     string  `json:"work"`
	Must     string  `json:"must,omitempty"`
	Measured string  `json:"measured"`
	Value    float64 `json:"value"`
	P50      string  `json:"p50,omitempty"`
	P99      string  `json:"p99,omitempty"`
}

// results are the rows of the table, without its headings.
func (t *table) results(ctx context.Context) results {
	r := results{At: time.Now().UTC().Truncate(time.Second), Commit: commitOf(ctx)}
	of := ""
	for _, row := range t.rows[2:] {
		if name, is := strings.CutPrefix(row[0], "**"); is {
			of = strings.TrimSuffix(name, "**")
			continue
		}
		r.Rows = append(r.Rows, result{of, strings.TrimSpace(row[0]), row[1], row[2], number(row[2]), row[3], row[4]})
	}
	return r
}

// compare adds a column with what the run before measured, and by how much it changed.
func (t *table) compare(before results) {
	known := map[string]result{}
	for _, r := range before.Rows {
		known[r.Of+"/"+r.Work] = r
	}
	of := ""
	for i, row := range t.rows {
		cell := ""
		switch name, heading := strings.CutPrefix(row[0], "**"); {
		case i == 0:
			cell = "before, " + before.Commit
		case i == 1:
			cell = "---:"
		case heading:
			of = strings.TrimSuffix(name, "**")
		default:
			if r, there := known[of+"/"+strings.TrimSpace(row[0])]; there {
				cell = r.Measured
				if now := number(row[2]); r.Value != 0 && now != 0 {
					cell += fmt.Sprintf(" (%+.0f %%)", 100*(now-r.Value)/r.Value)
				}
			}
		}
		t.rows[i] = append(row, cell)
	}
}

// number is what a cell begins with.
func number(cell string) float64 {
	first, _, _ := strings.Cut(cell, " ")
	n, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return n
}

// commitOf is the one that was measured, "" outside of a clone.
func commitOf(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// last is the newest run in the folder; false without one.
func last(folder string) (r results, there bool, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json")) // in their order, which is that of time
	if err != nil || len(files) == 0 {
		return results{}, false, err
	}
	text, err := os.ReadFile(files[len(files)-1])
	if errors.Is(err, fs.ErrNotExist) {
		return results{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	return r, err == nil, err
}

// keep writes a run into the folder.
func (r results) keep(folder string) (file string, err error) {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	file = filepath.Join(folder, r.At.Format("2006-01-02T150405")+".json")
	return file, os.WriteFile(file, append(text, '\n'), 0o644)
}
