package api

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/publish"
)

// links are the operations on links.
func (a *handlers) links() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	register(a, operation{method: http.MethodPost, path: "/links", id: "create-link", summary: "Create a link", group: groupLinks,
		scope: account.LinksWrite, status: http.StatusCreated, needs: []string{"name"}}, a.createLink)
	register(a, operation{method: http.MethodPost, path: "/links/bulk", id: "create-links", summary: "Create up to 1,000 links", group: groupLinks,
		about: "Each link is made by itself, as POST /links makes it: one that is wrong doesn't stop the others. The answer tells what became of each. With an Idempotency-Key a request that was interrupted goes on where it was.",
		scope: account.LinksWrite, byRow: true}, a.createLinks)
	register(a, operation{method: http.MethodGet, path: "/links", id: "list-links", summary: "List links", group: groupLinks,
		scope: account.LinksRead}, a.listLinks)
	register(a, operation{method: http.MethodGet, path: "/links/{id}", id: "get-link", summary: "Read a link", group: groupLinks,
		scope: account.LinksRead, object: there}, a.getLink)
	register(a, operation{method: http.MethodPatch, path: "/links/{id}", id: "change-link", summary: "Change a link", group: groupLinks,
		about: "Fields that are left out stay.", scope: account.LinksWrite, object: there}, a.changeLink)
	register(a, operation{method: http.MethodDelete, path: "/links/{id}", id: "delete-link", summary: "Delete a link", group: groupLinks,
		about: "Its address leads nowhere from then on. Payments stay.", scope: account.LinksWrite, status: http.StatusNoContent, object: there}, a.deleteLink)
	register(a, operation{method: http.MethodPost, path: "/links/{id}/duplicate", id: "duplicate-link", summary: "Duplicate a link", group: groupLinks,
		about: "The copy is inactive.", scope: account.LinksWrite, status: http.StatusCreated, object: there}, a.duplicateLink)
	register(a, operation{method: http.MethodGet, path: "/links/{id}/activity", id: "list-activity", summary: "List what happened to a link", group: groupLinks,
		scope: account.LinksRead, object: there}, a.listActivity)
	register(a, operation{method: http.MethodGet, path: "/links/{id}/analytics", id: "get-analytics", summary: "Read a link's figures over time", group: groupLinks,
		scope: account.LinksRead, object: there}, a.getAnalytics)
}

type oneLink struct {
	ETag string `header:"ETag"`
	Body linkView
}

type madeLink struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     linkView
}

func (a *handlers) createLink(ctx context.Context, b business.Business, in *struct{ Body newLinkBody }) (*madeLink, error) {
	draft, err := in.Body.draft(b)
	if err != nil {
		return nil, err
	}
	l, err := a.create(ctx, b, draft, in.Body)
	return a.made(ctx, b, l, err)
}

func (a *handlers) duplicateLink(ctx context.Context, b business.Business, in *ByID) (*madeLink, error) {
	l, err := a.Publish.Duplicate(ctx, b, link.ID(in.ID))
	return a.made(ctx, b, l, err)
}

func (a *handlers) made(ctx context.Context, b business.Business, l link.Link, err error) (*madeLink, error) {
	one, err := a.one(ctx, b, l, err)
	if err != nil {
		return nil, err
	}
	return &madeLink{Location: prefix + "/links/" + string(l.ID), ETag: one.ETag, Body: one.Body}, nil
}

func (a *handlers) getLink(ctx context.Context, b business.Business, in *ByID) (*oneLink, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	return a.one(ctx, b, l, err)
}

func (a *handlers) one(ctx context.Context, b business.Business, l link.Link, err error) (*oneLink, error) {
	if err != nil {
		return nil, err
	}
	views, err := a.showLinks(ctx, a.DB, b, l)
	if err != nil {
		return nil, err
	}
	return &oneLink{ETag: etag(l.Version), Body: views[0]}, nil
}

type linkChange struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a link that was changed since is refused with 412."`
	Body    LinkBody
}

func (a *handlers) changeLink(ctx context.Context, b business.Business, in *linkChange) (*oneLink, error) {
	version, err := readIfMatch(in.IfMatch)
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
	done, err := a.Publish.Change(ctx, b, before.ID, version, edit, publish.With{Reminders: readReminders(in.Body.Reminders)})
	return a.one(ctx, b, done.Link, err)
}

func (a *handlers) deleteLink(ctx context.Context, b business.Business, in *ByID) (*nothing, error) {
	return nil, a.Links.Delete(ctx, b, link.ID(in.ID))
}
