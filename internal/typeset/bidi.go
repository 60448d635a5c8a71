package typeset

import (
	"slices"

	textbidi "github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/text/unicode/bidi"
)

// The order of letters on a line is that of UAX 9, as browsers show a text whose direction
// is its own (dir="auto"). The library's own order knows two levels, and sets numbers
// within Arabic apart wrongly where the line runs from left to right.

// level is an embedding level of UAX 9: even runs from left to right.
type level uint8

// rightToLeft reports the direction of a text: that of its first strong letter (rules P2
// and P3), or the given one without any.
func rightToLeft(text []rune, otherwise bool) bool {
	for _, r := range text {
		switch class(r) {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return otherwise
}

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// levels are the levels of a text without embeddings and isolates, in a line of the given
// direction: at most three. Spaces at the end of a line (rule L1) are left to whoever
// breaks lines.
func levels(text []rune, rtl bool) []level {
	base := textbidi.LeftToRight
	if rtl {
		base = textbidi.RightToLeft
	}
	var p textbidi.Paragraph
	found, numbers := make([]level, len(text)), numbers(text)
	runs := p.Segment(text, base)
	for n := range runs.NumRuns() {
		run := runs.Run(n)
		for i := run.Start; i < run.End; i++ {
			switch {
			case !run.IsLeftToRight():
				found[i] = 1
			case rtl || numbers[i]:
				found[i] = 2
			}
		}
	}
	return found
}

// numbers reports which characters are of a number that keeps its order within text from
// right to left, with its signs: rules W1 to W7 in a line from left to right. The library
// tells only which way a character runs.
func numbers(text []rune) []bool {
	types := make([]bidi.Class, len(text))
	strong := bidi.L // the last strong letter's
	for i, r := range text {
		c := class(r)
		switch {
		case (c == bidi.NSM || c == bidi.BN) && i > 0: // W1; characters without a class of their own go along
			c = types[i-1]
		case c == bidi.L, c == bidi.R, c == bidi.AL:
			strong = c
		case c == bidi.EN && strong == bidi.AL: // W2
			c = bidi.AN
		case c == bidi.EN && strong == bidi.L: // W7, told beforehand, for the same letters decide
			c = bidi.L
		}
		types[i] = c
	}
	joinNumbers(types)
	found := make([]bool, len(types))
	for i, c := range types {
		found[i] = c == bidi.EN || c == bidi.AN
	}
	return found
}

// joinNumbers gives the signs of numbers their class: one sign between two digits (W4),
// and any of those that stand beside a number, as of currencies (W5).
func joinNumbers(types []bidi.Class) {
	for i := 1; i+1 < len(types); i++ {
		before, after := types[i-1], types[i+1]
		if before == after && (types[i] == bidi.ES && before == bidi.EN || types[i] == bidi.CS && (before == bidi.EN || before == bidi.AN)) {
			types[i] = before
		}
	}
	for range 2 { // forwards, then backwards
		for i := 1; i < len(types); i++ {
			if types[i] == bidi.ET && types[i-1] == bidi.EN {
				types[i] = bidi.EN
			}
		}
		slices.Reverse(types)
	}
}

// byLevel parts the runs where the level changes.
func byLevel(runs []shaping.Input, levels []level) (parted []shaping.Input) {
	for _, run := range runs {
		for at := run.RunStart + 1; at < run.RunEnd; at++ {
			if levels[at] != levels[run.RunStart] {
				part := run
				part.RunEnd = at
				parted = append(parted, part)
				run.RunStart = at
			}
		}
		parted = append(parted, run)
	}
	return parted
}

// arrange puts the runs of a line in the order in which they are drawn (rule L2), and takes
// the width from the spaces at its end, wherever they stand (rule L1). What stands for the
// text that was cut has the level of the line.
func arrange(line shaping.Line, text []rune, levels []level, rtl bool) {
	at := make([]level, len(line))
	highest := level(0)
	for i, run := range line {
		if at[i] = levelOf(run, levels, rtl); at[i] > highest {
			highest = at[i]
		}
	}
	order := make([]int, len(line)) // of the runs, from the left
	for i := range order {
		order[i] = i
	}
	for l := highest; l >= 1; l-- {
		for from := 0; from < len(order); from++ {
			to := from
			for to < len(order) && at[order[to]] >= l {
				to++
			}
			slices.Reverse(order[from:to])
			from = max(from, to)
		}
	}
	for place, i := range order {
		line[i].VisualIndex = int32(place)
	}
	trimEnd(line, text)
}

func levelOf(run shaping.Output, levels []level, rtl bool) level {
	if isCut(run) {
		if rtl {
			return 1
		}
		return 0
	}
	return levels[run.Runes.Offset]
}

// isCut reports whether a run is the ellipsis, which stands for other letters.
func isCut(run shaping.Output) bool {
	return len(run.Glyphs) > 0 && run.Glyphs[0].TextIndex() < run.Runes.Offset
}

// trimEnd takes the width from the spaces at the end of a line.
func trimEnd(line shaping.Line, text []rune) {
	for i := len(line) - 1; i >= 0; i-- {
		run := &line[i]
		if isCut(*run) {
			continue
		}
		end := run.Runes.Offset + run.Runes.Count
		first := end
		for first > run.Runes.Offset && text[first-1] == ' ' {
			first--
		}
		for g := range run.Glyphs {
			if run.Glyphs[g].TextIndex() >= first {
				run.Glyphs[g].Advance = 0
			}
		}
		run.RecomputeAdvance()
		if first > run.Runes.Offset {
			return
		}
	}
}
