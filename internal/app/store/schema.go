package store

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/version"
)

// Migrate brings the schema up, and says in plain words when a newer version has
// been here.
func Migrate(ctx context.Context, d *db.DB) error { return inPlainWords(d.Migrate(ctx)) }

// inPlainWords says what to do about a schema of a newer version, and of one from before
// the first release.
func inPlainWords(err error) error {
	if errors.Is(err, db.ErrNewer) {
		return fault.Wrap(err, fault.Conflict, "A newer version of Smart Links has upgraded this database, and "+version.Name()+" can't work with it. Nothing was changed. Run the newer version, or go back: restore the backup that was made before the upgrade.")
	}
	if errors.Is(err, db.ErrTooOld) {
		return fault.Wrap(err, fault.Conflict, "This database was made before the first release, by a version that "+version.Name()+" can't upgrade. Nothing was changed. Build the commit 30fe86ccb0f0, run its `smartlinks migrate` on the database once, then start this version.")
	}
	return err
}
