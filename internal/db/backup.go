package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"smartlinks/internal/db/migrations"
)

// ErrOtherTools says that PostgreSQL is backed up and restored by its own tools.
var ErrOtherTools = errors.New("db: PostgreSQL has tools of its own for backups")

// ErrDamaged says that a file is no whole database of this product.
var ErrDamaged = errors.New("db: the file is damaged or is no database of Smart Links")

// ErrNewer says that a newer version of the product wrote the file.
var ErrNewer = errors.New("db: the file was written by a newer version")

// Backup writes SQLite's database, as of one moment, to a new file while others
// go on writing: see https://www.sqlite.org/lang_vacuum.html#vacuuminto. The file
// is whole, checked and on the disk when Backup returns nil; else there is none.
// The errors are ErrOtherTools, fs.ErrExist and what the disk says.
func (d *DB) Backup(ctx context.Context, path string) error {
	lite, ok := d.engine.(*sqlite)
	if !ok {
		return ErrOtherTools
	}
	draft, err := draftBeside(path)
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	if _, err := lite.read.ExecContext(ctx, `VACUUM INTO ?`, draft); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if err := CheckFile(ctx, draft); err != nil {
		return err
	}
	return Place(draft, path)
}

// draftBeside is the name of a new, empty file in the folder of path, which only its
// owner can read. SQLite writes into an empty one as into none.
func draftBeside(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// Place gives a draft its name, once it is safe on the disk. It replaces nothing:
// fs.ErrExist.
func Place(draft, path string) error {
	if err := flush(draft); err != nil {
		return err
	}
	if err := os.Link(draft, path); err != nil { // fails where the name is taken
		return err
	}
	return errors.Join(os.Remove(draft), flush(filepath.Dir(path)))
}

// flush waits until a file or folder is on the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// CheckFile reads a whole file of SQLite and says whether it is a database that
// this version can work with: nil, ErrDamaged, ErrNewer, what the disk says, or that ctx ended.
func CheckFile(ctx context.Context, path string) error {
	if err := readable(path); err != nil {
		return err
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: url.Values{"mode": {"ro"}, "immutable": {"1"}}.Encode()}
	pool, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, check := range []func() error{
		func() error { return expect(ctx, pool, `PRAGMA integrity_check`, "ok") },
		func() error { return expect(ctx, pool, `SELECT COUNT(*) FROM pragma_foreign_key_check`, "0") },
		func() error { return expect(ctx, pool, `SELECT COUNT(*) FROM installation`, "1") },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	var version int64
	if err := pool.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		return damage(ctx, err)
	}
	newest, err := newestMigration(migrations.Files)
	if err == nil && version > newest {
		err = fmt.Errorf("%w: its schema is %d and this program's is %d", ErrNewer, version, newest)
	}
	return err
}

// expect wants one answer of one value.
func expect(ctx context.Context, pool *sql.DB, query, want string) error {
	var got string
	err := pool.QueryRowContext(ctx, query).Scan(&got)
	if err == nil && got != want {
		err = errors.New(got)
	}
	if err != nil {
		return damage(ctx, fmt.Errorf("%s: %w", query, err))
	}
	return nil
}

// damage tells a file that is not whole from a reading that was stopped, which says nothing of
// the file.
func damage(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// readable says why this user can't read a file, which SQLite calls as it calls a damaged one.
func readable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// newestMigration is the highest number of a migration, also where each engine has a file
// of its own.
func newestMigration(files fs.FS) (newest int64, err error) {
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".sql" {
			return err
		}
		digits, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.ParseInt(digits, 10, 64)
		newest = max(newest, n)
		return err
	})
	return newest, err
}
