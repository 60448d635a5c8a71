// Package explain says in plain words what went wrong with a command.
package explain

import (
	"errors"
	"slices"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Sentence is what the command line says of an error: for one that was made
// for people its words, or those of its fields, each said once; else all of it. Who
// operates the database wants to know why it is away.
func Sentence(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code == fault.Internal {
		return err.Error()
	}
	if errors.Is(err, db.ErrAway) {
		return strings.Replace(err.Error(), f.Message+": "+db.ErrAway.Error()+": ", "", 1)
	}
	if len(f.Fields) == 0 {
		return f.Message
	}
	var said []string
	for _, field := range f.Fields {
		if !slices.ContainsFunc(said, func(s string) bool { return strings.HasSuffix(s, field.Message) }) {
			said = append(said, field.Name+": "+field.Message)
		}
	}
	return strings.Join(said, " ")
}
