package db

import "context"

// InChunks removes or empties many rows: it runs do in one transaction after the
// other until one has changed fewer rows than most, which it is told as the bound.
// So nobody waits for all of it, and what is done stays done when ctx ends.
func (d *DB) InChunks(ctx context.Context, most int64, do func(tx *Tx, most int64) (int64, error)) (total int64, err error) {
	for n := most; n >= most; total += n {
		err = d.InTx(ctx, func(tx *Tx) (err error) {
			n, err = do(tx, most)
			return err
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
