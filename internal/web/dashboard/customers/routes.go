// Package customers is the list of customers, a customer’s page, and what can be done with
// one: change, merge, erase, delete.
package customers

import (
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// pages have the services that the handlers need.
type pages struct{ sending.Pages }

// Routes are the pages and actions of customers.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{sending.Pages{Dashboard: dashboard}}
	return []frame.Route{
		frame.Get("/customers", frame.Members, d.listCustomers),
		frame.Download("/customers.csv", frame.Members, "Exported customers", d.exportCustomers),
		frame.Post("/customers", frame.Members, "Added a customer", d.createCustomer),
		frame.Get("/customers/new", frame.Members, d.newCustomer),
		frame.Get("/customers/{id}", frame.Members, d.showCustomer),
		frame.Get("/customers/{id}/edit", frame.Members, d.editCustomer),
		frame.Post("/customers/{id}/edit", frame.Members, "Changed a customer", d.saveCustomer),
		frame.Post("/customers/{id}/lift", frame.Members, "Let a customer be written to again", d.liftSuppression),
		frame.Get("/customers/{id}/merge", frame.Managers, d.askMerge),
		frame.Post("/customers/{id}/merge", frame.Managers, "Merged two customers", d.mergeCustomer),
		frame.Download("/customers/{id}/data.json", frame.Managers, "Exported all about a customer", d.exportCustomer),
		frame.Get("/customers/{id}/erase", frame.Managers, d.askErase),
		frame.Post("/customers/{id}/erase", frame.Managers, "Erased a customer", d.eraseCustomer),
		frame.Get("/customers/{id}/delete", frame.Managers, d.askDeleteCustomer),
		frame.Post("/customers/{id}/delete", frame.Managers, "Deleted a customer", d.deleteCustomer),
	}
}
