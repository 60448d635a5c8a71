package sandbox

import (
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/payment/provider"
)

// Whatever comes: only what is signed for this account is believed, and it names
// what it is about.
func FuzzReports(f *testing.F) {
	d := dbtest.SQLite(f)
	s := New(d, jobtest.New(f, d), []byte("a secret of the tests"), addresstest.Book(), nil, slog.New(slog.DiscardHandler))
	now := d.Clock().Wall()
	for _, seed := range []string{`{"id": "evt_1", "type": "payment.updated", "object": "sbx_1"}`, `{"id": "", "object": "x"}`, `{"id": 1}`, "null", "[]", "", "\xff", `{"id": "\u0000", "object": "\ud800"}`} {
		for _, header := range []string{"", "t=1771407720,v1=00", "t=1771407720,v1=", "v1=00,t=1", "t=,v1=,v1=", "t=99999999999999999999,v1=00"} {
			f.Add([]byte(seed), header)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, header string) {
		if _, err := s.Verify(t.Context(), "biz_merchant", http.Header{SignatureHeader: {header}}, text); !errors.Is(err, provider.ErrForged) {
			t.Fatalf("%q is believed of %q: %v", text, header, err)
		}
		signed := http.Header{SignatureHeader: {sign(s.key("biz_merchant"), now, text)}}
		got, err := s.Verify(t.Context(), "biz_merchant", signed, text)
		if err != nil && !errors.Is(err, provider.ErrForged) || err == nil && (got.ID == "" || got.Object == "") {
			t.Fatalf("%q: %+v, %v", text, got, err)
		}
		if _, err := s.Verify(t.Context(), "biz_other", signed, text); !errors.Is(err, provider.ErrForged) {
			t.Fatalf("another account believes %q: %v", text, err)
		}
	})
}
