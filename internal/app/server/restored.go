package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/system"
)

// books is an account at a provider whose books are compared with ours.
type books struct {
	Provider string
	Mode     business.Mode
}

// Reconcile compares everything since a while ago, and tells what it did. What
// one provider does not answer leaves the others compared; the payers' pages
// stay closed then.
func Reconcile(ctx context.Context, r *system.System, back time.Duration, out io.Writer) error {
	businesses, err := r.Businesses.List(ctx)
	if err != nil {
		return err
	}
	compared, failed := 0, 0
	for _, b := range businesses {
		accounts, err := booksOf(ctx, r, b)
		if err != nil {
			return err
		}
		compared += len(accounts)
		for _, at := range accounts {
			done, err := r.Payments.Reconcile(ctx, b, at.Provider, at.Mode, r.DB.Clock().Wall().Add(-back))
			if err != nil {
				failed++
				fmt.Fprintf(out, "%s, %s (%s): %s\n", b.Handle, at.Provider, at.Mode, explain.Sentence(err))
				continue
			}
			fmt.Fprintf(out, "%s, %s (%s): %d compared, %d settled, %d made anew, %d of others\n",
				b.Handle, at.Provider, at.Mode, done.Listed, done.Settled, done.Restored, done.Foreign)
			for _, problem := range done.Problems {
				fmt.Fprintf(out, "  %s\n", problem)
			}
		}
	}
	if compared == 0 {
		fmt.Fprintln(out, "No business has a provider, so there is nothing to compare. In test mode say --sandbox.")
	}
	if failed > 0 {
		return fault.New(fault.Unavailable, fmt.Sprintf("%d of the providers' accounts could not be compared. Run this again.", failed))
	}
	return reopen(ctx, r.DB)
}

// booksOf are the accounts of a business: those it has a key for, and the
// sandbox.
func booksOf(ctx context.Context, r *system.System, b business.Business) (all []books, err error) {
	accounts, err := r.Keys.List(ctx, b.ID)
	for _, a := range accounts {
		all = append(all, books{a.Provider, a.Mode})
	}
	if r.Sandbox != nil {
		all = append(all, books{business.Sandbox, business.Test})
	}
	return all, err
}

// ClosePages says that the database came from a backup: servers that start show
// no payer's page until the books are compared.
func ClosePages(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET restored_at = $1`, db.At(tx.Now()))
		return err
	})
}

// reopen says that what a restore forgot is repaired.
func reopen(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		tx.Notify("restored", "")
		_, err := tx.Exec(ctx, `UPDATE installation SET restored_at = NULL`)
		return err
	})
}

// Restored reports whether the database came from a backup and has not been
// compared with the providers since.
func Restored(ctx context.Context, d *db.DB) (is bool, err error) {
	err = d.Get(ctx, &is, `SELECT restored_at IS NOT NULL FROM installation`)
	return is, err
}

const (
	// reconcileBack is how far back a server compares by itself after a restore.
	reconcileBack = 90 * 24 * time.Hour
	// reconcileEvery is how often it tries again, when a provider is away.
	reconcileEvery = time.Minute
)

// repair compares with the providers until it succeeds once, when the database
// was restored. Until then the payers' pages are closed.
func (srv *Server) repair(ctx context.Context) {
	again := time.NewTicker(reconcileEvery)
	defer again.Stop()
	for srv.closed.Load() {
		log := slog.NewLogLogger(srv.settings.Log.Handler(), slog.LevelInfo).Writer()
		err := Reconcile(ctx, srv.System, reconcileBack, log)
		if err == nil {
			srv.settings.Log.Info("compared with the providers after a restore; the payers' pages are open again")
			srv.closed.Store(false)
			return
		}
		srv.settings.Log.Warn("not compared with all providers yet; the payers' pages stay closed", "error", err)
		select {
		case <-ctx.Done():
			return
		case <-again.C:
			if still, err := Restored(ctx, srv.System.DB); err == nil {
				srv.closed.Store(still) // another process, or the command, may have done it
			}
		}
	}
}

// closeAfterRestore closes the payers' pages when the database was restored, and
// begins to repair it.
func (srv *Server) closeAfterRestore(ctx context.Context) error {
	is, err := Restored(ctx, srv.System.DB)
	if err != nil || !is {
		return err
	}
	srv.closed.Store(true)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		srv.repair(ctx)
	}()
	srv.closers = append(srv.closers, func() {
		cancel()
		<-ended
	})
	return nil
}
