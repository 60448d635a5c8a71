package frame

import (
	"context"
	"net/url"

	"smartlinks/internal/saved"
)

// SavedView is the row of saved searches above a list.
type SavedView struct {
	List    saved.List
	Save    string // where a search is saved
	Query   string // of the list now
	Chips   []SavedChip
	MaySave bool // the list is narrowed, and not as one of the saved searches says
}

// SavedChip is a saved search.
type SavedChip struct {
	Name, Href string
	Delete     string // where it is deleted
	Current    bool   // the list shows it
}

// SavedSearches are those of a list, whose address without a query is base. narrowed tells
// whether anything is left out of it.
func (d *Dashboard) SavedSearches(ctx context.Context, scope *Scope, list saved.List, base string, query url.Values, narrowed bool) (SavedView, error) {
	all, err := d.Saved.Of(ctx, scope.Business.ID, list)
	if err != nil {
		return SavedView{}, err
	}
	v := SavedView{List: list, Save: scope.Base + "/saved", Query: query.Encode(), MaySave: narrowed}
	for _, s := range all {
		chip := SavedChip{Name: s.Name, Href: base + "?" + s.Query, Delete: v.Save + "/" + string(s.ID) + "/delete", Current: s.Query == v.Query}
		v.MaySave = v.MaySave && !chip.Current
		v.Chips = append(v.Chips, chip)
	}
	return v, nil
}
