package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// lockName is the file in the data folder whose lock the one process has that owns it.
const lockName = "smartlinks.lock"

// Own makes the data folder this process's alone until release, or refuses one that
// another has: a second server of SQLite's file would go on with what it remembers, and
// one beside a rotation would seal with the old key. Over a PostgreSQL the database
// sees to that, and servers may share the folder.
func (l Location) Own() (release func(), err error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if l.Database != "" {
		return func() {}, nil
	}
	if err := l.closeFolder(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(l.Data, 0o700); err != nil {
		return nil, l.Unopened(err)
	}
	release, err = db.LockFile(filepath.Join(l.Data, lockName))
	if errors.Is(err, db.ErrInUse) {
		return nil, fault.New(fault.Conflict, fmt.Sprintf("The data folder %s is in use by another smartlinks: a server, a demo, or a command that needs it for itself. "+
			"Stop that one first, or choose another folder with --data. Several servers over one database need PostgreSQL.", l.Data))
	}
	if err != nil {
		return nil, l.Unopened(err)
	}
	return release, nil
}

// role is what a process does with the database.
type role int

const (
	Beside  role = iota // a command that may run beside servers
	Serving             // a server
	Alone               // a command that needs the servers to be stopped
)

// inUse says what to do about a PostgreSQL that others use.
func (r role) inUse() error {
	if r == Serving {
		return fault.New(fault.Conflict, "`smartlinks secrets rotate` is changing the key of this database. Start the server when it has ended.")
	}
	return fault.New(fault.Conflict, "Servers are running on this database. Stop all of them first, then run this again.")
}
