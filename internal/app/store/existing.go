package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strconv"

	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/testclock"
	"smartlinks/internal/version"
)

// OpenExisting opens a database that is there, of this version's schema, with its key.
// It makes none of them, so that a wrong --data is told, not obeyed.
func (l Location) OpenExisting(ctx context.Context, as role, log *slog.Logger) (*db.DB, []byte, error) {
	if err := l.ExpectFile(); err != nil {
		return nil, nil, err
	}
	d, err := l.Open(ctx, as, log)
	if err != nil {
		return nil, nil, err
	}
	key, err := l.inspect(ctx, d)
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, key, nil
}

// inspect says what is wrong with an open database, and returns its key.
func (l Location) inspect(ctx context.Context, d *db.DB) ([]byte, error) {
	if err := CheckSchema(ctx, d); err != nil {
		return nil, err
	}
	if err := refuseMoved(ctx, d); err != nil {
		return nil, err
	}
	key, err := l.ExistingKey()
	if err != nil {
		return nil, err
	}
	if err := testclock.Load(ctx, d); err != nil {
		return nil, err
	}
	return l.fitting(ctx, d, key)
}

// ExpectFile refuses a data folder without SQLite's file.
func (l Location) ExpectFile() error {
	if l.Database != "" {
		return nil
	}
	if err := l.RefuseFile(); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(l.Data, DatabaseFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, fmt.Sprintf("There is no database in the data folder %s, and nothing was made. Give --data the folder that the server has, or --database its PostgreSQL; "+
			"`smartlinks setup` or `smartlinks serve` makes a new installation.", Absolute(l.Data)))
	}
	if err != nil {
		return l.Unopened(err)
	}
	return nil
}

// Unopened says in plain words why a database can't be opened or made, and what to do.
// Errors that say so already stay as they are.
func (l Location) Unopened(err error) error {
	folder := Absolute(l.Data)
	switch {
	case errors.Is(err, db.ErrFull) && l.Database != "":
		return fault.Wrap(err, fault.Unavailable, "The disk of PostgreSQL is full. Free space on it, then start again.")
	case errors.Is(err, db.ErrFull):
		return fault.Wrap(err, fault.Invalid, "The disk of the data folder "+folder+" is full. Free space on it, then start again; what is there is whole.")
	case errors.Is(err, fs.ErrPermission) && !visible(folder):
		return fault.Wrap(err, fault.Forbidden, fmt.Sprintf("This user may not make or see the data folder %s. Give --data a folder where this user may write, or run the command as the user of the server, as smartlinksctl does.", folder))
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(err, fault.Forbidden, fmt.Sprintf("This user may not open the data folder %[1]s, or a file in it belongs to another one. "+
			"Run the command as the user of the server, as smartlinksctl does, or give the folder to this one: `chown -R %[2]s %[1]s`.", folder, CurrentUser()))
	case db.IsReadOnly(err):
		return fault.Wrap(err, fault.Forbidden, fmt.Sprintf("The data folder %[1]s, or the database in it, can't be written to. Let this user write there: `chmod u+w %[1]s %[1]s/*`. On a disk that is mounted read-only nothing can be opened; copy the folder.", folder))
	case db.IsForeignFile(err):
		return fault.Wrap(err, fault.Conflict, filepath.Join(folder, DatabaseFile)+" is no database of Smart Links, or is damaged. Nothing was changed. Give --data another folder, or restore a backup into a new one.")
	case errors.Is(err, db.ErrForeign):
		return fault.Wrap(err, fault.Conflict, "The database has tables of another program in the places of ours, and nothing was changed. Give Smart Links a database of its own with --database, or another folder with --data.")
	case errors.Is(err, db.ErrElsewhere):
		return fault.Wrap(err, fault.Invalid, "--database-direct leads to another database than --database. Give the address of the PostgreSQL that the pooler leads to, with the same name of the database.")
	case errors.As(err, new(*fault.Error)) && !errors.Is(err, db.ErrAway):
		return err
	}
	return fmt.Errorf("the database can't be opened; check --data or --database: %w", err)
}

// visible tells whether this user sees that something is there.
func visible(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// CurrentUser is the user that this process runs as, as chown takes it.
func CurrentUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Geteuid())
}

// Absolute is a path as people find it from anywhere.
func Absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// CheckSchema refuses a database that isn't of this version, and says what to do.
func CheckSchema(ctx context.Context, d *db.DB) error {
	err := d.CheckSchema(ctx)
	switch {
	case errors.Is(err, db.ErrEmpty):
		return fault.Wrap(err, fault.NotFound, "There is nothing of Smart Links in the database "+d.Where()+", and nothing was made. Check --data and --database; `smartlinks setup` or `smartlinks serve` makes a new installation.")
	case errors.Is(err, db.ErrOlder):
		return fault.Wrap(err, fault.Conflict, "The database "+d.Where()+" was made by an older version than "+version.Name()+", and was left as it is. Make a backup, then start the new server or run `smartlinks migrate`, which upgrade it; or use the older version.")
	}
	return inPlainWords(err)
}

// lostKey says that a database's key isn't there.
func (l Location) lostKey() error {
	return fault.New(fault.Conflict, "The secret key is missing. Put its key file to "+l.KeyFile()+", or set SMARTLINKS_SECRET_KEY. No new one is made: it would open nothing of what is sealed.")
}

// ExistingKey is the secret key, which is not made anew: a new one opens nothing.
func (l Location) ExistingKey() ([]byte, error) {
	if l.SecretKey != "" {
		return l.givenKey()
	}
	key, err := readKeyFile(l.KeyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(l.lostKey(), err)
	}
	return key, err
}

// givenKey is the key that the command line or the environment gives.
func (l Location) givenKey() ([]byte, error) {
	key, err := ParseKey(l.SecretKey, "--secret-key or SMARTLINKS_SECRET_KEY")
	if err != nil {
		return nil, cli.Misuse(fault.Of(err).Message)
	}
	return key, nil
}

// RefuseFile refuses a file where a data folder is to be.
func (l Location) RefuseFile() error {
	if info, err := os.Stat(l.Data); err == nil && !info.IsDir() {
		return fault.New(fault.Invalid, l.Data+" is no folder. Give --data one.")
	}
	return nil
}
