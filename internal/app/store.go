package app

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

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/testclock"
)

// storeFlags say where everything is kept; every command has them.
type storeFlags struct {
	Data      string `default:"data" help:"Folder of the SQLite database and the key file."`
	Database  string `help:"PostgreSQL instead of SQLite: postgres://…"`
	SecretKey string `help:"32 bytes in base64 or hex that seal secrets; the same for all processes. Without it a key file in the data folder is used."`
}

// What lies in the data folder: SQLite's file, and views that wait for their
// database.
const (
	databaseFile = "smartlinks.db"
	spoolFolder  = "spool"
)

// open opens the database as it is.
func (f storeFlags) open(ctx context.Context, server bool, log *slog.Logger) (*db.DB, error) {
	if f.Database != "" && !strings.HasPrefix(f.Database, "postgres://") && !strings.HasPrefix(f.Database, "postgresql://") {
		return nil, misuse("--database must start with postgres://. Leave it out to use SQLite.")
	}
	if err := f.closeFolder(); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Config{
		Path: filepath.Join(f.Data, databaseFile), URL: f.Database, Server: server,
		Clock: clock.System(), Random: rand.Reader, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("the database can't be opened; check --data or --database: %w", err)
	}
	return d, nil
}

// openMigrated opens the database, brings its schema up, takes over the test
// clock's offset and checks the key.
func (f storeFlags) openMigrated(ctx context.Context, server bool, log *slog.Logger) (*db.DB, []byte, error) {
	if err := f.closeFolder(); err != nil {
		return nil, nil, err
	}
	key, err := f.key()
	if err != nil {
		return nil, nil, err
	}
	d, err := f.open(ctx, server, log)
	if err != nil {
		return nil, nil, err
	}
	for _, step := range []func() error{
		func() error { return migrate(ctx, d) },
		func() error { return testclock.Load(ctx, d) },
		func() error {
			err := checkKey(ctx, d, key)
			if fault.Is(err, fault.Conflict) {
				key, err = f.finishRotation(ctx, d, err)
			}
			return err
		},
	} {
		if err := step(); err != nil {
			d.Close()
			return nil, nil, err
		}
	}
	return d, key, nil
}

// keyLength is AES-256's, in bytes.
const keyLength = 32

// key reads the secret key from the flag or the key file, which is made when
// there is none.
func (f storeFlags) key() ([]byte, error) {
	if f.SecretKey != "" {
		return parseKey(f.SecretKey, "SMARTLINKS_SECRET_KEY")
	}
	key, err := readKeyFile(f.keyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return makeKeyFile(f.keyFile())
	}
	return key, err
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
	return parseKey(strings.TrimSpace(string(text)), path)
}

func parseKey(text, from string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(text); err == nil && len(key) == keyLength {
			return key, nil
		}
	}
	return nil, fault.New(fault.Invalid, from+" must hold 32 bytes in base64 or hex, as `openssl rand -base64 32` makes them.")
}

// makeKeyFile writes a new key. Of two commands at once the second reads what
// the first has written.
func makeKeyFile(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder can't be made; choose another with --data: %w", err)
	}
	key := make([]byte, keyLength)
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

// checkOf tells keys apart without telling them.
func checkOf(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("smartlinks key check"))
	return hex.EncodeToString(mac.Sum(nil))
}

// checkKey refuses a key that isn't the one that sealed this database's
// secrets, before anything is sealed with a second one.
func checkKey(ctx context.Context, d *db.DB, key []byte) error {
	check := checkOf(key)
	return d.InTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE installation SET key_check = $1 WHERE key_check = ''`, check); err != nil {
			return err
		}
		var kept string
		if err := tx.Get(ctx, &kept, `SELECT key_check FROM installation`); err != nil {
			return err
		}
		if kept != check {
			return fault.New(fault.Conflict, "The secret key is not the one that this database was made with. Set SMARTLINKS_SECRET_KEY to that key, or put its key file back into the data folder.")
		}
		return nil
	})
}
