package customers

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
	"smartlinks/internal/web/api/frame"
)

// tags are the operations on tags. They go with links, so do their scopes.
func (a handlers) tags() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Tags.Get(ctx, b.ID, tag.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/tags", ID: "list-tags", Summary: "List tags", Group: frame.GroupTags,
		Scope: account.LinksRead}, a.listTags)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/tags", ID: "create-tag", Summary: "Create a tag", Group: frame.GroupTags,
		Scope: account.LinksWrite, Status: http.StatusCreated, Needs: []string{"name"}}, a.createTag)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/tags/{id}", ID: "get-tag", Summary: "Read a tag", Group: frame.GroupTags,
		Scope: account.LinksRead, Object: there}, a.getTag)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: "/tags/{id}", ID: "change-tag", Summary: "Rename or recolour a tag", Group: frame.GroupTags,
		Scope: account.LinksWrite, Object: there}, a.changeTag)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/tags/{id}", ID: "delete-tag", Summary: "Delete a tag", Group: frame.GroupTags,
		About: "What carries it stays.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: there}, a.deleteTag)
}

type tagView struct {
	ID        tag.ID    `json:"id" example:"tag_…"`
	Kind      tag.Kind  `json:"kind" enum:"link,customer"`
	Name      string    `json:"name"`
	Color     string    `json:"color" example:"teal" doc:"One of eighteen names."`
	Count     int64     `json:"count" doc:"What carries the tag."`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
}

func tagOf(u tag.Usage) tagView {
	return tagView{ID: u.ID, Kind: u.Kind, Name: u.Name, Color: u.Color, Count: u.Count, Version: u.Version, CreatedAt: u.CreatedAt.UTC()}
}

type oneTag struct {
	ETag string `header:"ETag"`
	Body tagView
}

type madeTag struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     tagView
}

type tagQuery struct {
	frame.Paging
	Kind  tag.Kind `query:"kind" enum:"link,customer" doc:"Both kinds when left out."`
	Query string   `query:"q" doc:"Part of the name."`
}

func (a handlers) listTags(ctx context.Context, b business.Business, in *tagQuery) (*frame.Listed[tagView], error) {
	kinds := []tag.Kind{tag.OfCustomers, tag.OfLinks}
	if in.Kind != "" {
		kinds = []tag.Kind{in.Kind}
	}
	var tags []tag.Usage
	for _, kind := range kinds {
		some, err := a.Tags.List(ctx, b.ID, kind)
		if err != nil {
			return nil, err
		}
		tags = append(tags, some...)
	}
	tags = slices.DeleteFunc(tags, func(u tag.Usage) bool {
		return !strings.Contains(text.Fold(u.Name), text.Fold(strings.TrimSpace(in.Query)))
	})
	tags, next, err := frame.PageIn("tags", tags, in.Paging, func(u tag.Usage) string { return string(u.Kind) + "\n" + text.Fold(u.Name) })
	if err != nil {
		return nil, err
	}
	return frame.PageOf(tags, next, tagOf), nil
}

type tagBody struct {
	Kind  tag.Kind `json:"kind,omitempty" enum:"link,customer" default:"link"`
	Name  string   `json:"name,omitempty" doc:"1 to 50 characters."`
	Color string   `json:"color,omitempty" doc:"Chosen by the name when left out."`
}

func (a handlers) createTag(ctx context.Context, b business.Business, in *struct{ Body tagBody }) (*madeTag, error) {
	t, err := a.Tags.Create(ctx, b.ID, in.Body.Kind, tag.Fields{Name: in.Body.Name, Color: in.Body.Color})
	if err != nil {
		return nil, err
	}
	return &madeTag{Location: frame.Prefix + "/tags/" + string(t.ID), ETag: frame.ETag(t.Version), Body: tagOf(tag.Usage{Tag: t})}, nil
}

func (a handlers) getTag(ctx context.Context, b business.Business, in *frame.ByID) (*oneTag, error) {
	t, err := a.Tags.Usage(ctx, b.ID, tag.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneTag{ETag: frame.ETag(t.Version), Body: tagOf(t)}, nil
}

type tagChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a tag that was changed since is refused with 412."`
	Body    struct {
		Name  *string `json:"name,omitempty" doc:"1 to 50 characters."`
		Color *string `json:"color,omitempty"`
	}
}

func (a handlers) changeTag(ctx context.Context, b business.Business, in *tagChange) (*oneTag, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	_, err = a.Tags.Edit(ctx, b.ID, tag.ID(in.ID), version, func(f *tag.Fields) {
		frame.Set(&f.Name, in.Body.Name)
		frame.Set(&f.Color, in.Body.Color)
	})
	if err != nil {
		return nil, err
	}
	return a.getTag(ctx, b, &in.ByID)
}

func (a handlers) deleteTag(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Tags.Delete(ctx, b.ID, tag.ID(in.ID))
}
