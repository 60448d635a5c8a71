package app

import (
	"context"
	"fmt"

	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/fault"
	"smartlinks/internal/system"
	"smartlinks/internal/version"
)

type doctorCommand struct {
	store.Location      `group:"Where things are kept:"`
	server.MailFlags    `group:"Mail and SMS:"`
	server.GatewayFlags `group:"Stand-ins, for tests:"`
	server.BackupFlags  `group:"Backups:"`
	URL                 string `name:"url" env:"SMARTLINKS_URL" help:"Where payers reach this installation: mails come from its host unless --mail-from says otherwise. http://localhost:8080 when left out."`
	Sandbox             bool   `help:"The installation is in test mode, where mail needs no server."`
	Mend                bool   `help:"First compute the counters anew from the payments."`
}

// Run tells of each check whether it holds, and how to mend what does not.
func (c doctorCommand) Run(ctx context.Context, s streams) error {
	r, err := openSystem(ctx, c.Location, s)
	if err != nil {
		return err
	}
	defer r.DB.Close()
	if c.Mend {
		if err := mend(ctx, r.DB); err != nil {
			return err
		}
	}
	schema, err := r.DB.Schema(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Smart Links %s, schema %d, %s: %s\n", version.Name(), schema, r.DB.Engine(), r.DB.Where())
	ill := 0
	if !c.routeWorks(ctx, s, r.DB) {
		ill++
	}
	for _, must := range system.Invariants {
		var broken int64
		if err := r.DB.Get(ctx, &broken, must.Broken); err != nil {
			return fmt.Errorf("%s: %w", must.Name, err)
		}
		if broken == 0 {
			fmt.Fprintf(s.out, "ok    %s\n", must.Name)
			continue
		}
		ill++
		fmt.Fprintf(s.out, "WRONG %s (%d)\n      %s\n", must.Name, broken, must.Mend)
	}
	ill += c.storeWorks(ctx, s, r)
	ill += c.backupsAreMade(s, r.DB)
	c.domainsWork(ctx, s, r)
	ill += c.mailboxesWork(ctx, s, r)
	if !c.mailWorks(ctx, s, r) {
		ill++
	}
	if !c.smsWorks(ctx, s, r) {
		ill++
	}
	if ill > 0 {
		all := len(system.Invariants) + storeChecks + 2
		if c.Direct != "" {
			all++
		}
		if c.BackupTo != "" {
			all += backupChecks
		}
		return fault.New(fault.Conflict, fmt.Sprintf("%d of %d checks found something wrong.", ill, all))
	}
	return nil
}
