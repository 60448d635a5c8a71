package app

import (
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"smartlinks/internal/cli"
	"smartlinks/internal/clidoc"
	"smartlinks/internal/version"
)

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"Words of the command, such as token create."`
}

// Run tells of a command what --help tells.
func (c helpCommand) Run(parser *kong.Kong) error {
	if _, err := parser.Parse(append(c.Command, "--help")); err != nil { // it leaves by itself
		return cli.Misuse(cli.Sentence(err.Error()) + " Run `smartlinks help` to see the commands.")
	}
	return nil
}

type manCommand struct{}

// Run prints the manual page.
func (manCommand) Run(s streams, parser *kong.Kong) error {
	return clidoc.Man(s.out, parser.Model, version.Name(),
		[2]string{"/etc/smartlinks/smartlinks.toml", "settings of the packages' service, which smartlinksctl reads too"},
		[2]string{"/var/lib/smartlinks", "data folder of that service: smartlinks.db, secret.key, certificates, and views that wait for the database"})
}

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints completions, for the folder where the shell looks for them.
func (c completionCommand) Run(s streams, parser *kong.Kong) error {
	write := map[string]func(io.Writer, *kong.Application) error{"bash": clidoc.Bash, "zsh": clidoc.Zsh, "fish": clidoc.Fish}
	return write[c.Shell](s.out, parser.Model)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "smartlinks "+version.Name())
	return err
}
