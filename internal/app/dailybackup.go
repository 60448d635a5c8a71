package app

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

// backupFlags are those of the backups that a server makes itself.
type backupFlags struct {
	BackupTo   string `help:"Folder for a backup of SQLite's database a day, which the server makes and reads through itself."`
	BackupKeep int    `default:"14" help:"How many of them are kept; older ones are deleted."`
}

const (
	// backupEvery is the age at which the newest backup is no longer enough.
	backupEvery = 24 * time.Hour
	// backupCheckEvery is how often a server looks at it, so that a restart or a failure costs
	// an hour and not a day.
	backupCheckEvery = time.Hour
	// backupLate is the age at which something is wrong.
	backupLate = 2 * backupEvery
	// backupName is the layout of their names: UTC, so that they sort by time.
	backupName = "smartlinks-20060102T150405Z.db"
)

// check refuses flags that can't be meant, and makes the folder.
func (f backupFlags) check(at store.Location) error {
	switch {
	case f.BackupTo == "":
		return nil
	case at.Database != "":
		return cli.Misuse("--backup-to copies SQLite's database. " + otherTools)
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

// made are the times of the backups that are there, the oldest first. Files of other
// names are nobody's business here, and neither are times to come, which a wrong clock
// wrote: until then they would pass for the newest.
func (f backupFlags) made(now time.Time) (all []time.Time, err error) {
	entries, err := os.ReadDir(f.BackupTo)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if at, err := time.Parse(backupName, e.Name()); err == nil && !at.After(now) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all, err
}

// newest is the time of the newest backup, or zero.
func (f backupFlags) newest(now time.Time) time.Time {
	all, err := f.made(now)
	if err != nil || len(all) == 0 {
		return time.Time{}
	}
	return all[len(all)-1]
}

// make makes a backup when the newest is older than a day, and then deletes those that
// are too many. A new one that is not whole deletes nothing.
func (f backupFlags) make(ctx context.Context, d *db.DB, log *slog.Logger) error {
	now := d.Clock().Wall().UTC()
	if now.Sub(f.newest(now)) < backupEvery {
		return nil
	}
	if err := f.clear(); err != nil {
		log.WarnContext(ctx, "what unfinished backups left is still there", "error", err)
	}
	path := filepath.Join(f.BackupTo, now.Format(backupName))
	if err := d.Backup(ctx, path); err != nil {
		return fmt.Errorf("no backup was made in %s: %w", f.BackupTo, err)
	}
	log.InfoContext(ctx, "made a backup", "file", path)
	all, err := f.made(now)
	if err != nil {
		return err
	}
	for len(all) > f.BackupKeep {
		if err := os.Remove(filepath.Join(f.BackupTo, all[0].Format(backupName))); err != nil {
			return fmt.Errorf("delete an old backup: %w", err)
		}
		all = all[1:]
	}
	return nil
}

// clear deletes the drafts of backups that a killed server left: each may be as large as
// the database. Nobody else writes such names there.
func (f backupFlags) clear() error {
	entries, err := os.ReadDir(f.BackupTo)
	for _, e := range entries {
		name, hidden := strings.CutPrefix(e.Name(), ".")
		at, _, random := strings.Cut(name, ".db.")
		if _, no := time.Parse(backupName, at+".db"); hidden && random && no == nil {
			err = errors.Join(err, os.Remove(filepath.Join(f.BackupTo, e.Name())))
		}
	}
	return err
}

// backupChecks is how many checks backupsAreMade makes, when backups are set.
const backupChecks = 1

// backupsAreMade tells how old the newest backup is.
func (c doctorCommand) backupsAreMade(s streams, d *db.DB) (ill int) {
	if c.BackupTo == "" {
		if c.Database == "" && !c.Sandbox {
			fmt.Fprintln(s.out, "NOTE  The server makes no backups by itself. Set --backup-to to a folder, best on another disk, or run `smartlinks backup` from time to time.")
		}
		return 0
	}
	now := d.Clock().Wall()
	all, err := c.made(now)
	if err != nil {
		fmt.Fprintf(s.out, "WRONG The backups can't be looked at\n      %v\n", err)
		return 1
	}
	age := now.Sub(c.newest(now))
	if len(all) == 0 || age > backupLate {
		fmt.Fprintf(s.out, "WRONG There is no backup of the last two days in %s\n      The server makes one a day when it runs with --backup-to; its log says why it could not.\n", c.BackupTo)
		return 1
	}
	fmt.Fprintf(s.out, "ok    The newest backup is from %s, of %d in %s\n", c.newest(now).UTC().Format("2006-01-02 15:04 UTC"), len(all), c.BackupTo)
	return 0
}
