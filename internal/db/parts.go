package db

import "iter"

// mostRows bounds the rows that one statement inserts.
const mostRows = 16

// Parts are parts of rows, of as many as one statement takes: powers of two, so that there
// are few statements to keep prepared.
func Parts[T any](all []T) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			size := mostRows
			for size > len(all) {
				size /= 2
			}
			if !yield(all[:size]) {
				return
			}
			all = all[size:]
		}
	}
}
