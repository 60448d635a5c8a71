package app

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/system"
)

// lowDisk is the free space below which the doctor notes it, in bytes.
const lowDisk = 500 << 20

// errTried ends a transaction that only tried.
var errTried = errors.New("only tried")

// storeChecks is how many checks storeWorks makes.
const storeChecks = 2

// storeWorks tells whether the database takes writes and the key opens all that is
// sealed, both in transactions that are rolled back, and how much room there is. It
// returns how many of its checks found something.
func (c doctorCommand) storeWorks(ctx context.Context, s streams, r *system.System) (ill int) {
	if err := tryWriting(ctx, r.DB); err != nil {
		ill++
		fmt.Fprintf(s.out, "WRONG The database takes no writes\n      %v. Check the disk, and the rights to write.\n", err)
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
	free, err := freeSpace(c.Data)
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

func tryWriting(ctx context.Context, d *db.DB) error {
	return triedOnly(d.InTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE installation SET key_check = key_check`); err != nil {
			return err
		}
		return errTried
	}))
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
