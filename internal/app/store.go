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

	"smartlinks/internal/cli"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/testclock"
)

// storeFlags say where everything is kept; every command has them.
type storeFlags struct {
	Data      string `default:"data" help:"Folder of the SQLite database and the key file."`
	Database  string `help:"PostgreSQL instead of SQLite: postgres://…"`
	Direct    string `name:"database-direct" help:"Where --database leads to a pooler such as PgBouncer: PostgreSQL itself, postgres://…, for locks and notices. Without it servers ask once a second what others changed."`
	SecretKey string `help:"32 bytes in base64 or hex that seal secrets; the same for all processes. Without it a key file in the data folder is used."`
}

// What lies in the data folder: SQLite's file, and views that wait for their
// database.
const (
	databaseFile = "smartlinks.db"
	spoolFolder  = "spool"
)

// check refuses flags that can't be meant.
func (f storeFlags) check() error {
	if f.Database != "" && !isPostgres(f.Database) {
		return cli.Misuse("--database must start with postgres://. Leave it out to use SQLite.")
	}
	if f.Direct != "" && (f.Database == "" || !isPostgres(f.Direct)) {
		return cli.Misuse("--database-direct must start with postgres://, and goes with --database. Leave it out without a pooler.")
	}
	if f.SecretKey == "" {
		return nil
	}
	_, err := f.givenKey()
	return err
}

// open opens the database as it is.
func (f storeFlags) open(ctx context.Context, as role, log *slog.Logger) (*db.DB, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if err := f.closeFolder(); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Config{
		Path: filepath.Join(f.Data, databaseFile), URL: f.Database, DirectURL: f.Direct, Server: as == serving, Alone: as == alone,
		Clock: clock.System(), Random: rand.Reader, Log: log,
	})
	if errors.Is(err, db.ErrInUse) {
		return nil, as.inUse()
	}
	if err != nil {
		return nil, f.unopened(err)
	}
	return d, nil
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// openMigrated opens the database, brings its schema up, takes over the test
// clock's offset and checks the key. What is missing is made: the folder, the
// database, and the key of a database that has none yet.
func (f storeFlags) openMigrated(ctx context.Context, as role, log *slog.Logger) (*db.DB, []byte, error) {
	if err := f.closeFolder(); err != nil {
		return nil, nil, err
	}
	if _, err := f.keyThatIs(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	d, err := f.open(ctx, as, log)
	if err != nil {
		return nil, nil, err
	}
	key, err := f.bringUp(ctx, d, log)
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, key, nil
}

// bringUp is openMigrated for a database that is open.
func (f storeFlags) bringUp(ctx context.Context, d *db.DB, log *slog.Logger) ([]byte, error) {
	before, err := d.Schema(ctx)
	if err != nil {
		return nil, f.unopened(err)
	}
	key, err := f.key(ctx, d, before)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, d); err != nil {
		return nil, f.unopened(err)
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
	if err := adoptKey(ctx, d, key); err != nil {
		return nil, err
	}
	return f.fitting(ctx, d, key)
}

// fitting is the key if it is the database's, or the one that an interrupted rotation
// left beside it.
func (f storeFlags) fitting(ctx context.Context, d *db.DB, key []byte) ([]byte, error) {
	err := checkKey(ctx, d, key)
	if fault.Is(err, fault.Conflict) {
		return f.finishRotation(ctx, d, err)
	}
	return key, err
}

// keyLength is AES-256's, in bytes.
const keyLength = 32

// key is the secret key, which is made for a database that never had one; of a database
// that had, it is missing.
func (f storeFlags) key(ctx context.Context, d *db.DB, schema int64) ([]byte, error) {
	key, err := f.keyThatIs()
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if schema != 0 {
		var check string
		if err := d.Get(ctx, &check, `SELECT key_check FROM installation`); err != nil {
			return nil, err
		}
		if check != "" {
			return f.keyThatIs() // another process may have made both since
		}
	}
	return makeKeyFile(f.keyFile())
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

// adoptKey makes a key that of a database that has none yet.
func adoptKey(ctx context.Context, d *db.DB, key []byte) error {
	check := checkOf(key)
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET key_check = $1 WHERE key_check = ''`, check)
		return err
	})
}

// checkKey refuses a key that isn't the one that sealed this database's
// secrets, before anything is sealed with a second one.
func checkKey(ctx context.Context, d *db.DB, key []byte) error {
	var kept string
	if err := d.Get(ctx, &kept, `SELECT key_check FROM installation`); err != nil {
		return err
	}
	if kept != checkOf(key) {
		return fault.New(fault.Conflict, "The secret key is not the one that this database was made with. Set SMARTLINKS_SECRET_KEY to that key, or put its key file back into the data folder.")
	}
	return nil
}
