package clidoc

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Bash writes completions for bash: commands, flags, and what they take.
func Bash(w io.Writer, app *kong.Application) error {
	var p strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&p, format+"\n", args...) }
	line(`# Completions of %[1]s for bash, made by "%[1]s completion bash".
_%[1]s() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path="" words="" word
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case "$path $word" in`, app.Name)
	for _, at := range append(paths(app)[1:], pathsOf(app)...) {
		line("\t\t%q) path=%q ;;", " "+at, " "+at)
	}
	line("\t\tesac\n\tdone\n\tcase $before in")
	for _, f := range distinctFlags(app) {
		switch kind, choices := takes(f.Value); {
		case len(choices) > 0:
			line("\t--%s) COMPREPLY=($(compgen -W %q -- \"$current\")); return ;;", f.Name, strings.Join(choices, " "))
		case kind == "DIR":
			line("\t--%s) COMPREPLY=($(compgen -d -- \"$current\")); return ;;", f.Name)
		case kind == "FILE":
			line("\t--%s) COMPREPLY=($(compgen -f -- \"$current\")); return ;;", f.Name)
		case kind != "":
			line("\t--%s) COMPREPLY=(); return ;;", f.Name)
		}
	}
	line("\tesac\n\tcase $path in")
	for _, at := range paths(app) {
		line("\t%q) words=%q ;;", spaced(at), texts(after(app, at)))
	}
	for _, c := range commands(app) {
		line("\t%q) words=%q ;;", " "+c.path, flagNames(c.flags)+choicesOf(c))
	}
	line(`	esac
	COMPREPLY=($(compgen -W "$words --config --help" -- "$current"))
	if [[ ${#COMPREPLY[@]} = 0 && $current != -* ]]; then
		COMPREPLY=($(compgen -f -- "$current"))
	fi
}
complete -o filenames -F _%[1]s %[1]s`, app.Name)
	_, err := io.WriteString(w, p.String())
	return err
}

// Zsh writes completions for zsh, with what each word means.
func Zsh(w io.Writer, app *kong.Application) error {
	var p strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&p, format+"\n", args...) }
	line(`#compdef %[1]s
# Completions of %[1]s for zsh, made by "%[1]s completion zsh".
_%[1]s() {
	local at="" word
	local -a next flags
	for word in ${words[2,CURRENT-1]}; do
		case "$at $word" in`, app.Name)
	for _, at := range append(paths(app)[1:], pathsOf(app)...) {
		line("\t\t%s) at=%s ;;", quoted(" "+at), quoted(" "+at))
	}
	line("\t\tesac\n\tdone\n\tcase $at in")
	for _, at := range paths(app) {
		var all []string
		for _, w := range after(app, at) {
			all = append(all, quoted(w.text+":"+w.help))
		}
		line("\t%s) next=(%s) ;;", quoted(spaced(at)), strings.Join(all, " "))
	}
	for _, c := range commands(app) {
		var all []string
		for _, f := range c.flags {
			all = append(all, quoted(zshFlag(f)))
		}
		line("\t%s) flags=(%s) ;;", quoted(" "+c.path), strings.Join(all, " "))
	}
	line(`	esac
	if (( $#next )); then
		_describe command next
	else
		_arguments $flags '*:file:_files'
	fi
}
_%[1]s "$@"`, app.Name)
	_, err := io.WriteString(w, p.String())
	return err
}

// zshFlag is a flag as _arguments takes it.
func zshFlag(f *kong.Flag) string {
	text := "--" + f.Name
	kind, choices := takes(f.Value)
	help := strings.NewReplacer("[", "(", "]", ")", ":", " ").Replace(f.Help)
	if kind == "" && choices == nil {
		return text + "[" + help + "]"
	}
	text += "=[" + help + "]:" + f.Name + ":"
	switch {
	case len(choices) > 0:
		return text + "(" + strings.Join(choices, " ") + ")"
	case kind == "DIR":
		return text + "_files -/"
	case kind == "FILE":
		return text + "_files"
	}
	return text
}

// Fish writes completions for fish, with what each word means.
func Fish(w io.Writer, app *kong.Application) error {
	var p strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&p, format+"\n", args...) }
	line("# Completions of %[1]s for fish, made by \"%[1]s completion fish\".", app.Name)
	for _, at := range paths(app) {
		for _, w := range after(app, at) {
			when := "__fish_use_subcommand"
			if at != "" {
				when = "__fish_seen_subcommand_from " + at + "; and not __fish_seen_subcommand_from " + texts(after(app, at))
			}
			line("complete -c %s -f -n %s -a %s -d %s", app.Name, quoted(when), w.text, quoted(w.help))
		}
	}
	for _, c := range commands(app) {
		when := quoted("__fish_seen_subcommand_from " + strings.ReplaceAll(c.path, " ", "; and __fish_seen_subcommand_from "))
		for _, f := range c.flags {
			text := fmt.Sprintf("complete -c %s -n %s -l %s -d %s", app.Name, when, f.Name, quoted(f.Help))
			switch kind, choices := takes(f.Value); {
			case len(choices) > 0:
				text += " -x -a " + quoted(strings.Join(choices, " "))
			case kind == "FILE" || kind == "DIR":
				text += " -r"
			case kind != "":
				text += " -x"
			}
			line("%s", text)
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// pathsOf are the whole paths of commands.
func pathsOf(app *kong.Application) (all []string) {
	for _, c := range commands(app) {
		all = append(all, c.path)
	}
	return all
}

// distinctFlags are those of all commands, each name once.
func distinctFlags(app *kong.Application) (all []*kong.Flag) {
	seen := map[string]bool{}
	for _, flags := range append([]command{{flags: app.Flags}}, commands(app)...) {
		for _, f := range flags.flags {
			if !seen[f.Name] && !f.Hidden {
				seen[f.Name] = true
				all = append(all, f)
			}
		}
	}
	return all
}

func flagNames(flags []*kong.Flag) string {
	var all []string
	for _, f := range flags {
		all = append(all, "--"+f.Name)
	}
	return strings.Join(all, " ")
}

// choicesOf are the words that a command's arguments may be.
func choicesOf(c command) (text string) {
	for _, a := range c.args {
		if _, choices := takes(a); len(choices) > 0 {
			text += " " + strings.Join(choices, " ")
		}
	}
	return text
}

func texts(words []word) string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return strings.Join(all, " ")
}

// spaced is a path as the scripts keep it: each word behind a blank.
func spaced(path string) string {
	if path == "" {
		return ""
	}
	return " " + path
}

// quoted is a text between single quotes, for zsh and fish.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "’") + "'"
}
