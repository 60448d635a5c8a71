// Package products is the catalogue of a business.
package products

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of products.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/products", frame.Members, d.listProducts),
		frame.Get("/products.csv", frame.Members, d.exportProducts),
		frame.Post("/products", frame.Members, "Added a product", d.createProduct),
		frame.Get("/products/new", frame.Members, d.newProduct),
		frame.Get("/products/{id}", frame.Members, d.editProduct),
		frame.Post("/products/{id}", frame.Members, "Changed a product", d.saveProduct),
		frame.Post("/products/{id}/active", frame.Members, "Switched a product on or off", d.switchProduct),
	}
}
