package links

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/publish"
	"smartlinks/internal/web/api/frame"
)

// links are the operations on links.
func (a Handlers) links() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links", ID: "create-link", Summary: "Create a link", Group: frame.GroupLinks,
		Scope: account.LinksWrite, Status: http.StatusCreated, Needs: []string{"name"}}, a.createLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/bulk", ID: "create-links", Summary: "Create up to 1,000 links", Group: frame.GroupLinks,
		About: "Each link is made by itself, as POST /links makes it: one that is wrong doesn't stop the others. The answer tells what became of each. With an Idempotency-Key a request that was interrupted goes on where it was.",
		Scope: account.LinksWrite, ByRow: true}, a.createLinks)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links", ID: "list-links", Summary: "List links", Group: frame.GroupLinks,
		Scope: account.LinksRead}, a.listLinks)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links/{id}", ID: "get-link", Summary: "Read a link", Group: frame.GroupLinks,
		Scope: account.LinksRead, Object: there}, a.getLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: "/links/{id}", ID: "change-link", Summary: "Change a link", Group: frame.GroupLinks,
		About: "Fields that are left out stay.", Scope: account.LinksWrite, Object: there}, a.changeLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/links/{id}", ID: "delete-link", Summary: "Delete a link", Group: frame.GroupLinks,
		About: "Its address leads nowhere from then on. Payments stay.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: there}, a.deleteLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/{id}/duplicate", ID: "duplicate-link", Summary: "Duplicate a link", Group: frame.GroupLinks,
		About: "The copy is inactive.", Scope: account.LinksWrite, Status: http.StatusCreated, Object: there}, a.duplicateLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links/{id}/activity", ID: "list-activity", Summary: "List what happened to a link", Group: frame.GroupLinks,
		Scope: account.LinksRead, Object: there}, a.listActivity)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links/{id}/analytics", ID: "get-analytics", Summary: "Read a link's figures over time", Group: frame.GroupLinks,
		Scope: account.LinksRead, Object: there}, a.getAnalytics)
}

type oneLink struct {
	ETag string `header:"ETag"`
	Body LinkView
}

type madeLink struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     LinkView
}

func (a Handlers) createLink(ctx context.Context, b business.Business, in *struct{ Body NewLinkBody }) (*madeLink, error) {
	draft, err := in.Body.draft(b)
	if err != nil {
		return nil, err
	}
	l, err := a.create(ctx, b, draft, in.Body)
	return a.made(ctx, b, l, err)
}

func (a Handlers) duplicateLink(ctx context.Context, b business.Business, in *frame.ByID) (*madeLink, error) {
	l, err := a.Publish.Duplicate(ctx, b, link.ID(in.ID))
	return a.made(ctx, b, l, err)
}

func (a Handlers) made(ctx context.Context, b business.Business, l link.Link, err error) (*madeLink, error) {
	one, err := a.one(ctx, b, l, err)
	if err != nil {
		return nil, err
	}
	return &madeLink{Location: frame.Prefix + "/links/" + string(l.ID), ETag: one.ETag, Body: one.Body}, nil
}

func (a Handlers) getLink(ctx context.Context, b business.Business, in *frame.ByID) (*oneLink, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	return a.one(ctx, b, l, err)
}

func (a Handlers) one(ctx context.Context, b business.Business, l link.Link, err error) (*oneLink, error) {
	if err != nil {
		return nil, err
	}
	views, err := a.ShowLinks(ctx, a.DB, b, l)
	if err != nil {
		return nil, err
	}
	return &oneLink{ETag: frame.ETag(l.Version), Body: views[0]}, nil
}

type linkChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a link that was changed since is refused with 412."`
	Body    LinkBody
}

func (a Handlers) changeLink(ctx context.Context, b business.Business, in *linkChange) (*oneLink, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	before, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return nil, err
	}
	edit, err := in.Body.edit(before.Currency)
	if err != nil {
		return nil, err
	}
	done, err := a.Publish.Change(ctx, b, before.ID, version, edit, publish.With{Reminders: ReadReminders(in.Body.Reminders)})
	return a.one(ctx, b, done.Link, err)
}

func (a Handlers) deleteLink(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Links.Delete(ctx, b, link.ID(in.ID))
}
