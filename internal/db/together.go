package db

import (
	"context"
	"errors"
	"time"
)

const (
	// mostTogether bounds how many transactions are committed as one.
	mostTogether = 64
	// togetherTimeout bounds one commit of them.
	togetherTimeout = 15 * time.Second
)

// errOnlyQueues is a defect of the caller.
var errOnlyQueues = errors.New("db: what is committed together with others awaits no answer within")

// Together is InTx for a transaction that only queues, about rows that nobody else changes
// at the time, such as new ones. On PostgreSQL those of one kind and business that come
// while another is committed are committed by the next, all of them at once: a busy server
// waits for the disk once for many. business is "" for what belongs to none. When that
// fails each is done by itself, so do may run again. It waits for the commit also when ctx
// ends. What stands or falls with the transaction (WithBeforeCommit) makes it one of its own.
func (d *DB) Together(ctx context.Context, kind, business string, do func(tx *Tx) error) error {
	if beforeCommit(ctx) != nil {
		return d.InTx(ctx, do)
	}
	by := func(ctx context.Context, do func(*Tx) error) error {
		return d.engine.together(ctx, shared{kind, business}, do)
	}
	return d.run(ctx, by, do)
}

// shared is what transactions have in common that are committed as one: none is over two
// businesses.
type shared struct{ kind, business string }

// joining is a transaction that waits to be committed with others.
type joining struct {
	statements []*Statement
	err        error
}

func (p *postgres) together(ctx context.Context, of shared, do func(*Tx) error) error {
	later, tx := newHooks(), &pgTx{}
	if err := do(p.d.newTx(tx, later)); err != nil {
		return err
	}
	j := &joining{statements: tx.waits}
	if err := p.joined.Do(context.WithoutCancel(ctx), of, j); err != nil {
		return err
	}
	switch {
	case j.err == nil:
		p.committed(later)
		return nil
	case p.away(j.err):
		return j.err
	}
	return p.inTx(ctx, do)
}

// commitTogether commits transactions as one.
func (p *postgres) commitTogether(_ shared, all []*joining) {
	ctx, cancel := context.WithTimeout(context.Background(), togetherTimeout)
	defer cancel()
	var statements []*Statement
	for _, j := range all {
		statements = append(statements, j.statements...)
	}
	err := sendAll(ctx, p.pool, statements)
	for _, j := range all {
		j.err = err
	}
}
