//go:build race

package qr_test

// angles is one here: the race detector takes ten times as long.
var angles = []float64{33}
