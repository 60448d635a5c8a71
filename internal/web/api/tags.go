package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/tag"
)

// tags are the operations on tags. They go with links, so do their scopes.
func (a *rooms) tags() {
	register(a, operation{method: http.MethodGet, path: "/tags", id: "list-tags", summary: "List tags", group: "Tags",
		scope: account.LinksRead}, a.listTags)
	register(a, operation{method: http.MethodPost, path: "/tags", id: "create-tag", summary: "Create a tag", group: "Tags",
		scope: account.LinksWrite, status: http.StatusCreated}, a.createTag)
}

type tagView struct {
	ID        tag.ID    `json:"id" example:"tag_…"`
	Kind      tag.Kind  `json:"kind" enum:"link,customer"`
	Name      string    `json:"name"`
	Color     string    `json:"color" example:"teal"`
	Count     int64     `json:"count" doc:"What carries the tag."`
	CreatedAt time.Time `json:"created_at"`
}

func tagOf(u tag.Usage) tagView {
	return tagView{ID: u.ID, Kind: u.Kind, Name: u.Name, Color: u.Color, Count: u.Count, CreatedAt: u.CreatedAt.UTC()}
}

type tagQuery struct {
	Kind tag.Kind `query:"kind" enum:"link,customer" default:"link"`
}

// listTags answers with all of them: a business has few.
func (a *rooms) listTags(ctx context.Context, b business.Business, in *tagQuery) (*listed[tagView], error) {
	tags, err := a.Tags.List(ctx, b.ID, in.Kind)
	if err != nil {
		return nil, err
	}
	return pageOf(tags, "", tagOf), nil
}

type tagBody struct {
	Kind  tag.Kind `json:"kind,omitempty" enum:"link,customer" default:"link"`
	Name  string   `json:"name,omitempty" doc:"1 to 50 characters."`
	Color string   `json:"color,omitempty" doc:"Chosen by the name when left out."`
}

func (a *rooms) createTag(ctx context.Context, b business.Business, in *struct{ Body tagBody }) (*struct{ Body tagView }, error) {
	t, err := a.Tags.Create(ctx, b.ID, in.Body.Kind, in.Body.Name, in.Body.Color)
	if err != nil {
		return nil, err
	}
	return &struct{ Body tagView }{tagOf(tag.Usage{Tag: t})}, nil
}
