package cli

import (
	"context"
	"net/http"
)

type showCommand struct {
	server `group:"The server:"`
	one
}

// Run shows a link and its figures.
func (c showCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, answer, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	return c.answer(to.Out, l, answer)
}

type editCommand struct {
	server `group:"The server:"`
	one
	terms
	Name *string `help:"What is paid for."`
}

// Run changes what is said, and shows the link.
func (c editCommand) Run(ctx context.Context, to Streams) error {
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if c.Name != nil {
		fields["name"] = *c.Name
	}
	if len(fields) == 0 {
		return Misuse("Say what to change, such as --amount 39 or --limit 50.")
	}
	return c.changed(ctx, to, c.Link, fields)
}

// changed changes a link and shows it.
func (s server) changed(ctx context.Context, to Streams, ref string, fields map[string]any) error {
	at, err := s.client(to)
	if err != nil {
		return err
	}
	l, answer, err := at.change(ctx, ref, fields)
	if err != nil {
		return err
	}
	return s.answer(to.Out, l, answer)
}

type pauseCommand struct {
	server `group:"The server:"`
	one
}

// Run switches a link off.
func (c pauseCommand) Run(ctx context.Context, to Streams) error {
	return c.changed(ctx, to, c.Link, map[string]any{"active": false})
}

type resumeCommand struct {
	server `group:"The server:"`
	one
}

// Run switches a link on again.
func (c resumeCommand) Run(ctx context.Context, to Streams) error {
	return c.changed(ctx, to, c.Link, map[string]any{"active": true})
}

type duplicateCommand struct {
	server `group:"The server:"`
	one
}

// Run makes a copy of a link and shows the copy.
func (c duplicateCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	found, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	var l link
	answer, err := at.ask(ctx, http.MethodPost, "/links/"+found.ID+"/duplicate", nil, &l)
	if err != nil {
		return err
	}
	return c.answer(to.Out, l, answer)
}

type deleteCommand struct {
	server `group:"The server:"`
	one
	sure
}

// Run deletes a link.
func (c deleteCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	if err := c.check(l.Name); err != nil {
		return err
	}
	return c.gone(ctx, to, at, "/links/"+l.ID, l.Name)
}
