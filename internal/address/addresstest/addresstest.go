// Package addresstest makes address books for tests.
package addresstest

import "smartlinks/internal/address"

// Book is that of https://pay.example.
func Book() address.Book { return At("https://pay.example") }

// At is the book of an installation at the public address; a wrong one panics.
func At(public string) address.Book {
	b, err := address.New(public)
	if err != nil {
		panic(err)
	}
	return b
}
