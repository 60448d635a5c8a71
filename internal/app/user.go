package app

import (
	"context"
	"fmt"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
)

type resetPasswordCommand struct {
	store.Location `group:"Where things are kept:"`
	Email          string `required:"" help:"Email address of the account."`
	PasswordStdin  bool   `help:"Read the new password from standard input instead of printing a link."`
	TwoStepOff     bool   `help:"Turn the second step off as well, for somebody who lost the app and the recovery codes."`
	URL            string `name:"url" env:"SMARTLINKS_URL" help:"Where this installation is reached, for the link; http://localhost:8080 when left out."`
}

// Run prints a link that works once, or sets the password that it is given.
// All sessions of the account end with the new password.
func (c resetPasswordCommand) Run(ctx context.Context, s streams) error {
	ctx = account.WithOrigin(ctx, account.Origin{CommandLine: true})
	at, err := server.PublicAddress(c.URL, "http://localhost:8080")
	if err != nil {
		return err
	}
	r, err := openSystem(ctx, c.Location, s)
	if err != nil {
		return err
	}
	defer r.DB.Close()
	if c.PasswordStdin { // a password that is refused leaves the second step as it is
		password, err := readLine(s.in)
		if err != nil {
			return err
		}
		if err := r.Accounts.SetPassword(ctx, c.Email, password); err != nil {
			return err
		}
	}
	if c.TwoStepOff {
		if err := r.TwoStep.Remove(ctx, c.Email); err != nil {
			return err
		}
	}
	if c.PasswordStdin {
		_, err := fmt.Fprintf(s.out, "%s has a new password and is signed out everywhere.\n", c.Email)
		return err
	}
	reset, err := r.Accounts.ResetFor(ctx, c.Email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, at.Own(address.NewPassword(reset.Token)))
	return err
}
