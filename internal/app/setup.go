package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/app/explain"
	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/cli"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/system"
)

type setupCommand struct {
	store.Location `group:"Where things are kept:"`
	Business       string `required:"" help:"Name of the business."`
	Handle         string `required:"" help:"First segment of its URLs."`
	Email          string `required:"" help:"Email address of its owner."`
	OwnerName      string `help:"Name of the owner; the address without its domain when left out."`
	PasswordStdin  bool   `required:"" help:"Read the owner's password from standard input."`
	Currency       string `default:"EUR" help:"ISO 4217 code."`
	Locale         string `default:"en" help:"en, nl, de, fr, es or ar."`
	TimeZone       string `default:"UTC" help:"IANA name, like Europe/Amsterdam."`
}

// Run makes the business and its owner, both or neither.
func (c setupCommand) Run(ctx context.Context, s streams) error {
	password, err := readLine(s.in)
	if err != nil {
		return err
	}
	currency, err := money.ParseCurrency(c.Currency) // before anything is made
	if err != nil {
		return cli.Misuse("--currency: " + explain.Sentence(err))
	}
	draft := business.Draft{Name: c.Business, Handle: c.Handle, Currency: currency, Locale: c.Locale, TimeZone: c.TimeZone}
	owner := account.OwnerDraft{Name: c.ownerName(), Email: c.Email, Password: password}
	if err := account.Check(draft, owner); err != nil {
		return err
	}
	d, key, err := c.OpenMigrated(ctx, store.Beside, logs.Text(s.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer d.Close()
	r, err := system.New(d, system.Options{Key: key, Addresses: nowhere(), Log: logs.Text(s.err, slog.LevelWarn)})
	if err != nil {
		return err
	}
	b, _, err := founder(r).Found(ctx, draft, owner)
	if err != nil {
		return err
	}
	if err := r.Audit.RecordCommand(ctx, b.ID, "Set the business up", ""); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s is set up at /%s. %s may sign in at /sign-in.\n", b.Name, b.Handle, c.Email)
	return err
}

func (c setupCommand) ownerName() string {
	if c.OwnerName != "" {
		return c.OwnerName
	}
	name, _, _ := strings.Cut(c.Email, "@")
	return name
}

// founder makes businesses with their owners.
func founder(r *system.System) account.Founder {
	return account.Founder{Accounts: r.Accounts, Businesses: r.Businesses}
}

// openSystem opens the database that is there and wires the features, for a command.
func openSystem(ctx context.Context, f store.Location, s streams) (*system.System, error) {
	return openSystemWith(ctx, f, s, system.Options{Addresses: nowhere()})
}

// openSystemWith is openSystem with what a command knows of the installation.
func openSystemWith(ctx context.Context, f store.Location, s streams, known system.Options) (*system.System, error) {
	known.Log = logs.Text(s.err, slog.LevelWarn)
	d, key, err := f.OpenExisting(ctx, store.Beside, known.Log)
	if err != nil {
		return nil, err
	}
	known.Key = key
	r, err := system.New(d, known)
	if err != nil {
		d.Close()
	}
	return r, err
}

// maxPassword bounds what is read; longer ones are refused by the account room.
const maxPassword = 4096

// readLine reads a line, without its end.
func readLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fault.New(fault.Invalid, "Give the password on standard input.")
	}
	return line, nil
}
