package db

import (
	"context"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// Steps are the numbers of the steps that this engine's schema is made by.
func (d *DB) Steps() (numbers []int64, err error) {
	err = d.withSteps(func(steps *goose.Provider) error {
		for _, s := range steps.ListSources() {
			numbers = append(numbers, s.Version)
		}
		return nil
	})
	return numbers, err
}

// MigrateTo is Migrate of a version whose newest step had this number.
func (d *DB) MigrateTo(ctx context.Context, step int64) error {
	return d.withSteps(func(steps *goose.Provider) error {
		_, err := steps.UpTo(ctx, step)
		return err
	})
}

func (d *DB) withSteps(do func(*goose.Provider) error) error {
	if p, ok := d.engine.(*postgres); ok {
		pool := stdlib.OpenDBFromPool(p.pool)
		defer pool.Close()
		steps, err := p.provider(pool)
		if err != nil {
			return err
		}
		return do(steps)
	}
	steps, err := d.engine.(*sqlite).provider()
	if err != nil {
		return err
	}
	return do(steps)
}

// LockMigration takes the lock of another process that migrates.
func (d *DB) LockMigration(ctx context.Context) (unlock func(), err error) {
	p, ok := d.engine.(*postgres)
	if !ok {
		return lockFile(ctx, d.engine.(*sqlite).path+".migrate")
	}
	pool := stdlib.OpenDBFromPool(p.pool)
	conn, err := pool.Conn(ctx)
	if err == nil {
		err = sessionLock{}.SessionLock(ctx, conn)
	}
	return func() {
		_ = sessionLock{}.SessionUnlock(context.WithoutCancel(ctx), conn)
		conn.Close()
		pool.Close()
	}, err
}
