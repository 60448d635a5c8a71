package app

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"smartlinks/internal/account"
)

// section is a part of docs/configuration.md and the rows of its tables, by flag.
type section struct {
	heading, text string
	rows          map[string]string
}

var flagRow = regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\|.*$")

// tells reports whether the section is about the command: its heading names it, or
// all commands.
func (s section) tells(command string) bool {
	_, about, ok := strings.Cut(s.heading, ": ")
	if !ok {
		about = s.heading
	}
	return about == "all commands" || slices.Contains(strings.Split(about, ", "), command)
}

// sections reads the page.
func sections(t *testing.T) []section {
	t.Helper()
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []section
	for _, part := range strings.Split(string(page), "\n## ")[1:] {
		s := section{text: part, rows: map[string]string{}}
		s.heading, _, _ = strings.Cut(part, "\n")
		for _, row := range flagRow.FindAllStringSubmatch(part, -1) {
			s.rows[row[1]] = row[0]
		}
		all = append(all, s)
	}
	return all
}

// commandLine is every command with its flags, by the words that call it.
func commandLine(t *testing.T) map[string][]*kong.Flag {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.Name("smartlinks"), kong.DefaultEnvars("SMARTLINKS"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]*kong.Flag{}
	for _, leaf := range parser.Model.Leaves(false) {
		name := leaf.Name
		for up := leaf.Parent; up != nil && up.Type == kong.CommandNode; up = up.Parent {
			name = up.Name + " " + name
		}
		for _, group := range leaf.AllFlags(false) {
			for _, flag := range group {
				if flag.Name != "help" && flag.Name != "version" {
					all[name] = append(all[name], flag)
				}
			}
		}
	}
	return all
}

func TestThePageOfFlagsHasThemAll(t *testing.T) {
	page := sections(t)
	for command, flags := range commandLine(t) {
		for _, flag := range flags {
			at := slices.IndexFunc(page, func(s section) bool { return s.tells(command) && s.rows[flag.Name] != "" })
			if at < 0 {
				t.Errorf("docs/configuration.md has no row for --%s of %s", flag.Name, command)
				continue
			}
			if row := page[at].rows[flag.Name]; flag.Default != "" && !strings.Contains(row, "`"+flag.Default+"`") {
				t.Errorf("docs/configuration.md does not say that --%s of %s is %s when left out: %s", flag.Name, command, flag.Default, row)
			}
			variable := "SMARTLINKS_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			if flag.Name != "config" && !slices.Equal(flag.Envs, []string{variable}) {
				t.Errorf("--%s of %s is read from %v, want %s", flag.Name, command, flag.Envs, variable)
			}
		}
	}
}

func TestThePageOfFlagsHasNoOthers(t *testing.T) {
	known := commandLine(t)
	for _, s := range sections(t) {
		for name := range s.rows {
			used := false
			for command, flags := range known {
				used = used || s.tells(command) && slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Name == name })
			}
			if !used {
				t.Errorf("docs/configuration.md has --%s under %q, which is no flag of it", name, s.heading)
			}
		}
	}
}

func TestScopesAreToldWhereATokenIsMade(t *testing.T) {
	at := slices.IndexFunc(sections(t), func(s section) bool { return s.heading == "token create" })
	if at < 0 {
		t.Fatal("docs/configuration.md has no section for token create")
	}
	text := sections(t)[at].text
	help := ""
	for _, flag := range commandLine(t)["token create"] {
		if flag.Name == "scopes" {
			help = flag.Help
		}
	}
	for _, scope := range account.AllScopes() {
		if !strings.Contains(text, string(scope)) {
			t.Errorf("docs/configuration.md does not name the scope %s", scope)
		}
		if !strings.Contains(help, string(scope)) {
			t.Errorf("the help of --scopes does not name %s: %s", scope, help)
		}
	}
}
