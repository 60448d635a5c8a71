// Package clidoc writes the manual page of a command line, and what lets shells complete
// it, from the model that its arguments are parsed by.
package clidoc

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// command is one that can be run, by the words that call it.
type command struct {
	path  string // "token create"
	group string // title it is shown under
	help  string
	flags []*kong.Flag
	args  []*kong.Positional
}

// commands are all of them, in the order of the model.
func commands(app *kong.Application) (all []command) {
	for _, leaf := range app.Leaves(true) {
		c := command{help: leaf.Help, args: leaf.Positional}
		for up := leaf; up != nil && up.Type == kong.CommandNode; up = up.Parent {
			c.path = strings.TrimSpace(up.Name + " " + c.path)
			if up.Group != nil && c.group == "" {
				c.group = up.Group.Title
			}
		}
		for _, flag := range leaf.Flags {
			if !flag.Hidden {
				c.flags = append(c.flags, flag)
			}
		}
		all = append(all, c)
	}
	return all
}

// word is what can stand at one place of a command line.
type word struct{ text, help string }

// after are the words that may follow the words of a path, such as "" or "token".
func after(app *kong.Application, path string) (words []word) {
	for _, node := range app.Children {
		words = append(words, below(node, "", path)...)
	}
	return words
}

func below(node *kong.Node, above, path string) (words []word) {
	if node.Hidden || node.Type != kong.CommandNode {
		return nil
	}
	if above == path {
		return []word{{node.Name, node.Help}}
	}
	at := strings.TrimSpace(above + " " + node.Name)
	for _, child := range node.Children {
		words = append(words, below(child, at, path)...)
	}
	return words
}

// paths are the starts of command lines that words follow: "" and "token".
func paths(app *kong.Application) []string {
	all := []string{""}
	for _, c := range commands(app) {
		for at := strings.LastIndexByte(c.path, ' '); at > 0; at = strings.LastIndexByte(c.path[:at], ' ') {
			if !slices.Contains(all, c.path[:at]) {
				all = append(all, c.path[:at])
			}
		}
	}
	return all
}

// takes is what a flag or argument takes: "", a name like "DIR", or the words it may be.
func takes(v *kong.Value) (kind string, choices []string) {
	switch {
	case v.Enum != "":
		return "", strings.Split(v.Enum, ",")
	case v.IsBool():
		return "", nil
	case v.Name == "data" || strings.HasSuffix(v.Name, "-to"):
		return "DIR", nil
	case v.Name == "config" || v.Name == "file":
		return "FILE", nil
	}
	return "VALUE", nil
}
