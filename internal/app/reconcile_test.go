package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// mustRooms are the rooms of an installation in test mode.
func mustRooms(t *testing.T, d *db.DB) *system.System {
	t.Helper()
	r, err := system.New(d, system.Options{Key: bytes.Repeat([]byte{1}, store.KeyLength), Sandbox: true, Addresses: addresstest.Book(), HookURL: "http://127.0.0.1:1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustSell makes a business with a link for one payment, and pays it.
func mustSell(t *testing.T, r *system.System) attempt.Attempt {
	t.Helper()
	b, err := r.Businesses.Create(t.Context(), business.Draft{Name: "Acme", Handle: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	price := money.Amount{Minor: 4900, Currency: "EUR"}
	l, err := r.Links.Create(t.Context(), b, link.Fields{Active: true, Name: "Seat", Type: link.Amount, Amount: &price, Limit: link.Limit{Kind: link.Once}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Payments.Start(t.Context(), payment.StartRequest{
		Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: price, Title: l.Name, Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
		t.Fatal(err)
	}
	return a
}

func exec(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), statement); return err }); err != nil {
		t.Fatal(err)
	}
}

func TestTheDoctorFindsAndMendsCounters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRooms(t, d)
		a := mustSell(t, r)
		if _, err := r.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
			t.Fatal(err)
		}
		if found := systemtest.Broken(t, d); found != nil {
			t.Fatalf("healthy, and ill of %q", found)
		}
		exec(t, d, `UPDATE link_slots SET consumed = 5, held = 3`)
		exec(t, d, `UPDATE link_totals SET payments = 9, revenue_minor = 1, refunded_minor = 7`)
		exec(t, d, `UPDATE payments SET reserved_minor = 12, lost_minor = 3`)
		exec(t, d, `INSERT INTO code_sums (code_id, mode, currency, business_id, taken_off_minor, brought_minor) SELECT 'pmc_1', 'test', 'EUR', id, 5, 5 FROM businesses`)
		if found := systemtest.Broken(t, d); len(found) != 6 {
			t.Errorf("six counters are wrong, and it finds %q", found)
		}
		if err := mend(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if found := systemtest.Broken(t, d); found != nil {
			t.Errorf("mended, and ill of %q", found)
		}
	})
}

func TestReconcileTellsWhatItRepaired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRooms(t, d)
		mustSell(t, r) // its webhook was lost
		exec(t, d, `UPDATE installation SET restored_at = 1`)
		var out bytes.Buffer
		if err := server.Reconcile(t.Context(), r, time.Hour, &out); err != nil {
			t.Fatal(err)
		}
		if want := "acme, sandbox (test): 1 compared, 1 settled, 0 made anew, 0 of others\n"; out.String() != want {
			t.Errorf("it says %q", out.String())
		}
		if closed, err := server.Restored(t.Context(), d); closed || err != nil {
			t.Errorf("closed %v, %v", closed, err)
		}
	})
}

// A server over a restored database compares its books before payers come in.
func TestAServerRepairsWhatWasRestored(t *testing.T) {
	folder := t.TempDir()
	key := make([]byte, store.KeyLength)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "secret.key"), []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := server.Flags{Location: store.Location{Data: folder}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	prepare := func(srv *server.Server) {
		mustSell(t, srv.System)
		exec(t, srv.System.DB, `UPDATE installation SET restored_at = 1`)
	}
	first, err := c.Open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	prepare(first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	srv, err := c.Open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx) }()
	address := server.LocalURL(srv.Listener.Addr())
	for {
		answer, err := http.Get(address + "/acme/seat")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable {
			if answer.StatusCode != http.StatusGone { // sold: the books were compared first
				t.Errorf("open, and the link answers %d", answer.StatusCode)
			}
			break
		}
	}
	stop()
	if err := <-ended; err != nil && !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
}
