package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
)

// page says how much of a list is wanted.
type page struct {
	Most int `default:"25" help:"How many to list at most; 0 for all."`
}

// serverPage is the longest page that the API answers with.
const serverPage = 100

// pages reads a list page by page, up to as many rows as are wanted. The answer is that
// of the API, with the rows of all pages in it.
func pages[T any](ctx context.Context, c *client, path string, query url.Values, most int) (rows []T, answer []byte, more bool, err error) {
	if most < 0 {
		return nil, nil, false, Misuse("--most is how many to list, 0 or more. 0 lists all.")
	}
	all := []json.RawMessage{}
	var next *string
	for {
		want := serverPage
		if most > 0 {
			want = min(want, most-len(all))
		}
		query.Set("limit", strconv.Itoa(want))
		var one struct {
			Data []json.RawMessage `json:"data"`
			Next *string           `json:"next_cursor"`
		}
		if _, err := c.get(ctx, path, query, &one); err != nil {
			return nil, nil, false, err
		}
		all, next = append(all, one.Data...), one.Next
		if next == nil || most > 0 && len(all) >= most {
			break
		}
		query.Set("cursor", *next)
	}
	for _, text := range all {
		var row T
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, nil, false, fmt.Errorf("what the server answered can't be read: %w", err)
		}
		rows = append(rows, row)
	}
	answer, err = json.Marshal(map[string]any{"data": all, "next_cursor": next})
	return rows, answer, next != nil, err
}

// sayMore tells that a list goes on.
func sayMore(w io.Writer, more bool) error {
	if !more {
		return nil
	}
	_, err := fmt.Fprintln(w, "There are more: --most 0 lists all.")
	return err
}

type listCommand struct {
	server `group:"The server:"`
	page
	Search string `help:"Part of the name or path."`
	Status string `help:"active, inactive or limit_reached; several separated by commas."`
	Tag    string `help:"Name of a tag."`
}

// Run lists links.
func (c listCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	links, answer, more, err := pages[link](ctx, at, "/links", set(url.Values{}, "q", c.Search, "status", c.Status, "tag", c.Tag), c.Most)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	if len(links) == 0 {
		_, err = fmt.Fprintln(to.Out, "No links.")
		return err
	}
	var rows [][]string
	for _, l := range links {
		rows = append(rows, []string{l.Name, l.Path, l.Amount.String(), l.status(), strconv.FormatInt(l.Stats.Views, 10), l.Limit.String(), l.Stats.Revenue.String(), l.ID})
	}
	if err := table(to.Out, []string{"NAME", "PATH", "AMOUNT", "STATUS", "VIEWS", "PAYMENTS", "REVENUE", "ID"}, rows); err != nil {
		return err
	}
	return sayMore(to.Out, more)
}

// set adds the pairs that have a value to a query.
func set(query url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return query
}
