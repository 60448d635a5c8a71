package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

type backupCommand struct {
	store.Location `group:"Where things are kept:"`
	File           string `arg:"" help:"Where to write it. It must not exist."`
}

// Run writes a backup while the server goes on.
func (c backupCommand) Run(ctx context.Context, s streams) error {
	if c.Database != "" {
		return fault.New(fault.Invalid, server.OtherTools)
	}
	if err := c.ExpectFile(); err != nil {
		return err
	}
	log := logs.Text(s.err, slog.LevelWarn)
	d, err := c.Open(ctx, store.Beside, log)
	if err != nil {
		return err
	}
	defer d.Close()
	// One of an older schema is copied too: that is what to do before an upgrade.
	if err := store.CheckSchema(ctx, d); err != nil && !errors.Is(err, db.ErrOlder) {
		return err
	}
	err = d.Backup(ctx, c.File)
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Conflict, c.File+" exists. Choose another name: a backup replaces nothing.")
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return fault.Wrap(err, fault.Invalid, "No backup was made, because this user can't write a file in the folder "+store.Absolute(filepath.Dir(c.File))+". Make the folder, or choose another one.")
	}
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	_, err = fmt.Fprintf(s.out, "%s is a whole copy of the database. The secret key is not in it: keep %s, or SMARTLINKS_SECRET_KEY, in another safe place.\n", c.File, c.KeyFile())
	return err
}

type restoreCommand struct {
	store.Location `group:"Where things are kept:"`
	File           string `arg:"" help:"The backup."`
}

// Run makes a data folder's database from a backup. It replaces nothing, and
// changes nothing unless the backup is whole and the key belongs to it.
func (c restoreCommand) Run(ctx context.Context, s streams) error {
	if c.Database != "" {
		return fault.New(fault.Invalid, server.OtherTools)
	}
	if err := c.RefuseFile(); err != nil {
		return err
	}
	if err := c.refuseExisting(store.DatabaseFile, store.DatabaseFile+"-wal"); err != nil {
		return err
	}
	if err := checkBackup(ctx, c.File); err != nil {
		return err
	}
	key, err := c.ExistingKey()
	if err != nil {
		return err
	}
	release, err := c.Own()
	if err != nil {
		return err
	}
	defer release()
	folder, err := os.MkdirTemp(c.Data, ".restore")
	if err != nil {
		return fmt.Errorf("the data folder can't be written to: %w", err)
	}
	defer os.RemoveAll(folder)
	draft := store.Location{Data: folder}
	if err := copyFile(c.File, filepath.Join(folder, store.DatabaseFile)); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	if err := markRestored(ctx, draft, s, key); err != nil {
		return err
	}
	if err := db.Place(filepath.Join(folder, store.DatabaseFile), filepath.Join(c.Data, store.DatabaseFile)); err != nil {
		return fmt.Errorf("put the database into the data folder: %w", err)
	}
	_, err = fmt.Fprintln(s.out, "Restored. Payers' pages stay closed until payments are compared with the providers: start the server, which does it, or run `smartlinks reconcile` first.")
	return err
}

// refuseExisting refuses a folder that has one of the files.
func (c restoreCommand) refuseExisting(files ...string) error {
	for _, name := range files {
		path := filepath.Join(c.Data, name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.Conflict, path+" exists. Stop the server and move the old database away, with the files whose names begin like it, or choose another folder with --data.")
		}
	}
	return nil
}

// checkBackup says in plain words what is wrong with a backup.
func checkBackup(ctx context.Context, file string) error {
	err := db.CheckFile(ctx, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.NotFound, "There is no file "+file+". Give the path of a backup.")
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(err, fault.Forbidden, fmt.Sprintf("This user may not read %[1]s, or a folder on the way to it. Nothing was changed; let it, for instance by `chown %[2]s %[1]s`, or copy the backup to where it may.", file, store.CurrentUser()))
	case errors.Is(err, db.ErrDamaged):
		return fault.Wrap(err, fault.Invalid, file+" is damaged, or is no backup of Smart Links. Nothing was changed; take another backup.")
	case errors.Is(err, db.ErrNewer):
		return fault.Wrap(err, fault.Invalid, file+" was written by a newer version. Restore it with that version.")
	}
	return err
}

// markRestored checks the key and has the payers' pages closed until the books
// are compared. Closing the database moves its log into the one file.
func markRestored(ctx context.Context, f store.Location, s streams, key []byte) error {
	log := logs.Text(s.err, slog.LevelWarn)
	d, err := f.Open(ctx, store.Beside, log)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := store.Migrate(ctx, d); err != nil {
		return err
	}
	if err := errors.Join(store.AdoptKey(ctx, d, key), store.CheckKey(ctx, d, key)); err != nil {
		return err
	}
	return server.ClosePages(ctx, d)
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	copied, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(copied, source)
	return errors.Join(err, copied.Close())
}
