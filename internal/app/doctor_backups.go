package app

import (
	"fmt"

	"smartlinks/internal/app/server"
	"smartlinks/internal/db"
)

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
	all, err := c.Made(now)
	if err != nil {
		fmt.Fprintf(s.out, "WRONG The backups can't be looked at\n      %v\n", err)
		return 1
	}
	age := now.Sub(c.Newest(now))
	if len(all) == 0 || age > server.BackupLate {
		fmt.Fprintf(s.out, "WRONG There is no backup of the last two days in %s\n      The server makes one a day when it runs with --backup-to; its log says why it could not.\n", c.BackupTo)
		return 1
	}
	fmt.Fprintf(s.out, "ok    The newest backup is from %s, of %d in %s\n", c.Newest(now).UTC().Format("2006-01-02 15:04 UTC"), len(all), c.BackupTo)
	return 0
}
