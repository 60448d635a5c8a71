//go:build race

package link_test

// manyLinks is fewer here: the race detector takes thirty times as long.
const manyLinks = 1_000
