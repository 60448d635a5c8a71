// Package app is the command line: each command, what it takes and what it prints.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // time zones are the same on every machine

	"github.com/alecthomas/kong"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/cli"
	"smartlinks/internal/version"
)

// Exit statuses, as the contract has them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// commands are the command line.
type commands struct {
	Config      kong.ConfigFlag  `placeholder:"FILE" help:"A TOML file of flags, such as url = \"https://pay.example.com\". The command line and the environment win."`
	ShowVersion kong.VersionFlag `name:"version" env:"-" help:"Print the version and leave."`

	Demo  demoCommand  `cmd:"" group:"Start:" help:"Run everything on this machine with a sample business, without any account."`
	Serve serveCommand `cmd:"" group:"Start:" help:"Serve the pages, the dashboard and the API."`
	Setup setupCommand `cmd:"" group:"Start:" help:"Make a business and its owner."`

	Token struct {
		Create tokenCreateCommand `cmd:"" help:"Make an API token and print it, alone."`
	} `cmd:"" group:"People and programs:" help:"API tokens."`
	User struct {
		ResetPassword resetPasswordCommand `cmd:"" help:"Let somebody choose a new password."`
	} `cmd:"" group:"People and programs:" help:"People who sign in."`

	cli.Commands

	Doctor    doctorCommand    `cmd:"" group:"Look after it:" help:"Tell what is wrong and how to mend it."`
	Backup    backupCommand    `cmd:"" group:"Look after it:" help:"Copy SQLite's database into a file while the server runs."`
	Restore   restoreCommand   `cmd:"" group:"Look after it:" help:"Make the database from a backup."`
	Reconcile reconcileCommand `cmd:"" group:"Look after it:" help:"Compare payments with the providers, and repair what a backup forgot."`
	Migrate   migrateCommand   `cmd:"" group:"Look after it:" help:"Bring the database to this version."`
	Move      moveCommand      `cmd:"" group:"Look after it:" help:"Move everything from SQLite to PostgreSQL, or back. Stop the servers first."`
	Secrets   struct {
		Rotate rotateCommand `cmd:"" help:"Seal everything anew under a new secret key. Stop the servers first."`
	} `cmd:"" group:"Look after it:" help:"The key that seals secrets."`

	Help       helpCommand       `cmd:"" group:"About:" help:"Tell of a command and its flags."`
	Man        manCommand        `cmd:"" group:"About:" help:"Print the manual, for man -l -."`
	Completion completionCommand `cmd:"" group:"About:" help:"Print what lets bash, zsh or fish complete commands and flags."`
	Version    versionCommand    `cmd:"" group:"About:" help:"Print the version."`
}

// quit carries the status of --help out of the parser.
type quit int

// Main runs the command in args and returns the exit status: 0 done, 1 failed,
// 2 wrong usage. Errors are one plain sentence on stderr.
func Main(args []string, in io.Reader, out, stderr io.Writer) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), ending()...)
	defer stop()
	return runUntil(ctx, args, in, out, stderr)
}

// runUntil is Main until ctx ends: a server drains then.
func runUntil(ctx context.Context, args []string, in io.Reader, out, stderr io.Writer) (status int) {
	defer func() {
		if q, ok := recover().(quit); ok {
			status = int(q)
		}
	}()
	parser, err := newParser(out, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "smartlinks:", cli.Sentence(err.Error()))
		return exitFailed
	}
	if len(args) == 0 { // who types the name alone wants to know what there is
		args = []string{"--help"}
	}
	command, err := parser.Parse(withConfig(args))
	if err == nil {
		err = blank(command)
	}
	if err != nil {
		fmt.Fprintf(stderr, "smartlinks: %s%s\n", cli.Sentence(unparsed(err)), whereToLook(command, err))
		return exitUsage
	}
	said := &stdout{Writer: out}
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(parser)
	command.Bind(cli.Streams{Out: said, Random: rand.Reader})
	err = command.Run(streams{in: in, out: said, err: stderr})
	if err == nil && said.lost != nil && command.Command() != "serve" && command.Command() != "demo" { // what these say is in their log too
		err = fmt.Errorf("not all that this command says could be written: %w", said.lost)
	}
	if err != nil {
		fmt.Fprintf(stderr, "smartlinks: %s\n", cli.Sentence(stopped(explain.Sentence(err))))
		if cli.IsMisuse(err) {
			return exitUsage
		}
		return exitFailed
	}
	return exitDone
}

