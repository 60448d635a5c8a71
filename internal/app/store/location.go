// Package store is where an installation keeps everything: its data folder with SQLite's
// file, or PostgreSQL; its secret key; and who may use them beside whom. Whatever is wrong
// with one of them is said in plain words, with what to do.
package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"smartlinks/internal/cli"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/testclock"
)

// Location says where everything is kept; every command has its flags.
type Location struct {
	Data      string `default:"data" help:"Folder of the SQLite database and the key file."`
	Database  string `help:"PostgreSQL instead of SQLite: postgres://…"`
	Direct    string `name:"database-direct" help:"Where --database leads to a pooler such as PgBouncer: PostgreSQL itself, postgres://…, for locks and notices. Without it servers ask once a second what others changed."`
	SecretKey string `help:"32 bytes in base64 or hex that seal secrets; the same for all processes. Without it a key file in the data folder is used."`
}

// What lies in the data folder: SQLite's file; views that wait for their database; the
// certificate, its key and the account at the authority; and the mark of a demo whose
// history is not whole.
const (
	DatabaseFile       = "smartlinks.db"
	SpoolFolder        = "spool"
	CertificatesFolder = "certificates"
	UnfinishedFile     = "history.unfinished"
)

// check refuses flags that can't be meant.
func (l Location) check() error {
	if l.Database != "" && !isPostgres(l.Database) {
		return cli.Misuse("--database must start with postgres://. Leave it out to use SQLite.")
	}
	if l.Direct != "" && (l.Database == "" || !isPostgres(l.Direct)) {
		return cli.Misuse("--database-direct must start with postgres://, and goes with --database. Leave it out without a pooler.")
	}
	if l.SecretKey == "" {
		return nil
	}
	_, err := l.givenKey()
	return err
}

// Open opens the database as it is.
func (l Location) Open(ctx context.Context, as role, log *slog.Logger) (*db.DB, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := l.closeFolder(); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Config{
		Path: filepath.Join(l.Data, DatabaseFile), URL: l.Database, DirectURL: l.Direct, Server: as == Serving, Alone: as == Alone,
		Clock: clock.System(), Random: rand.Reader, Log: log,
	})
	if errors.Is(err, db.ErrInUse) {
		return nil, as.inUse()
	}
	if err != nil {
		return nil, l.Unopened(err)
	}
	return d, nil
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// OpenMigrated opens the database, brings its schema up, takes over the test
// clock's offset and checks the key. What is missing is made: the folder, the
// database, and the key of a database that has none yet.
func (l Location) OpenMigrated(ctx context.Context, as role, log *slog.Logger) (*db.DB, []byte, error) {
	if err := l.closeFolder(); err != nil {
		return nil, nil, err
	}
	if _, err := l.ExistingKey(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	d, err := l.Open(ctx, as, log)
	if err != nil {
		return nil, nil, err
	}
	key, err := l.bringUp(ctx, d, log)
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, key, nil
}

// bringUp is openMigrated for a database that is open.
func (l Location) bringUp(ctx context.Context, d *db.DB, log *slog.Logger) ([]byte, error) {
	before, err := d.Schema(ctx)
	if err != nil {
		return nil, l.Unopened(err)
	}
	key, err := l.key(ctx, d, before)
	if err != nil {
		return nil, err
	}
	if err := Migrate(ctx, d); err != nil {
		return nil, l.Unopened(err)
	}
	after, err := d.Schema(ctx)
	if err != nil {
		return nil, err
	}
	if before != 0 && before != after {
		log.Info("upgraded the database", "schema", fmt.Sprintf("%d → %d", before, after))
	}
	if err := refuseMoved(ctx, d); err != nil {
		return nil, err
	}
	if err := testclock.Load(ctx, d); err != nil {
		return nil, err
	}
	if err := AdoptKey(ctx, d, key); err != nil {
		return nil, err
	}
	return l.fitting(ctx, d, key)
}

// fitting is the key if it is the database's, or the one that an interrupted rotation
// left beside it.
func (l Location) fitting(ctx context.Context, d *db.DB, key []byte) ([]byte, error) {
	err := CheckKey(ctx, d, key)
	if fault.Is(err, fault.Conflict) {
		return l.finishRotation(ctx, d, err)
	}
	return key, err
}

// KeyLength is AES-256's, in bytes.
const KeyLength = 32

// key is the secret key, which is made for a database that never had one; of a database
// that had, it is missing.
func (l Location) key(ctx context.Context, d *db.DB, schema int64) ([]byte, error) {
	key, err := l.ExistingKey()
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if schema != 0 {
		var check string
		if err := d.Get(ctx, &check, `SELECT key_check FROM installation`); err != nil {
			return nil, err
		}
		if check != "" {
			return l.ExistingKey() // another process may have made both since
		}
	}
	return MakeKeyFile(l.KeyFile())
}

func readKeyFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the key file can't be read; check its permissions: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&othersMay != 0 {
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, fmt.Errorf("others can read the key file, and it can't be closed to them; run `chmod 600 %s` as its owner: %w", path, err)
		}
	}
	return ParseKey(strings.TrimSpace(string(text)), path)
}

func ParseKey(text, from string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(text); err == nil && len(key) == KeyLength {
			return key, nil
		}
	}
	return nil, fault.New(fault.Invalid, from+" must hold 32 bytes in base64 or hex, as `openssl rand -base64 32` makes them.")
}

// MakeKeyFile writes a new key. Of two commands at once the second reads what
// the first has written.
func MakeKeyFile(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder can't be made; choose another with --data: %w", err)
	}
	key := make([]byte, KeyLength)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), "secret.key.*")
	if err != nil {
		return nil, fmt.Errorf("the key file can't be made; check the folder's permissions: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	// Link fails when the name exists, so no key ever replaces another.
	if err := os.Link(draft.Name(), path); errors.Is(err, fs.ErrExist) {
		return readKeyFile(path)
	} else if err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	return key, nil
}

// KeyCheck tells keys apart without telling them.
func KeyCheck(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("smartlinks key check"))
	return hex.EncodeToString(mac.Sum(nil))
}

// AdoptKey makes a key that of a database that has none yet.
func AdoptKey(ctx context.Context, d *db.DB, key []byte) error {
	check := KeyCheck(key)
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET key_check = $1 WHERE key_check = ''`, check)
		return err
	})
}

// CheckKey refuses a key that isn't the one that sealed this database's
// secrets, before anything is sealed with a second one.
func CheckKey(ctx context.Context, d *db.DB, key []byte) error {
	var kept string
	if err := d.Get(ctx, &kept, `SELECT key_check FROM installation`); err != nil {
		return err
	}
	if kept != KeyCheck(key) {
		return fault.New(fault.Conflict, "The secret key is not the one that this database was made with. Set SMARTLINKS_SECRET_KEY to that key, or put its key file back into the data folder.")
	}
	return nil
}
