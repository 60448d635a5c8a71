package certificate_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/certificate"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestFilesAreSharedAndSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, other, ctx := certificate.New(d, businesstest.Sealer(t)), certificate.New(d, businesstest.Sealer(t)), t.Context()
		key := []byte("-----BEGIN EC PRIVATE KEY-----")
		for path, value := range map[string][]byte{"certificates/ca/a.example/a.example.key": key, "certificates/ca/a.example/a.example.crt": []byte("old"), "certificates/ca/ab.example/x": {}, "acme/ca/users/x.json": []byte("{}")} {
			if err := one.Store(ctx, path, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.Store(ctx, "certificates/ca/a.example/a.example.crt", []byte("new")); err != nil {
			t.Fatal(err)
		}
		if got, err := other.Load(ctx, "certificates/ca/a.example/a.example.crt"); err != nil || string(got) != "new" {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := other.Load(ctx, "certificates/ca/a.example/a.example.key"); err != nil || !bytes.Equal(got, key) {
			t.Errorf("%q, %v", got, err)
		}
		var sealed []string
		if err := d.Select(ctx, &sealed, `SELECT sealed FROM certificate_files`); err != nil || len(sealed) != 4 || slices.ContainsFunc(sealed, func(s string) bool { return strings.Contains(s, "PRIVATE") }) {
			t.Errorf("%q, %v", sealed, err)
		}
		if got, err := other.List(ctx, "certificates", false); err != nil || !slices.Equal(got, []string{"certificates/ca"}) {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := other.List(ctx, "certificates/ca", true); err != nil || len(got) != 5 || !slices.Contains(got, "certificates/ca/a.example") || !slices.Contains(got, "certificates/ca/a.example/a.example.key") {
			t.Errorf("%q, %v", got, err)
		}
		file, err := other.Stat(ctx, "certificates/ca/a.example/a.example.key")
		if folder, err2 := other.Stat(ctx, "certificates/ca/a.example"); err != nil || err2 != nil || !file.IsTerminal || file.Size != int64(len(key)) || folder.IsTerminal {
			t.Errorf("%+v, %v; %+v, %v", file, err, folder, err2)
		}
		if err := other.Delete(ctx, "certificates/ca/a.example"); err != nil {
			t.Fatal(err)
		}
		if _, err := one.Load(ctx, "certificates/ca/a.example/a.example.key"); !errors.Is(err, fs.ErrNotExist) || one.Exists(ctx, "certificates/ca/a.example") || !one.Exists(ctx, "certificates/ca/ab.example/x") {
			t.Errorf("after deleting: %v", err)
		}
		if err := other.Delete(ctx, "certificates/none"); err != nil {
			t.Error(err)
		}
		if _, err := other.List(ctx, "certificates/none", true); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}

func TestOneProcessHoldsALock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var inside, most atomic.Int64
		var all sync.WaitGroup
		for range 4 {
			s := certificate.New(d, businesstest.Sealer(t))
			for range 3 {
				all.Go(func() {
					if err := s.Lock(t.Context(), "issue_cert_a.example"); err != nil {
						t.Error(err)
						return
					}
					most.Store(max(most.Load(), inside.Add(1)))
					time.Sleep(5 * time.Millisecond)
					inside.Add(-1)
					if err := s.Unlock(t.Context(), "issue_cert_a.example"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if most.Load() != 1 {
			t.Errorf("%d held it at once", most.Load())
		}
		if err := certificate.New(d, businesstest.Sealer(t)).Unlock(t.Context(), "issue_cert_a.example"); err == nil {
			t.Error("who does not hold it gave it back")
		}
	})
}

func TestALockOfAKilledProcessEnds(t *testing.T) {
	var moved atomic.Int64
	d := dbtest.Open(t, db.Config{Path: dbtest.NewSQLite(t), Clock: clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(moved.Load())) })})
	killed, next := certificate.New(d, businesstest.Sealer(t)), certificate.New(d, businesstest.Sealer(t))
	if err := killed.Lock(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := next.Lock(short, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while it is held: %v", err)
	}
	moved.Store(int64(61 * time.Second))
	if err := next.Lock(t.Context(), "x"); err != nil {
		t.Error(err)
	}
	if err := killed.Unlock(t.Context(), "x"); err != nil {
		t.Error(err)
	}
	short, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := killed.Lock(short, "x"); err == nil {
		t.Error("who came too late gave the other's lock back")
	}
	if err := next.Unlock(t.Context(), "x"); err != nil {
		t.Error(err)
	}
}

func TestWhatNobodyRenewsGoes(t *testing.T) {
	var moved atomic.Int64
	d := dbtest.Open(t, db.Config{Path: dbtest.NewSQLite(t), Clock: clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(moved.Load())) })})
	s := certificate.New(d, businesstest.Sealer(t))
	for _, path := range []string{"certificates/ca/old.example/old.example.key", "acme/ca/challenge_tokens/old.example.json", "acme/ca/users/x/x.key"} {
		if err := s.Store(t.Context(), path, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	moved.Store(int64(181 * 24 * time.Hour))
	if err := s.Store(t.Context(), "certificates/ca/new.example/new.example.key", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := d.Select(t.Context(), &left, `SELECT path FROM certificate_files ORDER BY path`); err != nil || !slices.Equal(left, []string{"acme/ca/users/x/x.key", "certificates/ca/new.example/new.example.key"}) {
		t.Errorf("%q, %v", left, err)
	}
}
