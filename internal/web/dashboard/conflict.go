package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/web/ui"
)

// Two members may have the same form open. Whoever saves second is told what
// the first one saved, and decides. The form carries the version that it was
// filled from, and a mark of each field as it was then, so that it can be told
// who changed what: the first one, the second, or both.

// formField is a field of a form of V, as people read it.
type formField[V any] struct {
	Label string
	Show  func(v V) string
	Take  func(from V, to *V) // copies the field
}

// textField is a field that is a text of V.
func textField[V any](label string, of func(v *V) *string) formField[V] {
	return formField[V]{
		Label: label,
		Show:  func(v V) string { return *of(&v) },
		Take:  func(from V, to *V) { *of(to) = *of(&from) },
	}
}

// switchField is a field that is on or off.
func switchField[V any](label string, of func(v *V) *bool) formField[V] {
	return formField[V]{
		Label: label,
		Show:  func(v V) string { return onOff(*of(&v)) },
		Take:  func(from V, to *V) { *of(to) = *of(&from) },
	}
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}

// baseline is what a form carries from when it was opened.
type baseline struct {
	Version int64
	Marks   string // of its fields
}

// baselineOf is the baseline of a form that shows the values.
func baselineOf[V any](fields []formField[V], version int64, v V) baseline {
	marks := make([]string, 0, len(fields))
	for _, f := range fields {
		marks = append(marks, markOf(f.Show(v)))
	}
	return baseline{version, strings.Join(marks, ".")}
}

// baselineFrom reads what a form carries.
func baselineFrom(form url.Values) baseline {
	return baseline{versionFrom(form), form.Get("opened")}
}

// VersionText is the version for a hidden field.
func (o baseline) VersionText() string { return strconv.FormatInt(o.Version, 10) }

// markOf tells whether a field was changed. Browsers end lines in their own way.
func markOf(value string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))))
	return hex.EncodeToString(sum[:4])
}

// conflict is what a newer version of the same thing would lose.
type conflict struct {
	Who, When string // "Marit de Boer", "2 minutes ago"
	Newer     string // where it is opened
	Rows      []conflictRow
}

// conflictRow is a field that somebody else changed.
type conflictRow struct {
	Label, Theirs, Yours string
	Both                 bool // it was changed here too
}

// compared lists the fields that somebody else changed and this form would
// change back. Without marks every field that differs is one.
func compared[V any](fields []formField[V], opened baseline, theirs, yours V) (rows []conflictRow) {
	marks := opened.marks(len(fields))
	for i, f := range fields {
		was, their, your := marks[i], f.Show(theirs), f.Show(yours)
		if markOf(their) == markOf(your) || was == markOf(their) {
			continue
		}
		row := conflictRow{Label: f.Label, Both: was != markOf(your)}
		row.Theirs, row.Yours = differing(their, your)
		rows = append(rows, row)
	}
	return rows
}

// takeUntouched copies what somebody else changed and this form left alone.
func takeUntouched[V any](fields []formField[V], opened baseline, theirs V, yours *V) {
	marks := opened.marks(len(fields))
	for i, f := range fields {
		if marks[i] == markOf(f.Show(*yours)) {
			f.Take(theirs, yours)
		}
	}
}

// marks are those of so many fields, "" for those that are missing.
func (o baseline) marks(n int) []string {
	marks := make([]string, n)
	if all := strings.Split(o.Marks, "."); len(all) == n {
		copy(marks, all)
	}
	return marks
}

// Untouched tells whether something would stay theirs if only what was changed
// here were saved.
func (c conflict) Untouched() bool {
	for _, r := range c.Rows {
		if !r.Both {
			return true
		}
	}
	return false
}

// Title says who was faster.
func (c conflict) Title(what string) string {
	title := c.Who + " saved this " + what
	if c.When != "" {
		title += " " + c.When
	}
	return title + ", while you had it open"
}

// Text says what became of what was typed.
func (c conflict) Text() string {
	if len(c.Rows) == 0 {
		return "Nothing is saved yet, and everything you typed is still below. Nothing in this form was changed by it."
	}
	return "Nothing of yours is saved yet, and everything you typed is still below. This is what saving yours would change back:"
}

// differing leaves out the lines that two long texts begin and end with alike.
func differing(a, b string) (string, string) {
	as, bs := lines(a), lines(b)
	if len(as)+len(bs) < 8 {
		return a, b
	}
	start, end := 0, 0
	for start < min(len(as), len(bs)) && as[start] == bs[start] {
		start++
	}
	for end < min(len(as), len(bs))-start && as[len(as)-1-end] == bs[len(bs)-1-end] {
		end++
	}
	return part(as, start, end), part(bs, start, end)
}

func lines(text string) []string {
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
}

func part(lines []string, start, end int) string {
	text := strings.Join(lines[start:len(lines)-end], "\n")
	if start > 0 {
		text = "…\n" + text
	}
	if end > 0 {
		text += "\n…"
	}
	return text
}

// settle returns what the form would change back of what somebody else saved
// since it was opened; nothing when they don't meet. Sent by "Save only what I
// changed", it takes over what was left alone here first.
func settle[V any](fields []formField[V], form url.Values, stored baseline, theirs V, yours *V) []conflictRow {
	opened := baselineFrom(form)
	if form.Get("conflict") == "keep" {
		takeUntouched(fields, opened, theirs, yours)
	}
	if opened.Version == stored.Version {
		return nil
	}
	return compared(fields, opened, theirs, *yours)
}

// conflictOf tells who saved the version of an object, and when.
func (d *Dashboard) conflictOf(ctx context.Context, at *room, object string, version int64, newer string, rows []conflictRow) (*conflict, error) {
	c := &conflict{Who: "Somebody, or a program by the API,", Newer: newer, Rows: rows}
	e, known, err := d.Accounts.EditOf(ctx, at.Business.ID, object, version)
	if err != nil || !known {
		return c, err
	}
	c.Who, c.When = e.Name, ui.Ago(e.At, at.Now)
	switch {
	case e.Program:
		c.Who = "The program “" + e.Name + "”"
	case e.By == at.Member.ID:
		c.Who = "You, in another window,"
	}
	return c, nil
}

// noteEdit remembers who saved the version of an object, for who has it open. To
// know it is a courtesy, so saving does not fail without.
func (d *Dashboard) noteEdit(ctx context.Context, at *room, object string, version int64) {
	if err := d.Accounts.NoteEdit(ctx, at.Business.ID, at.Member.ID, object, version); err != nil {
		d.Log.WarnContext(ctx, "cannot note who saved", "object", object, "error", err)
	}
}
