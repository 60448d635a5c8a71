//go:build race

package dbtest

// Race says that the race detector watches. It makes SQLite ten times slower, so
// tests whose many rounds run one after another do fewer under it, and all of them
// in a run without it.
const Race = true
