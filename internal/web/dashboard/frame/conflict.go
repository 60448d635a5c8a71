package frame

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Two members may have the same form open. Whoever saves second is told what
// the first one saved, and decides. The form carries the version that it was
// filled from, and a mark of each field as it was then, so that it can be told
// who changed what: the first one, the second, or both.

// FormField is a field of a form of V, as people read it.
type FormField[V any] struct {
	Label string
	Show  func(v V) string    // what tells whether it was changed
	Say   func(v V) string    // what people read of it; nil: what Show says
	Take  func(from V, to *V) // copies the field
}

// read is what people read of two values that differ. When both read the same, Show tells
// them apart.
func (f FormField[V]) read(theirs, yours V) (string, string) {
	if f.Say != nil {
		if their, your := f.Say(theirs), f.Say(yours); their != your {
			return their, your
		}
	}
	return f.Show(theirs), f.Show(yours)
}

// TextField is a field that is a text of V.
func TextField[V any](label string, of func(v *V) *string) FormField[V] {
	return FormField[V]{
		Label: label,
		Show:  func(v V) string { return *of(&v) },
		Take:  func(from V, to *V) { *of(to) = *of(&from) },
	}
}

// SwitchField is a field that is on or off.
func SwitchField[V any](reader Reader, label string, of func(v *V) *bool) FormField[V] {
	return FormField[V]{
		Label: label,
		Show:  func(v V) string { return onOff(reader, *of(&v)) },
		Take:  func(from V, to *V) { *of(to) = *of(&from) },
	}
}

func onOff(reader Reader, on bool) string {
	if on {
		return reader.T("On")
	}
	return reader.T("Off")
}

// Baseline is what a form carries from when it was opened.
type Baseline struct {
	Version int64
	Marks   string // of its fields
}

// BaselineOf is the baseline of a form that shows the values.
func BaselineOf[V any](fields []FormField[V], version int64, v V) Baseline {
	marks := make([]string, 0, len(fields))
	for _, f := range fields {
		marks = append(marks, markOf(f.Show(v)))
	}
	return Baseline{version, strings.Join(marks, ".")}
}

// BaselineFrom reads what a form carries.
func BaselineFrom(form url.Values) Baseline {
	return Baseline{VersionFrom(form), form.Get("opened")}
}

// VersionText is the version for a hidden field.
func (o Baseline) VersionText() string { return strconv.FormatInt(o.Version, 10) }

// markOf tells whether a field was changed. Browsers end lines in their own way.
func markOf(value string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))))
	return hex.EncodeToString(sum[:4])
}

// Conflict is what a newer version of the same thing would lose.
type Conflict struct {
	Who, When string // "Marit de Boer", "2 minutes ago"
	Newer     string // where it is opened
	Rows      []ConflictRow
}

// ConflictRow is a field that somebody else changed.
type ConflictRow struct {
	Label, Theirs, Yours string
	Both                 bool // it was changed here too
}

// compared lists the fields that somebody else changed and this form would
// change back. Without marks every field that differs is one.
func compared[V any](fields []FormField[V], opened Baseline, theirs, yours V) (rows []ConflictRow) {
	marks := opened.marks(len(fields))
	for i, f := range fields {
		was, their, your := marks[i], f.Show(theirs), f.Show(yours)
		if markOf(their) == markOf(your) || was == markOf(their) {
			continue
		}
		row := ConflictRow{Label: f.Label, Both: was != markOf(your)}
		row.Theirs, row.Yours = differing(f.read(theirs, yours))
		rows = append(rows, row)
	}
	return rows
}

// takeUntouched copies what somebody else changed and this form left alone.
func takeUntouched[V any](fields []FormField[V], opened Baseline, theirs V, yours *V) {
	marks := opened.marks(len(fields))
	for i, f := range fields {
		if marks[i] == markOf(f.Show(*yours)) {
			f.Take(theirs, yours)
		}
	}
}

// marks are those of so many fields, "" for those that are missing.
func (o Baseline) marks(n int) []string {
	marks := make([]string, n)
	if all := strings.Split(o.Marks, "."); len(all) == n {
		copy(marks, all)
	}
	return marks
}

// Untouched tells whether something would stay theirs if only what was changed
// here were saved.
func (c Conflict) Untouched() bool {
	for _, r := range c.Rows {
		if !r.Both {
			return true
		}
	}
	return false
}

// Title says who was faster. what is a marked text: "link".
func (c Conflict) Title(reader Reader, what string) string {
	if c.When == "" {
		return reader.T("{{.Who}} saved this {{.What}}, while you had it open", "Who", c.Who, "What", reader.T(what))
	}
	return reader.T("{{.Who}} saved this {{.What}} {{.When}}, while you had it open", "Who", c.Who, "What", reader.T(what), "When", c.When)
}

// Text says what became of what was typed.
func (c Conflict) Text(reader Reader) string {
	if len(c.Rows) == 0 {
		return reader.T("Nothing is saved yet. Everything you typed is still below, and nothing in this form was changed.")
	}
	return reader.T("Nothing of yours is saved yet. Everything you typed is still below. Saving it would change this back:")
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

// Reconcile returns what the form would change back of what somebody else saved
// since it was opened; nothing when they don't meet. Sent by "Save only what I
// changed", it takes over what was left alone here first.
func Reconcile[V any](fields []FormField[V], form url.Values, stored Baseline, theirs V, yours *V) []ConflictRow {
	opened := BaselineFrom(form)
	if form.Get("conflict") == "keep" {
		takeUntouched(fields, opened, theirs, yours)
	}
	if opened.Version == stored.Version {
		return nil
	}
	return compared(fields, opened, theirs, *yours)
}

// ConflictOf tells who saved the version of an object, and when.
func (d *Dashboard) ConflictOf(ctx context.Context, scope *Scope, object string, version int64, newer string, rows []ConflictRow) (*Conflict, error) {
	c := &Conflict{Who: scope.T("Somebody, or a program by the API,"), Newer: newer, Rows: rows}
	e, known, err := d.Accounts.EditOf(ctx, scope.Business.ID, object, version)
	if err != nil || !known {
		return c, err
	}
	c.Who, c.When = e.Name, scope.Distance(e.At, scope.Now)
	switch {
	case e.Program:
		c.Who = scope.T("The program “{{.Name}}”", "Name", e.Name)
	case e.By == scope.Member.ID:
		c.Who = scope.T("You, in another window,")
	}
	return c, nil
}

// RecordEdit remembers who saved the version of an object, for who has it open. To
// know it is a courtesy, so saving does not fail without.
func (d *Dashboard) RecordEdit(ctx context.Context, scope *Scope, object string, version int64) {
	if err := d.Accounts.RecordEdit(ctx, scope.Business.ID, scope.Member.ID, object, version); err != nil {
		d.Log.WarnContext(ctx, "cannot note who saved", "object", object, "error", err)
	}
}

// SortedList are names in an order that does not depend on who wrote them.
func SortedList(names []string) string {
	names = Distinct(names)
	slices.Sort(names)
	return strings.Join(names, ", ")
}
