package app

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/cli"
	"smartlinks/internal/clock"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/system"
)

// smsWorks tells whether text messages can leave, and which did not.
func (c doctorCommand) smsWorks(ctx context.Context, s streams, r *system.System) bool {
	works := c.gatewayWorks(ctx, s)
	var failed struct {
		N      int64
		Reason string
	}
	err := r.DB.Get(ctx, &failed, `SELECT COUNT(*) AS n, COALESCE(MAX(reason), '') AS reason FROM texts
		WHERE state = 'failed' AND (body <> '' OR gateway_id <> '')`)
	if err == nil && failed.N > 0 {
		fmt.Fprintf(s.out, "NOTE  %d SMS were not delivered. One of the reasons: %s\n", failed.N, failed.Reason)
	}
	return c.smsGoes(ctx, s, r) && works
}

// smsGoes tells whose gateway refuses the account, so that SMS wait.
func (c doctorCommand) smsGoes(ctx context.Context, s streams, r *system.System) bool {
	var refused []struct{ Handle, Problem string }
	err := r.DB.Select(ctx, &refused, `SELECT b.handle, s.problem FROM sms_settings s JOIN businesses b ON b.id = s.business_id
		WHERE s.problem <> '' ORDER BY b.handle LIMIT 20`)
	for _, b := range refused {
		fmt.Fprintf(s.out, "WRONG The SMS of %s leave\n      %s They wait until that is mended.\n", b.Handle, b.Problem)
	}
	return err == nil && len(refused) == 0
}

// gatewayWait bounds how long the gateway is waited for.
const gatewayWait = 20 * time.Second

// gatewayWorks tries the installation's SMS gateway, without sending. That none
// is set is nothing to tell: links are sent by e-mail then.
func (c doctorCommand) gatewayWorks(ctx context.Context, s streams) bool {
	if c.SMSURL == "" {
		return true
	}
	account, err := sms.ParseURL(c.SMSURL)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, gatewayWait)
		defer cancel()
		err = sms.NewOpener(c.SMSBases(), clock.System()).Open(account).Check(ctx)
	}
	if err != nil {
		fmt.Fprintf(s.out, "WRONG The SMS gateway takes our messages\n      %s Check SMARTLINKS_SMS_URL.\n", cli.Sentence(explain.Sentence(err)))
		return false
	}
	fmt.Fprintf(s.out, "ok    The SMS gateway %s lets us in\n", account.Kind.Name())
	if account.Kind == sms.ByMessageBird {
		fmt.Fprintf(s.out, "NOTE  This is a classic key of MessageBird's, and Bird takes those until %s.\n      Make a key in Bird's dashboard before that day, and set SMARTLINKS_SMS_URL=bird://KEY.\n", sms.ClassicUntil)
	}
	return true
}
