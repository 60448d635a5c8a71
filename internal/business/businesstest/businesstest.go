// Package businesstest makes businesses for the tests of other rooms.
package businesstest

import (
	"bytes"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/picture"
	"smartlinks/internal/secret"
)

// Sealer returns a sealer with a key that every test shares.
func Sealer(tb testing.TB) *secret.Sealer {
	tb.Helper()
	sealer, err := secret.NewSealer(bytes.Repeat([]byte{7}, secret.KeySize))
	if err != nil {
		tb.Fatal(err)
	}
	return sealer
}

// New returns the store of an installation with the sandbox as its provider.
func New(tb testing.TB, d *db.DB) *business.Businesses {
	tb.Helper()
	return business.New(d, Sealer(tb), business.Sandbox, picture.NewDecoder())
}

// Make makes a business with the handle: EUR, en, UTC, the sandbox.
func Make(tb testing.TB, d *db.DB, handle string) business.Business {
	tb.Helper()
	b, err := New(tb, d).Create(tb.Context(), business.Draft{Name: "Business " + handle, Handle: handle})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
