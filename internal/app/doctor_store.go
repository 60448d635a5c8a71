package app

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/system"
)

// lowDisk is the free space below which the doctor notes it, in bytes.
const lowDisk = 500 << 20

// errTried ends a transaction that only tried.
var errTried = errors.New("only tried")

// storeChecks is how many checks storeWorks makes.
const storeChecks = 2

// storeWorks tells whether the database takes writes, by one of what is there already,
// whether the key opens all that is sealed, and how much room there is. It returns how many of its checks found something.
func (c doctorCommand) storeWorks(ctx context.Context, s streams, r *system.System) (ill int) {
	if err := r.DB.Probe(ctx); errors.Is(err, db.ErrFull) {
		ill++
		fmt.Fprintf(s.out, "WRONG The disk is full, so the database takes no writes\n      Free space on the disk of %s. It goes on by itself.\n", r.DB.Where())
	} else if err != nil {
		ill++
		fmt.Fprintf(s.out, "WRONG The database takes no writes\n      %s Check the disk, and the rights to write.\n", cli.Sentence(explain.Sentence(err)))
	} else {
		fmt.Fprintln(s.out, "ok    The database can be written to")
	}
	opened, closed, err := tryOpening(ctx, r)
	switch {
	case err != nil:
		ill++
		fmt.Fprintf(s.out, "WRONG What is sealed can't be read\n      %v\n", err)
	case len(closed) > 0:
		ill++
		fmt.Fprintf(s.out, "WRONG The secret key does not open all that is sealed (%d)\n      Among it %s. Put the key back that sealed it, or enter these secrets anew.\n", len(closed), closed[0])
	default:
		fmt.Fprintf(s.out, "ok    The secret key opens all that is sealed (%d)\n", opened)
	}
	free, err := store.FreeSpace(c.Data)
	if err != nil {
		return ill // over a PostgreSQL there need be no folder
	}
	sign := "ok   "
	if free < lowDisk {
		sign = "NOTE "
	}
	fmt.Fprintf(s.out, "%s The disk of the data folder has %.1f GB free\n", sign, float64(free)/1e9)
	return ill
}

// routeWorks tells what a pooler before PostgreSQL means, where there is one, and whether
// the direct address leads where it must.
func (c doctorCommand) routeWorks(ctx context.Context, s streams, d *db.DB) bool {
	route, err := d.Route(ctx)
	switch {
	case errors.Is(err, db.ErrElsewhere):
		fmt.Fprintf(s.out, "WRONG The direct address leads to another database\n      %s\n", explain.Sentence(c.Unopened(err)))
		return false
	case err != nil:
		fmt.Fprintf(s.out, "WRONG The direct address of PostgreSQL does not answer\n      %s Servers don't start without it: check --database-direct, or leave it out.\n", cli.Sentence(explain.Sentence(err)))
		return false
	case route.DirectPooled:
		fmt.Fprintln(s.out, "NOTE  The direct address of PostgreSQL leads to a pooler too\n      It must keep a connection for a session (pool_mode = session), or locks and notices are lost.")
	case route.Pooled && route.Direct:
		fmt.Fprintln(s.out, "ok    PostgreSQL is reached through a pooler, and directly for locks and notices")
	case route.Pooled:
		fmt.Fprintln(s.out, "NOTE  PostgreSQL is reached through a pooler: servers ask once a second what others changed\n      Other servers see a change within 2 seconds. Give --database-direct to have it at once.")
	}
	return true
}

// tryOpening opens all that is sealed, as a rotation finds it, and counts what opens;
// closed is where the rest is kept.
func tryOpening(ctx context.Context, r *system.System) (opened int, closed []string, err error) {
	err = triedOnly(r.DB.InTx(ctx, func(tx *db.Tx) error {
		opened, closed = 0, nil
		for _, each := range resealers {
			err := each(ctx, tx, func(sealed, context string) (string, error) {
				if _, err := r.Sealer.Open(sealed, context); err != nil {
					closed = append(closed, context)
				} else {
					opened++
				}
				return sealed, nil
			})
			if err != nil {
				return err
			}
		}
		return errTried
	}))
	return opened, closed, err
}

func triedOnly(err error) error {
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}
