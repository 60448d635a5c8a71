// Package imports makes customers, links and past payments of a file, step by step.
package imports

import (
	"smartlinks/internal/importer"
	"smartlinks/internal/web/dashboard/frame"
)

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions that make customers, links and past payments of a file.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/customers/import", frame.Members, d.newImport(importer.Customers)),
		frame.Post("/customers/import", frame.Members, "Uploaded a list of customers", d.readImport(importer.Customers)),
		frame.Get("/customers/import/example.csv", frame.Members, d.exampleImport(importer.Customers)),
		frame.Get("/links/import", frame.Members, d.newImport(importer.Links)),
		frame.Post("/links/import", frame.Members, "Uploaded a list of links", d.readImport(importer.Links)),
		frame.Post("/links/import/provider", frame.Managers, "Took payment links over from a provider", d.readOffered),
		frame.Get("/links/import/example.csv", frame.Members, d.exampleImport(importer.Links)),
		frame.Get("/transactions/import", frame.Managers, d.newImport(importer.Payments)),
		frame.Post("/transactions/import", frame.Managers, "Uploaded a list of past payments", d.readImport(importer.Payments)),
		frame.Get("/transactions/import/example.csv", frame.Managers, d.exampleImport(importer.Payments)),
		frame.Get("/imports/{id}", frame.Members, d.showImport),
		frame.Get("/imports/{id}/live", frame.Members, d.followImport),
		frame.Get("/imports/{id}/failed.csv", frame.Members, d.exportFailed),
		frame.PostUnaudited("/imports/{id}/columns", frame.Members, d.chooseColumns),
		frame.PostUnaudited("/imports/{id}/encoding", frame.Members, d.chooseEncoding),
		frame.Post("/imports/{id}/start", frame.Members, "Started an import", d.startImport),
		frame.Post("/imports/{id}/stop", frame.Members, "Stopped an import", d.stopImport),
		frame.PostUnaudited("/imports/{id}/discard", frame.Members, d.discardImport),
	}
}
