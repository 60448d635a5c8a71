package app

import (
	"context"
	"fmt"

	"smartlinks/internal/message/email"
	"smartlinks/internal/system"
)

// businessesWithoutServer have no mail server of their own.
const businessesWithoutServer = `SELECT COUNT(*) FROM businesses b
	WHERE NOT EXISTS (SELECT 1 FROM mail_settings s WHERE s.business_id = b.id AND s.gateway <> '')`

// mailWorks tells whether mails can leave, and which did not.
func (c doctorCommand) mailWorks(ctx context.Context, s streams, r *system.System) bool {
	works := c.serverWorks(ctx, s, r)
	var failed struct {
		N      int64
		Reason string
	}
	err := r.DB.Get(ctx, &failed, `SELECT COUNT(*) AS n, COALESCE(MAX(reason), '') AS reason FROM mails WHERE state = 'failed'`)
	if err != nil || failed.N == 0 {
		return works
	}
	fmt.Fprintf(s.out, "NOTE  %d mails were not delivered. One of the reasons: %s\n", failed.N, failed.Reason)
	return works
}

// serverWorks tries the installation's mail server. That none is set is told,
// and is no mistake: links and payments work without.
func (c doctorCommand) serverWorks(ctx context.Context, s streams, r *system.System) bool {
	if c.SMTPURL == "" {
		var without int64
		if err := r.DB.Get(ctx, &without, businessesWithoutServer); err == nil && without > 0 && !c.Sandbox {
			fmt.Fprintln(s.out, "NOTE  No mail server is set, so receipts, invitations and forgotten passwords can't be mailed.\n"+
				"      Set SMARTLINKS_SMTP_URL=smtp://user:password@mail.example.com:587 and start again.")
		}
		return true
	}
	server, err := email.ParseURL(c.SMTPURL)
	if err == nil {
		err = (&email.SMTP{Server: server, Name: "localhost", Waits: email.UsualWaits()}).Check(ctx)
	}
	if err != nil {
		fmt.Fprintf(s.out, "WRONG The mail server takes our mail\n      %s. Check SMARTLINKS_SMTP_URL.\n", sentence(err))
		return false
	}
	fmt.Fprintf(s.out, "ok    The mail server at %s lets us in\n", server.Name())
	return true
}
