package app

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/app/server"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
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
	server, err := c.handOver(ctx, r)
	var refused *email.Refusal
	switch {
	case errors.As(err, &refused) && !refused.Final && !refused.Away:
		fmt.Fprintf(s.out, "NOTE  %s It may take our mail later, and is asked again then.\n", cli.Sentence(explain.Sentence(err)))
		return true
	case err != nil:
		fmt.Fprintf(s.out, "WRONG The mail server takes our mail\n      %s Check SMARTLINKS_SMTP_URL and --mail-from.\n", cli.Sentence(explain.Sentence(err)))
		return false
	}
	fmt.Fprintf(s.out, "ok    The mail server at %s takes our mail\n", server)
	return true
}

// handOver goes as far with the server as a mail of ours to an owner goes, short of
// the mail, and returns the server's name. Before there is an owner it would go to ourselves.
func (c doctorCommand) handOver(ctx context.Context, r *system.System) (name string, err error) {
	var o system.Options
	if o.Addresses, err = server.PublicAddress(c.URL, "http://localhost:8080"); err != nil {
		return "", err
	}
	mail := c.MailFlags
	mail.SMSURL = "" // another check's
	if err := mail.Read(&o); err != nil {
		return "", err
	}
	from := o.Sender().Address
	to := from
	err = r.DB.Get(ctx, &to, `SELECT u.email FROM users u JOIN members m ON m.user_id = u.id WHERE m.role = 'owner' ORDER BY m.created_at, u.id LIMIT 1`)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return "", err
	}
	return o.Mail.Name(), o.Server().Check(ctx, from, to)
}
