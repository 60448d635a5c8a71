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

// Counts says what of a payment counts against a limit.
type Counts string

// What limits count.
const (
	Payments Counts = "payments"
	Units    Counts = "units" // a payment of three units takes three slots
)

// Limit is how many payments a link takes, or how many units. Max is 0 for Unlimited,
// 1 for Once and 1–1000 for Multiple.
type Limit struct {
	Kind   LimitKind
	Max    int64  `db:"max,null"`
	Counts Counts // empty is Payments
}

// ByUnits reports whether the limit is of units.
func (l Limit) ByUnits() bool { return l.Kind == Multiple && l.Counts == Units }

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

// Counted are the payments, or the units, that count against the limit.
func (l Link) Counted() Slots {
	if l.Limit.ByUnits() {
		return l.Units
	}
	return l.Slots
}

// least is how much of the limit a payment takes at least.
func (l Link) least() int64 {
	if l.Limit.ByUnits() {
		return l.Least()
	}
	return 1
}

// Full reports whether no payment has room any more. Fewer units than a payment must
// buy are no room.
func (l Link) Full() bool { return l.Limit.Limited() && l.Counted().Used+l.least() > l.Limit.Max }

// AllHeld reports whether others are paying for all that is left: it may free up.
func (l Link) AllHeld() bool { return l.Limit.Limited() && !l.Full() && l.Free() < l.least() }

// kept reports whether what is left is for the waiting list: it is on offer, or somebody
// waits.
func (l Link) kept() bool {
	return l.Limit.Limited() && (l.Slots.Waiting > 0 || l.Counted().Used+l.Counted().Offered+l.least() > l.Limit.Max)
}

// Least is how many units a payment of the link buys at least.
func (l Link) Least() int64 { return l.Asks().Least() }

// Most is how many units a payment of the link could buy at most, as long as none is sold.
func (l Link) Most() int64 {
	if l.Limit.ByUnits() {
		return min(l.Asks().Most(), l.Limit.Max)
	}
	return l.Asks().Most()
}

// Free is how many payments, or units, of a limited link neither are made nor held.
func (l Link) Free() int64 { return l.Limit.Max - l.Counted().Used - l.Counted().Held }

// Remaining is how many payments, or units, the link still takes, never below zero; nil
// without a limit.
func (l Link) Remaining() *int64 {
	if !l.Limit.Limited() {
		return nil
	}
	left := max(0, l.Limit.Max-l.Counted().Used)
	if l.Full() {
		left = 0
	}
	return &left
}

// PercentUsed is used ÷ max × 100, rounded down, 100 at most.
func (l Link) PercentUsed() int64 {
	if !l.Limit.Limited() {
		return 0
	}
	return min(100, l.Counted().Used*100/l.Limit.Max)
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