// stopped tells of Ctrl-C and SIGTERM in words, wherever they found the command; what says
// already how to go on is left.
func stopped(sentence string) string {
	told := strings.ReplaceAll(sentence, context.Canceled.Error(), "it was stopped")
	if told == sentence || strings.Contains(told, "run the same command again") {
		return told
	}
	return "Stopped before it was done. Run the same command again."
}

// blank refuses what the command is about when nothing is in it, as when a shell's variable
// or a command within the line gave nothing: a search for nothing finds everything. So does it
// a flag of what people do at a server, which would do as if it were left out: a refund of
// nothing would give all back. Where nothing clears what was there, the flag is a pointer.
func blank(command *kong.Context) error {
	atServer := command.Selected() != nil && command.Selected().Target.Type().PkgPath() == reflect.TypeFor[cli.Commands]().PkgPath()
	for _, p := range command.Path {
		if is := p.Positional; is != nil && isBlank(is.Target) {
			return fmt.Errorf("%s is empty", is.Summary())
		}
		if is := p.Flag; is != nil && atServer && is.Group == nil && isBlank(is.Target) { // those in a group name the server, and say themselves what they need
			return fmt.Errorf("--%s is empty: leave it out, or give it a value", is.Name)
		}
	}
	return nil
}

func isBlank(v reflect.Value) bool {
	return v.Kind() == reflect.String && strings.TrimSpace(v.String()) == ""
}

// unparsed says what is wrong with a command line, or with the file of flags.
func unparsed(err error) string {
	var file *fs.PathError
	if errors.As(err, &file) {
		return fmt.Sprintf("the configuration file %s can't be read: %s", file.Path, file.Err)
	}
	return noValue.ReplaceAllString(err.Error(), " needs a value")
}

// whereToLook says which help tells more: that of the command, once it is known. Nothing in
// it helps against a file that is not there.
func whereToLook(command *kong.Context, err error) string {
	if errors.As(err, new(*fs.PathError)) {
		return ""
	}
	var failed *kong.ParseError
	if errors.As(err, &failed) {
		command = failed.Context
	}
	if command != nil && command.Selected() != nil {
		return fmt.Sprintf(" Run `%s --help` to see its flags.", command.Selected().FullPath())
	}
	return " Run `smartlinks --help` to see the commands."
}

// noValue is how the parser says that nothing stands behind a flag.
var noValue = regexp.MustCompile(`: expected \S+ value but got "EOL" \(<EOL>\)`)

// stdout remembers whether something could not be written, so that no command that says
// much has to ask after each line.
type stdout struct {
	io.Writer
	lost error
}

func (s *stdout) Write(p []byte) (n int, err error) {
	if n, err = s.Writer.Write(p); err != nil && s.lost == nil {
		s.lost = err
	}
	return n, err
}

// ending are the signals that end a command, a server's after it has drained. A hangup
// does too, unless it is ignored, as nohup(1) has it.
func ending() []os.Signal {
	all := []os.Signal{syscall.SIGTERM, syscall.SIGINT}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

func newParser(out, stderr io.Writer) (*kong.Kong, error) {
	return kong.New(&commands{},
		kong.Name("smartlinks"),
		kong.Description("Permanent, branded payment links."),
		kong.Vars{"version": "smartlinks " + version.Name()},
		kong.DefaultEnvars("SMARTLINKS"),
		kong.Configuration(readConfig),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(out, stderr),
		kong.Exit(func(code int) { panic(quit(code)) }),
	)
}

// withConfig are the arguments with the configuration file that the environment
// names, unless they name one. The parser reads files of the command line alone.
func withConfig(args []string) []string {
	file := os.Getenv("SMARTLINKS_CONFIG")
	named := func(arg string) bool { return arg == "--config" || strings.HasPrefix(arg, "--config=") }
	if file == "" || slices.ContainsFunc(args, named) {
		return args
	}
	return append([]string{"--config=" + file}, args...)
}
