package payment

import (
	"cmp"
	"slices"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
)

// ids are those of attempts that one statement is about.
type ids []attempt.ID

func idsOf(payments []Payment) (all ids) {
	for _, p := range payments {
		all = append(all, p.ID)
	}
	return all
}

// in are placeholders for the ids behind arguments that are there. The last id is
// repeated up to a power of two, so that there are few statements to keep prepared.
func (all ids) in(arguments []any) (placeholders string, extended []any) {
	from, size := len(arguments)+1, powerOfTwo(len(all))
	for i := range size {
		arguments = append(arguments, all[min(i, len(all)-1)])
	}
	return db.In(size, from), arguments
}

// powerOfTwo is the first that is n or more.
func powerOfTwo(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// unique are the values of attempts that aren't empty, each once and in order: rows are
// locked in one order, so that two transactions never wait for each other in a circle.
func unique[T cmp.Ordered](attempts []attempt.Attempt, of func(attempt.Attempt) T) (values []T) {
	var none T
	for _, a := range attempts {
		if v := of(a); v != none {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
