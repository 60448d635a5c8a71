// Package certificate keeps what certmagic stores in the database: accounts at the
// authority, certificates with their keys, and what proves a name while it is being
// proven. All processes share it.
package certificate

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// Storage implements certmagic.Storage. Contents are sealed, as keys are among them. It is
// safe for concurrent use.
type Storage struct {
	d      *db.DB
	sealer *secret.Sealer
	mu     sync.Mutex
	held   map[string]*lease // of this process, by name
}

// New returns the storage in the database.
func New(d *db.DB, sealer *secret.Sealer) *Storage {
	return &Storage{d: d, sealer: sealer, held: map[string]*lease{}}
}

var _ certmagic.Storage = (*Storage)(nil)

func sealedFor(path string) string { return "certificate/" + path }

// Store implements certmagic.Storage.
func (s *Storage) Store(ctx context.Context, path string, value []byte) error {
	sealed, err := s.sealer.Seal(value, sealedFor(path))
	if err != nil {
		return err
	}
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO certificate_files (path, sealed, size, modified_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (path) DO UPDATE SET sealed = excluded.sealed, size = excluded.size, modified_at = excluded.modified_at`,
			path, sealed, len(value), db.At(s.d.Clock().Wall()))
		return err
	})
}

// Load implements certmagic.Storage.
func (s *Storage) Load(ctx context.Context, path string) ([]byte, error) {
	var sealed string
	if err := s.d.Get(ctx, &sealed, `SELECT sealed FROM certificate_files WHERE path = $1`, path); err != nil {
		return nil, orMissing(err)
	}
	return s.sealer.Open(sealed, sealedFor(path))
}

// orMissing says that there is no file as certmagic expects it.
func orMissing(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return fs.ErrNotExist
	}
	return err
}

// inside finds what is in the folder $1.
const inside = `SUBSTR(path, 1, LENGTH(CAST($1 AS TEXT)) + 1) = CAST($1 AS TEXT) || '/'`

// Delete implements certmagic.Storage.
func (s *Storage) Delete(ctx context.Context, path string) error {
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM certificate_files WHERE path = CAST($1 AS TEXT) OR `+inside, path)
		return err
	})
}

// Exists implements certmagic.Storage.
func (s *Storage) Exists(ctx context.Context, path string) bool {
	_, err := s.Stat(ctx, path)
	return err == nil
}

// List implements certmagic.Storage.
func (s *Storage) List(ctx context.Context, path string, recursive bool) ([]string, error) {
	var all []string
	if err := s.d.Select(ctx, &all, `SELECT path FROM certificate_files WHERE `+inside+` ORDER BY path`, path); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fs.ErrNotExist
	}
	seen, list := map[string]bool{}, []string{}
	for _, name := range all {
		for at := len(path) + 1; at < len(name); {
			end := strings.IndexByte(name[at:], '/')
			key := name
			if end >= 0 {
				key = name[:at+end]
			}
			if !seen[key] {
				seen[key], list = true, append(list, key)
			}
			if !recursive || end < 0 {
				break
			}
			at += end + 1
		}
	}
	return list, nil
}

// Stat implements certmagic.Storage.
func (s *Storage) Stat(ctx context.Context, path string) (certmagic.KeyInfo, error) {
	var found struct {
		Size       int64
		ModifiedAt db.Time
	}
	err := s.d.Get(ctx, &found, `SELECT size, modified_at FROM certificate_files WHERE path = $1`, path)
	if err == nil {
		return certmagic.KeyInfo{Key: path, Modified: found.ModifiedAt.Time, Size: found.Size, IsTerminal: true}, nil
	}
	if !errors.Is(err, db.ErrNoRows) {
		return certmagic.KeyInfo{}, err
	}
	var folder bool
	if err := s.d.Get(ctx, &folder, `SELECT EXISTS (SELECT 1 FROM certificate_files WHERE `+inside+`)`, path); err != nil {
		return certmagic.KeyInfo{}, err
	}
	if !folder {
		return certmagic.KeyInfo{}, fs.ErrNotExist
	}
	return certmagic.KeyInfo{Key: path}, nil
}

// keptFor is how long a certificate's files stay that nobody renews: twice the life of a
// certificate of Let's Encrypt. Proofs are over within the hour.
const (
	keptFor      = 180 * 24 * time.Hour
	proofKeptFor = 24 * time.Hour
	chunk        = 500
)

// DeleteOld removes certificates of names that are not renewed any more, and proofs that a
// killed process left behind. It is for a periodic job.
func (s *Storage) DeleteOld(ctx context.Context) error {
	wall := s.d.Clock().Wall()
	_, err := s.d.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM certificate_files WHERE path IN (SELECT path FROM certificate_files
			WHERE path LIKE 'certificates/%' AND modified_at < $1 OR path LIKE 'acme/%/challenge_tokens/%' AND modified_at < $2 LIMIT $3)`,
			db.At(wall.Add(-keptFor)), db.At(wall.Add(-proofKeptFor)), most)
	})
	if err != nil {
		return err
	}
	return s.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM certificate_locks WHERE expires_at < $1`, db.At(wall))
		return err
	})
}

// ResealTx seals every file anew. The secret key itself is changed by the caller, in the
// same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var all []struct{ Path, Sealed string }
	if err := tx.Select(ctx, &all, `SELECT path, sealed FROM certificate_files`); err != nil {
		return err
	}
	for _, f := range all {
		sealed, err := reseal(f.Sealed, sealedFor(f.Path))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE certificate_files SET sealed = $2 WHERE path = $1`, f.Path, sealed); err != nil {
			return err
		}
	}
	return nil
}
