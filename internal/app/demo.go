package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/sample"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
)

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" help:"Address to listen on."`
	Data string `default:"demo-data" help:"Folder of the demo's database. Running again keeps it."`

	SandboxPublic bool `help:"Strangers may reach the demo, whose password everybody knows."`

	WebhooksAllowPrivate bool `help:"Let webhooks reach plain http and private addresses."`
}

// Run makes the sample business with its history when there is none, and
// serves it.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	serve := server.Flags{Location: store.Location{Data: c.Data}, Addr: c.Addr, Sandbox: true, SandboxPublic: c.SandboxPublic, RateLimits: "on", WebhooksAllowPrivate: c.WebhooksAllowPrivate}
	// History that was cut off is made anew; a finished one is kept.
	unfinished := filepath.Join(c.Data, store.UnfinishedFile)
	srv, err := serve.OpenAfter(ctx, logs.Text(s.err, slog.LevelWarn), func() error {
		if _, err := os.Stat(unfinished); err != nil {
			return nil
		}
		return forgetDemo(c.Data)
	})
	if err != nil {
		return err
	}
	if err := makeSample(ctx, s, srv, unfinished); err != nil {
		_ = srv.Close()
		return err
	}
	url := srv.System.Addresses.Origin()
	fmt.Fprintf(s.out, `
Smart Links is running with a sample business and play money only.

  Dashboard  %[1]s/dashboard
  Sign in    %[2]s  ·  %[3]s
  Pay        %[1]s/%[4]s/%[5]s
  Mailbox    %[1]s/mailbox
  Data       %[6]s

Open the dashboard and sign in, or pay as somebody else would. Press Ctrl-C to stop: your
changes stay. A server of your own begins with `+"`smartlinks serve`"+`.
`, url, sample.Email, sample.Password, sample.Handle, sample.LinkPath, store.Absolute(c.Data))
	return srv.Run(ctx)
}

// forgetDemo removes the database of a demo whose history is not whole.
func forgetDemo(folder string) error {
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal", store.DatabaseFile + "-shm", store.UnfinishedFile} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("the unfinished demo can't be removed: %w", err)
		}
	}
	return nil
}

// makeSample makes the sample business, unless it is there.
func makeSample(ctx context.Context, s streams, srv *server.Server, unfinished string) error {
	if _, _, err := srv.System.Businesses.ByHandle(ctx, sample.Handle); err == nil {
		return nil
	}
	if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
		return err
	}
	if err := sample.Make(ctx, sample.Config{System: srv.System, Recorder: srv.Recorder, Out: s.out, Live: terminal(s.out)}); err != nil {
		return err
	}
	return os.Remove(unfinished)
}

// terminal reports whether what is written there is seen at once, by a person.
func terminal(out io.Writer) bool {
	if wrapped, ok := out.(*stdout); ok {
		out = wrapped.Writer
	}
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
