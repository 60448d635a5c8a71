package visit

import "strconv"

// Percent is a share in tenths of a percent: 63 is 6.3 %. It may exceed 1000, since
// somebody can pay twice after opening once.
type Percent int64

// PercentOf is part ÷ whole, rounded half up to a tenth of a percent, and 0 without a
// whole. Every page, export, event and answer takes its conversion from here, so that
// the same figures read the same everywhere.
func PercentOf(part, whole int64) Percent {
	if whole <= 0 {
		return 0
	}
	return Percent((part*2000 + whole) / (2 * whole))
}

// Float is the percentage as a number: 6.3.
func (p Percent) Float() float64 { return float64(p) / 10 }

// String is the percentage with its one decimal: "6.3".
func (p Percent) String() string { return strconv.FormatFloat(p.Float(), 'f', 1, 64) }
