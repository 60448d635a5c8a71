//go:build !race

package link_test

// manyLinks is how many a list must stay fast with.
const manyLinks = 10_000
