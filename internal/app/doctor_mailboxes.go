package app

import (
	"context"
	"fmt"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/cli"
	"smartlinks/internal/system"
)

// mailboxesWork opens every mailbox that returned mail is read from, and counts those that
// can't be.
func (c doctorCommand) mailboxesWork(ctx context.Context, s streams, r *system.System) (ill int) {
	err := r.Bounces.CheckMailboxes(ctx, func(businessName string, m imap.Mailbox, problem error) {
		if problem == nil {
			fmt.Fprintf(s.out, "ok    Returned mail of %s can be read at %s\n", businessName, m.Name())
			return
		}
		ill++
		fmt.Fprintf(s.out, "WRONG Returned mail of %s can be read\n      %s Check Settings, Email, Returned mail.\n", businessName, cli.Sentence(explain.Sentence(problem)))
	})
	if err != nil {
		fmt.Fprintf(s.out, "NOTE  The mailboxes of returned mail can't be looked up: %v\n", err)
	}
	return ill
}
