package importer

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// foretoldURL stands for a next link that has no id yet.
const foretoldURL = "https://example.com/"

// turns is how often the lines are gone through: payments and customers once. A link that
// leads on to another of the file comes after that one, so chains take a turn for each hop.
// Links without a path come last, so that no path that is made from a name takes another's.
func (i Import) turns() int {
	if i.Kind == Links {
		return link.MaxHops + 2
	}
	return 1
}

// ready reports whether the line's turn has come. A line that waits for its next link is
// judged without it in the last turn of those that name their path. made are the paths that
// lines before it will have made, of a preview.
func (s *Imports) ready(ctx context.Context, r db.Reader, b business.Business, i Import, row Row, turn int, made map[string]bool) (bool, error) {
	if i.Kind != Links {
		return true, nil
	}
	v := valuesOf(i.Fields, row.Cells)
	if v["path"] == "" {
		return turn == i.turns()-1, nil
	}
	next := v["when_closed_next"]
	if next == "" || turn >= link.MaxHops || made[next] {
		return true, nil
	}
	id, err := s.Links.WithPath(ctx, r, b.ID, next)
	return id != "", err
}

// findNext finds the link that the line leads on to while it is closed. One that the file
// itself will have made has no id in a preview: it reports true then.
func (s *Imports) findNext(ctx context.Context, r db.Reader, b business.Business, v *verdict, made map[string]bool, unread *fault.Fields) (foretold bool, err error) {
	next := v.values["when_closed_next"]
	if next == "" {
		return false, nil
	}
	id, err := s.Links.WithPath(ctx, r, b.ID, next)
	if err != nil {
		return false, err
	}
	if v.link.WhenClosed.Next = id; id == "" && !made[next] {
		unread.Add("when_closed_next", "", "No link has this path.")
		v.link.WhenClosed.Redirect = false // one sentence about it is enough
	}
	return id == "" && made[next], nil
}
