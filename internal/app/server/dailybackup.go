package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// BackupFlags are those of the backups that a server makes itself.
type BackupFlags struct {
	BackupTo   string `help:"Folder for a backup of SQLite's database a day, which the server makes and reads through itself."`
	BackupKeep int    `default:"14" help:"How many of them are kept; older ones are deleted."`
}

const (
	// BackupEvery is the age at which the newest backup is no longer enough.
	BackupEvery = 24 * time.Hour
	// backupCheckEvery is how often a server looks at it, so that a restart or a failure costs
	// an hour and not a day.
	backupCheckEvery = time.Hour
	// BackupLate is the age at which something is wrong.
	BackupLate = 2 * BackupEvery
	// BackupName is the layout of their names: UTC, so that they sort by time.
	BackupName = "smartlinks-20060102T150405Z.db"
)

// OtherTools is what to do where the database is PostgreSQL.
const OtherTools = "PostgreSQL has its own tools: back up with pg_dump or by archiving its log, restore with pg_restore, then run `smartlinks reconcile --restored`."

// Check refuses flags that can't be meant, and makes the folder.
func (f BackupFlags) Check(at store.Location) error {
	switch {
	case f.BackupTo == "":
		return nil
	case at.Database != "":
		return cli.Misuse("--backup-to copies SQLite's database. " + OtherTools)
	case f.BackupKeep < 1:
		return cli.Misuse("--backup-keep must be 1 or more.")
	case store.Absolute(f.BackupTo) == store.Absolute(at.Data):
		return cli.Misuse("--backup-to must be another folder than --data, best on another disk.")
	}
	if err := os.MkdirAll(f.BackupTo, 0o700); err != nil {
		return fault.Wrap(err, fault.Invalid, "The folder of the backups "+store.Absolute(f.BackupTo)+" can't be made. Make it for the server's user, or choose another with --backup-to.")
	}
	return nil
}

// Made are the times of the backups that are there, the oldest first. Files of other
// names are nobody's business here, and neither are times to come, which a wrong clock
// wrote: until then they would pass for the newest.
func (f BackupFlags) Made(now time.Time) (all []time.Time, err error) {
	entries, err := os.ReadDir(f.BackupTo)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if at, err := time.Parse(BackupName, e.Name()); err == nil && !at.After(now) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all, err
}

// Newest is the time of the newest backup, or zero.
func (f BackupFlags) Newest(now time.Time) time.Time {
	all, err := f.Made(now)
	if err != nil || len(all) == 0 {
		return time.Time{}
	}
	return all[len(all)-1]
}

// make makes a backup when the newest is older than a day, and then deletes those that
// are too many. A new one that is not whole deletes nothing.
func (f BackupFlags) make(ctx context.Context, d *db.DB, log *slog.Logger) error {
	now := d.Clock().Wall().UTC()
	if now.Sub(f.Newest(now)) < BackupEvery {
		return nil
	}
	if err := f.clear(); err != nil {
		log.WarnContext(ctx, "what unfinished backups left is still there", "error", err)
	}
	path := filepath.Join(f.BackupTo, now.Format(BackupName))
	if err := d.Backup(ctx, path); err != nil {
		return fmt.Errorf("no backup was made in %s: %w", f.BackupTo, err)
	}
	log.InfoContext(ctx, "made a backup", "file", path)
	all, err := f.Made(now)
	if err != nil {
		return err
	}
	for len(all) > f.BackupKeep {
		if err := os.Remove(filepath.Join(f.BackupTo, all[0].Format(BackupName))); err != nil {
			return fmt.Errorf("delete an old backup: %w", err)
		}
		all = all[1:]
	}
	return nil
}

// clear deletes the drafts of backups that a killed server left: each may be as large as
// the database. Nobody else writes such names there.
func (f BackupFlags) clear() error {
	entries, err := os.ReadDir(f.BackupTo)
	for _, e := range entries {
		name, hidden := strings.CutPrefix(e.Name(), ".")
		at, _, random := strings.Cut(name, ".db.")
		if _, no := time.Parse(BackupName, at+".db"); hidden && random && no == nil {
			err = errors.Join(err, os.Remove(filepath.Join(f.BackupTo, e.Name())))
		}
	}
	return err
}
