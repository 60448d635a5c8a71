//go:build !race

package dbtest

// Race says that the race detector watches.
const Race = false
