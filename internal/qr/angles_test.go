//go:build !race

package qr_test

// angles are the degrees by which codes are turned.
var angles = []float64{0, 7, 33, 90, 181}
