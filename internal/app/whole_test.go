package app

import (
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// mustWholeOn is mustWhole over the database of a URL, "" for a file.
func mustWholeOn(t *testing.T, testMode bool, database string) *whole {
	t.Helper()
	folder := t.TempDir()
	key := make([]byte, store.KeyLength)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "secret.key"), []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openWhole(t, testMode, store.Location{Data: folder, Database: database})
	w.fill()
	return w
}

// openWhole opens a server over what is there.
func openWhole(t *testing.T, testMode bool, store store.Location) *whole {
	t.Helper()
	w := &whole{t: t, cookies: map[string]string{}}
	c := server.Flags{
		Location: store, Addr: "127.0.0.1:0", URL: "https://pay.example", Sandbox: testMode, SandboxPublic: testMode, RateLimits: "on", MetricsToken: "a token for figures",
		TrustedProxies: []string{"192.0.2.1/32"},
	}
	srv, err := c.Open(t.Context(), slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	w.Server = srv
	t.Cleanup(w.end)
	return w
}

// end ends the server; once is enough.
func (w *whole) end() {
	w.once.Do(func() {
		w.Listener.Close()
		_ = w.Close()
	})
}

// fill makes a business with its owner, a token and a link.
func (w *whole) fill() {
	w.t.Helper()
	t, srv := w.t, w.Server
	var err error
	ctx := t.Context()
	if w.b, err = srv.System.Businesses.Create(ctx, business.Draft{Name: "Atelier", Handle: "atelier"}); err != nil {
		t.Fatal(err)
	}
	if _, err = srv.System.Accounts.CreateOwner(ctx, w.b.ID, account.OwnerDraft{Name: "Marit", Email: ownersEmail, Password: ownersPassword}); err != nil {
		t.Fatal(err)
	}
	if _, w.token, err = srv.System.Accounts.CreateToken(ctx, w.b.ID, "test", []account.Scope{account.All}); err != nil {
		t.Fatal(err)
	}
	price := money.Amount{Minor: 4900, Currency: "EUR"}
	if _, err = srv.System.Links.Create(ctx, w.b, link.Fields{Active: true, Name: "Seat", Path: "seat", Type: link.Amount, Amount: &price}); err != nil {
		t.Fatal(err)
	}
}
