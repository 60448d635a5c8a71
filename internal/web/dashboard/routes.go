package dashboard

import (
	"net/http"
	"slices"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/account"
	"smartlinks/internal/web/dashboard/alerts"
	"smartlinks/internal/web/dashboard/assistants"
	"smartlinks/internal/web/dashboard/bank"
	"smartlinks/internal/web/dashboard/batches"
	"smartlinks/internal/web/dashboard/books"
	"smartlinks/internal/web/dashboard/byhand"
	"smartlinks/internal/web/dashboard/codes"
	"smartlinks/internal/web/dashboard/customers"
	"smartlinks/internal/web/dashboard/domains"
	"smartlinks/internal/web/dashboard/endpoints"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/imports"
	"smartlinks/internal/web/dashboard/linkform"
	"smartlinks/internal/web/dashboard/links"
	"smartlinks/internal/web/dashboard/messages"
	"smartlinks/internal/web/dashboard/overview"
	"smartlinks/internal/web/dashboard/picker"
	"smartlinks/internal/web/dashboard/products"
	"smartlinks/internal/web/dashboard/returned"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/dashboard/settings"
	"smartlinks/internal/web/dashboard/share"
	"smartlinks/internal/web/dashboard/statements"
	"smartlinks/internal/web/dashboard/tags"
	"smartlinks/internal/web/dashboard/team"
	"smartlinks/internal/web/dashboard/transactions"
	"smartlinks/internal/web/dashboard/waiting"
)

// parts have the routes behind the handle of a business, each next to its pages.
var parts = []func(*frame.Dashboard) []frame.Route{
	overview.Routes, account.Routes, links.Routes, linkform.Routes, share.Routes, sending.Routes, picker.Routes, imports.Routes, customers.Routes, products.Routes,
	tags.Routes, transactions.Routes, books.Routes, byhand.Routes, bank.Routes, statements.Routes, settings.Routes, team.Routes, messages.Routes, endpoints.Routes, assistants.Routes, domains.Routes, waiting.Routes,
	returned.Routes, batches.Routes, alerts.Routes, codes.Routes,
}

// routes lists every page and action. What stands under a handle is open to members of
// the business alone.
func (d *Dashboard) routes(handle func(pattern string, h http.Handler)) {
	d.HandleOpen(handle, slices.Concat(account.OpenRoutes(d.Dashboard), assistants.OpenRoutes(d.Dashboard), alerts.OpenRoutes(d.Dashboard)))
	routes := d.ownRoutes()
	for _, part := range parts {
		routes = slices.Concat(routes, part(d.Dashboard))
	}
	d.Handle(handle, routes)
}

// ownRoutes are those that belong to no part of the dashboard.
func (d *Dashboard) ownRoutes() []frame.Route {
	own := []frame.Route{
		frame.Get("/search", frame.Members, d.search),
		frame.Post("/saved", frame.Members, "Saved a search", d.saveSearch),
		frame.Post("/saved/{id}/delete", frame.Members, "Deleted a saved search", d.deleteSearch),
		frame.Get("/images/{id}", frame.Members, d.showImage),
		frame.Get("/{rest...}", frame.Members, notHere),
	}
	if d.TestClock != nil {
		own = append(own, frame.Get("/test-clock", frame.Managers, d.showClock), frame.Post("/test-clock", frame.Managers, "Moved the test clock", d.moveClock))
	}
	return own
}

func notHere(http.ResponseWriter, *http.Request, *frame.Scope) error {
	return fault.New(fault.NotFound, "This page does not exist.")
}
