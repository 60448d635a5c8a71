package audit

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// The actor of what an operator's command does, and its name.
const (
	CommandLine     = "cli"
	CommandLineName = "Command line"
)

// RecordCommand adds what an operator's command did to the log of a business.
func (l *Log) RecordCommand(ctx context.Context, businessID business.ID, what, object string) error {
	return l.db.InTx(ctx, func(tx *db.Tx) error {
		return l.Record(ctx, tx, businessID, Entry{Actor: CommandLine, Name: CommandLineName, What: what, Object: object})
	})
}

// RecordCommandEverywhere adds to the log of every business what an operator's command
// does to all of them, in its transaction.
func (l *Log) RecordCommandEverywhere(ctx context.Context, tx *db.Tx, what string) error {
	var all []business.ID
	if err := tx.Select(ctx, &all, `SELECT id FROM businesses ORDER BY id`); err != nil {
		return err
	}
	for _, id := range all {
		if err := l.Record(ctx, tx, id, Entry{Actor: CommandLine, Name: CommandLineName, What: what}); err != nil {
			return err
		}
	}
	return nil
}
