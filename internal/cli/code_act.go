package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// oneCode names the code that a command is about.
type oneCode struct {
	Code string `arg:"" help:"The code, or its id."`
}

// findCode returns the code that is meant, by its word or its id.
func (c *client) findCode(ctx context.Context, ref string) (found code, answer []byte, err error) {
	if strings.HasPrefix(ref, "pmc_") {
		answer, err = c.get(ctx, "/promotion-codes/"+url.PathEscape(ref), nil, &found)
		return found, answer, err
	}
	word := strings.TrimSpace(ref)
	codes, _, _, err := pages[code](ctx, c, "/promotion-codes", url.Values{"q": {word}}, 0)
	if err != nil {
		return code{}, nil, err
	}
	for _, one := range codes {
		if strings.EqualFold(one.Code, word) {
			return c.findCode(ctx, one.ID)
		}
	}
	return code{}, nil, failed("There is no code “%s”. See them all with `smartlinks code list`.", plain(ref))
}

// shown finds the code, does something to it, and shows it; do may be nil.
func (s server) shown(ctx context.Context, to Streams, ref string, do func(at *client, id string, into *code) ([]byte, error)) error {
	at, err := s.client(to)
	if err != nil {
		return err
	}
	one, answer, err := at.findCode(ctx, ref)
	if err == nil && do != nil {
		answer, err = do(at, one.ID, &one)
	}
	if err != nil {
		return err
	}
	if s.JSON {
		return raw(to.Out, answer)
	}
	return at.showCode(ctx, to, one)
}

type showCodeCommand struct {
	server `group:"The server:"`
	oneCode
}

// Run shows a code and what came of it.
func (c showCodeCommand) Run(ctx context.Context, to Streams) error {
	return c.shown(ctx, to, c.Code, nil)
}

type endCodeCommand struct {
	server `group:"The server:"`
	oneCode
}

// Run ends a code now, by the server's clock.
func (c endCodeCommand) Run(ctx context.Context, to Streams) error {
	return c.shown(ctx, to, c.Code, func(at *client, id string, into *code) ([]byte, error) {
		*into = code{}
		return at.ask(ctx, http.MethodPost, "/promotion-codes/"+id+"/end", nil, into)
	})
}

type resumeCodeCommand struct {
	server `group:"The server:"`
	oneCode
}

// Run lets a code count again.
func (c resumeCodeCommand) Run(ctx context.Context, to Streams) error {
	return c.shown(ctx, to, c.Code, func(at *client, id string, into *code) ([]byte, error) {
		*into = code{}
		return at.ask(ctx, http.MethodPatch, "/promotion-codes/"+id, map[string]any{"ends_at": nil}, into)
	})
}

// sure is asked before something goes for good, once it is known that it is there.
type sure struct {
	Yes bool `help:"Do it: nothing brings it back."`
}

func (s sure) check(name string) error {
	if !s.Yes {
		return Misuse("Nothing brings “" + plain(name) + "” back. Add --yes to delete it.")
	}
	return nil
}

type deleteCodeCommand struct {
	server `group:"The server:"`
	oneCode
	sure
}

// Run deletes a code.
func (c deleteCodeCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	one, _, err := at.findCode(ctx, c.Code)
	if err != nil {
		return err
	}
	if err := c.check(one.Code); err != nil {
		return err
	}
	return c.gone(ctx, to, at, "/promotion-codes/"+one.ID, one.Code)
}

// gone deletes what stands at the path, and says so.
func (s server) gone(ctx context.Context, to Streams, at *client, path, name string) error {
	if _, err := at.ask(ctx, http.MethodDelete, path, nil, nil); err != nil || s.JSON {
		return err
	}
	_, err := fmt.Fprintf(to.Out, "%s is deleted.\n", plain(name))
	return err
}
