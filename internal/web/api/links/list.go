package links

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/web/api/frame"
)

type linkQuery struct {
	frame.Paging
	Query  string        `query:"q" doc:"Part of the name or path."`
	Type   []link.Type   `query:"type" enum:"amount,product" doc:"One or several, separated by commas."`
	Status []link.Status `query:"status" enum:"active,inactive,limit_reached" doc:"One or several, separated by commas."`
	Tag    []string      `query:"tag,explode" doc:"A tag's name; repeat it for several."`
	Mode   link.TagMode  `query:"tag_mode" enum:"any,all" default:"any" doc:"Whether a link has any or all of the tags."`
	Due    bool          `query:"overdue" doc:"true: those alone whose due date has passed and that not everybody has paid."`
	Sort   link.Sort     `query:"sort" doc:"created, name, type, amount, views, payments, conversion, revenue, limit or active; with - before it for the largest first."`
}

func (a Handlers) listLinks(ctx context.Context, b business.Business, in *linkQuery) (*frame.Listed[LinkView], error) {
	page, err := a.Links.List(ctx, b, link.Filter{
		Query: in.Query, Types: in.Type, Status: in.Status, Tags: in.Tag, TagMode: in.Mode, Overdue: in.Due, Sort: in.Sort,
		Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	views, err := a.ShowLinks(ctx, a.DB, b, page.Links...)
	if err != nil {
		return nil, err
	}
	return frame.PageOf(views, page.Next, func(v LinkView) LinkView { return v }), nil
}
