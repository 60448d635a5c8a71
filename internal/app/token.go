package app

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/app/explain"
	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/fault"
)

// nowhere are the addresses of commands that make none.
func nowhere() address.Book {
	b, _ := address.New("http://localhost")
	return b
}

type tokenCreateCommand struct {
	store.Location `group:"Where things are kept:"`
	Business       string `required:"" help:"Handle of the business."`
	Name           string `required:"" help:"What the token is for."`
	Scopes         string `default:"all" help:"What it may do, separated by commas: all, or some of links:read, links:write, products:read, products:write, customers:read, customers:write, payments:read, payments:write, webhooks:read, webhooks:write, business:read, business:write, sandbox."`
}

// Run makes a token and prints it, alone, on stdout.
func (c tokenCreateCommand) Run(ctx context.Context, s streams) error {
	scopes, err := account.ParseScopes(c.Scopes)
	if err != nil {
		return cli.Misuse("--" + explain.Sentence(err))
	}
	r, err := openSystem(ctx, c.Location, s)
	if err != nil {
		return err
	}
	defer r.DB.Close()
	b, movedTo, err := r.Businesses.ByHandle(ctx, c.Business)
	if err != nil || movedTo != "" {
		return fault.New(fault.NotFound, "There is no business with the handle “"+c.Business+"”. Make one with `smartlinks setup`.")
	}
	made, plain, err := r.Accounts.CreateToken(ctx, b.ID, c.Name, scopes)
	if err != nil {
		return err
	}
	if err := r.Audit.RecordCommand(ctx, b.ID, "Made an API token", string(made.ID)); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(s.out, plain); err != nil { // nobody has seen it, and nobody can again
		return errors.Join(err, r.Accounts.RevokeToken(ctx, b.ID, made.ID), r.Audit.RecordCommand(ctx, b.ID, "Revoked an API token", string(made.ID)))
	}
	return nil
}
