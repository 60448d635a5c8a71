package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/money"
)

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" help:"Address to listen on."`
	Data string `default:"demo-data" help:"Folder of the demo's database. Running again keeps it."`

	SandboxPublic bool `help:"Strangers may reach the demo, whose password everybody knows."`

	WebhooksAllowPrivate bool `help:"Let webhooks reach plain http and private addresses."`
}

// The sample business and who signs in.
const (
	demoHandle   = "studio-noord"
	demoEmail    = "marit@studio-noord.example"
	demoPassword = "paint-the-north"
	demoLink     = "photography-workshop-march"
)

// Run makes the sample business with its history when there is none, and
// serves it.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	serve := serveCommand{storeFlags: storeFlags{Data: c.Data}, Addr: c.Addr, Sandbox: true, SandboxPublic: c.SandboxPublic, RateLimits: "on", WebhooksAllowPrivate: c.WebhooksAllowPrivate}
	// History that was cut off is made anew; a finished one is kept.
	unfinished := filepath.Join(c.Data, "history.unfinished")
	srv, err := serve.openAfter(ctx, newLogger(s.err, slog.LevelWarn), func() error {
		if _, err := os.Stat(unfinished); err != nil {
			return nil
		}
		return forgetDemo(c.Data)
	})
	if err != nil {
		return err
	}
	if err := srv.sample(ctx, s, unfinished); err != nil {
		_ = srv.close()
		return err
	}
	url := srv.settings.Addresses.Origin()
	fmt.Fprintf(s.out, `
Smart Links is running with a sample business and play money only.

  Dashboard  %[1]s/dashboard
  Sign in    %[2]s  ·  %[3]s
  Pay        %[1]s/%[4]s/%[5]s
  Mailbox    %[1]s/mailbox
  Data       %[6]s

Open the dashboard and sign in, or pay as somebody else would. Press Ctrl-C to stop: your
changes stay. A server of your own begins with `+"`smartlinks serve`"+`.
`, url, demoEmail, demoPassword, demoHandle, demoLink, absolute(c.Data))
	return srv.run(ctx)
}

// forgetDemo removes the database of a demo whose history is not whole.
func forgetDemo(folder string) error {
	for _, name := range []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", "history.unfinished"} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("the unfinished demo can't be removed: %w", err)
		}
	}
	return nil
}

// sample makes the sample business, unless it is there.
func (srv *server) sample(ctx context.Context, s streams, unfinished string) error {
	if _, _, err := srv.system.Businesses.ByHandle(ctx, demoHandle); err == nil {
		return nil
	}
	if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
		return err
	}
	history := newHistory(srv, s.out)
	// The clock goes back to where the history begins and is moved along it,
	// so that the product itself makes every row.
	defer srv.system.DB.Clock().SetOffset(srv.system.DB.Clock().Offset())
	history.goTo(history.begin)
	b, owner, err := founder(srv.system).Found(ctx, demoBusiness(), account.OwnerDraft{Name: "Marit de Boer", Email: demoEmail, Password: demoPassword})
	if err != nil {
		return err
	}
	if err := history.make(ctx, b); err != nil {
		return err
	}
	if err := history.programs(ctx, b, owner.ID); err != nil {
		return err
	}
	return os.Remove(unfinished)
}

func demoBusiness() business.Draft {
	euros := func(n int64) *money.Amount { return &money.Amount{Minor: n * 100, Currency: "EUR"} }
	return business.Draft{
		Name: "Studio Noord", Handle: demoHandle, Currency: "EUR", Locale: "en", TimeZone: "Europe/Amsterdam",
		BrandColor: "#0E5A5C", ContactEmail: "hello@studio-noord.example",
		Page: &business.Page{
			Enabled: true, Title: "Pay Studio Noord", Description: "Workshops, prints and studio time in Amsterdam.",
			Success: "Thank you for supporting a small studio.", Min: euros(1), Max: euros(5000), PayerAmount: true,
		},
	}
}

// progressEvery is how often the making of history says how far it is.
const progressEvery = 200 * time.Millisecond
