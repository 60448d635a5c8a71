// Package codes is the tab of the coupons of a business and of their promotion codes.
package codes

import "smartlinks/internal/web/dashboard/frame"

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are the pages and actions of coupons and promotion codes.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/codes", frame.Members, d.listCodes),
		frame.Get("/codes.csv", frame.Members, d.exportCodes),
		frame.Get("/codes/{id}", frame.Members, d.editCode),
		frame.Post("/codes/{id}", frame.Members, "Changed a promotion code", d.saveCode),
		frame.Post("/codes/{id}/stop", frame.Members, "Ended a promotion code", d.stopCode),
		frame.Post("/codes/{id}/reopen", frame.Members, "Opened a promotion code again", d.reopenCode),
		frame.Post("/codes/{id}/delete", frame.Managers, "Deleted a promotion code", d.deleteCode),
		frame.Get("/coupons/new", frame.Members, d.newCoupon),
		frame.Get("/coupons/links", frame.Members, d.find(d.kinds()[0])),
		frame.Get("/coupons/products", frame.Members, d.find(d.kinds()[1])),
		frame.Post("/coupons", frame.Members, "Added a coupon", d.createCoupon),
		frame.Get("/coupons/{id}", frame.Members, d.editCoupon),
		frame.Post("/coupons/{id}", frame.Members, "Changed a coupon", d.saveCoupon),
		frame.Post("/coupons/{id}/delete", frame.Managers, "Deleted a coupon and its codes", d.deleteCoupon),
		frame.Get("/coupons/{id}/codes", frame.Members, d.newCodes),
		frame.Post("/coupons/{id}/codes", frame.Members, "Added promotion codes", d.addCodes),
	}
}
