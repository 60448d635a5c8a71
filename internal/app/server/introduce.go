package server

import (
	"context"
	"fmt"
	"io"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/app/store"
	"smartlinks/internal/db"
	"smartlinks/internal/version"
)

// introduce says in a few lines what runs, where its data is, which address to open, and
// what to do next.
func (c Flags) introduce(ctx context.Context, srv *Server, out io.Writer) error {
	mode := ""
	if c.Sandbox {
		mode = ", in test mode: play money only"
	}
	next, err := srv.whatNext(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Smart Links %s, payment links%s.\n\n", version.Name(), mode)
	fmt.Fprintf(out, "  Open       %s\n", next)
	fmt.Fprintf(out, "  Listening  %s\n", srv.Listener.Addr())
	fmt.Fprintf(out, "  Data       %s\n", srv.whereData())
	for _, lack := range c.lacks(ctx, srv) {
		fmt.Fprintf(out, "  Missing    %s\n", lack)
	}
	fmt.Fprintln(out, "\n`smartlinks doctor` with the same settings says whether all is well. Ctrl-C or SIGTERM ends it.")
	return nil
}

// whereData says where everything is kept.
func (srv *Server) whereData() string {
	if srv.System.DB.Engine() == db.SQLite {
		return store.Absolute(srv.settings.data)
	}
	return "PostgreSQL, " + srv.System.DB.Where()
}

// whatNext is the address to open, and what for.
func (srv *Server) whatNext(ctx context.Context) (string, error) {
	founded, err := account.Founded(ctx, srv.System.DB)
	if err != nil {
		return "", err
	}
	if founded {
		return srv.settings.Addresses.Own(address.SignedIn()) + " to sign in", nil
	}
	return srv.setupURL() + " to set up the first business", nil
}

// setupURL is where a new installation is set up.
func (srv *Server) setupURL() string {
	return srv.settings.Addresses.Own(address.Setup(srv.settings.setupCode()))
}

// lacks are what a server for real payers should have and this one has not.
func (c Flags) lacks(ctx context.Context, srv *Server) (all []string) {
	switch {
	case srv.settings.private && c.Sandbox:
		return nil
	case srv.settings.private:
		all = append(all, "an address for payers: only this machine reaches the server. Set --url to your own name")
	case !srv.settings.Addresses.Secure():
		all = append(all, "https: providers, browsers and passkeys want it. Set --acme, or --url to https://… behind a proxy")
	case !c.ACME && len(c.TrustedProxies) == 0:
		all = append(all, "--trusted-proxies: https is a proxy's then, and unless its address is given all payers share it, and its limits")
	}
	if c.SMTPURL == "" && !c.Sandbox { // in test mode there is a mailbox
		all = append(all, "a mail server: receipts, invitations and forgotten passwords can't be mailed. Set --smtp-url")
	}
	var connected int64
	if err := srv.System.DB.Get(ctx, &connected, `SELECT COUNT(*) FROM provider_accounts`); err == nil && connected == 0 && !c.Sandbox {
		all = append(all, "a payment provider: nobody can pay before a business connects its own in Settings, Providers")
	}
	return all
}
