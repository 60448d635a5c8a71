package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// readConfig reads a configuration file: TOML, whose keys are the names of the
// flags without the dashes before them. The command line and the environment win
// over it.
func readConfig(r io.Reader) (kong.Resolver, error) {
	f := configFile{}
	if _, err := toml.NewDecoder(r).Decode(&f); err != nil && errors.As(err, new(*fs.PathError)) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("the configuration file is not TOML: %w", err)
	}
	return f, nil
}

// configFile is what a file says, by the names of flags.
type configFile map[string]any

// Validate refuses keys that no command has: a misspelt one would say nothing.
func (f configFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, is := node.(*kong.Flag); is {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for key := range f {
		if !known[key] {
			return fmt.Errorf("the configuration file has %q, which is no flag of any command", key)
		}
	}
	return nil
}

// Resolve is the value of a flag that was not given otherwise.
func (f configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if slices.ContainsFunc(flag.Envs, func(name string) bool { return os.Getenv(name) != "" }) {
		return nil, nil
	}
	switch v := f[flag.Name].(type) {
	case int64, float64:
		return fmt.Sprint(v), nil
	default:
		return v, nil
	}
}
