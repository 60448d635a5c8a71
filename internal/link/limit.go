package link

// LimitKind says how many payments a link takes.
type LimitKind string

// The kinds of limits.
const (
	Unlimited LimitKind = "unlimited"
	Once      LimitKind = "once"
	Multiple  LimitKind = "multiple"
)

// MaxLimit is the largest number of payments of a limited link.
const MaxLimit = 1000

// Limit is how many payments a link takes. Max is 0 for Unlimited, 1 for Once
// and 1–1000 for Multiple.
type Limit struct {
	Kind LimitKind
	Max  int64
}

// Limited reports whether there is a limit.
func (l Limit) Limited() bool { return l.Kind == Once || l.Kind == Multiple }

// capacity is the column that conditional updates compare with: NULL without a
// limit.
func (l Limit) capacity() *int64 {
	if !l.Limited() {
		return nil
	}
	return &l.Max
}

func (l Limit) reached(used int64) bool { return l.Limited() && used >= l.Max }

// Remaining is how many payments the link still takes, never below zero; nil
// without a limit.
func (l Link) Remaining() *int64 {
	if !l.Limit.Limited() {
		return nil
	}
	left := max(0, l.Limit.Max-l.Slots.Used)
	return &left
}

// PercentUsed is used ÷ max × 100, rounded down, 100 at most.
func (l Link) PercentUsed() int64 {
	if !l.Limit.Limited() {
		return 0
	}
	return min(100, l.Slots.Used*100/l.Limit.Max)
}

// Badge is the colour that says how much of the limit is left.
type Badge string

// The badges: 4 or more left, 1–3 left, none left, no limit.
const (
	Green   Badge = "green"
	Orange  Badge = "orange"
	Red     Badge = "red"
	NoBadge Badge = ""
)

// Badge is the colour of the link's limit.
func (l Link) Badge() Badge {
	left := l.Remaining()
	switch {
	case left == nil:
		return NoBadge
	case *left == 0:
		return Red
	case *left <= 3:
		return Orange
	}
	return Green
}
