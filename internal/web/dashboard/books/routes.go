// Package books shows the money of a month for whoever keeps the accounts: payments,
// refunds, fees and VAT, as a page and as a file.
package books

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the page of a month and its file.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/books", frame.Members, d.show),
		frame.Download("/books.csv", frame.Members, "Exported the books", d.export),
	}
}
