package clidoc

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Man writes a page for man(1), section 1, in man(7)'s macros. files are what the
// program reads and writes, by path and meaning, in pairs.
func Man(w io.Writer, app *kong.Application, version string, files ...[2]string) error {
	var p strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&p, format+"\n", args...) }
	line(`.TH %s 1 "" "%s %s"`, strings.ToUpper(app.Name), roff(app.Name), roff(version))
	line(".SH NAME\n%s \\- %s", app.Name, roff(strings.TrimSuffix(app.Help, ".")))
	line(".SH SYNOPSIS\n.B %s\n.I COMMAND\n[\\fIFLAGS\\fR]", app.Name)
	line(".SH DESCRIPTION\nEvery flag can also be set by an environment variable, or in the file that \\fB\\-\\-config\\fR names: " +
		"TOML, with the names of the flags as keys. The command line wins over the environment, and both win over the file.")
	line(".SH COMMANDS")
	group := ""
	for _, c := range commands(app) {
		if c.group != group {
			group = c.group
			line(".SS %s", roff(strings.TrimSuffix(group, ":")))
		}
		line(".TP\n\\fB%s %s\\fR%s\n%s", app.Name, roff(c.path), manArguments(c), roff(c.help))
		if len(c.flags) > 0 {
			line(".RS")
			for _, f := range c.flags {
				manFlag(line, f)
			}
			line(".RE")
		}
	}
	line(".SH FLAGS OF ALL COMMANDS")
	for _, f := range app.Flags {
		if !f.Hidden {
			manFlag(line, f)
		}
	}
	if len(files) > 0 {
		line(".SH FILES")
		for _, f := range files {
			line(".TP\n\\fI%s\\fR\n%s", roff(f[0]), roff(f[1]))
		}
	}
	line(".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage.")
	_, err := io.WriteString(w, p.String())
	return err
}

func manArguments(c command) (text string) {
	for _, a := range c.args {
		name := strings.ToUpper(a.Name)
		if !a.Required {
			name = "[" + name + "]"
		}
		text += " \\fI" + roff(name) + "\\fR"
	}
	return text
}

func manFlag(line func(string, ...any), f *kong.Flag) {
	text := "\\fB\\-\\-" + roff(f.Name) + "\\fR"
	if kind, choices := takes(f.Value); len(choices) > 0 {
		text += "=" + roff(strings.Join(choices, "|"))
	} else if kind != "" {
		text += "=\\fI" + kind + "\\fR"
	}
	line(".TP\n%s\n%s", text, roff(f.Help))
	switch {
	case f.Required:
		line("Required.")
	case f.Default != "":
		line("\"%s\" when left out.", roff(f.Default))
	}
	if len(f.Envs) > 0 {
		line("(\\fB%s\\fR)", roff(f.Envs[0]))
	}
}

// roff makes text safe for roff, whose lines may not begin with a dot or quote.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
