package system

import (
	"net/http"

	"smartlinks/internal/web/api"
)

// API is the JSON API over the features. What c says of the features is filled in;
// addresses, limits, the log and the test clock are the caller's.
func (r *System) API(c api.Config) http.Handler {
	c.DB, c.Audit, c.Accounts, c.Businesses, c.Links, c.Products, c.Customers, c.Tags = r.DB, r.Audit, r.Accounts, r.Businesses, r.Links, r.Products, r.Customers, r.Tags
	c.Payments, c.Deliveries, c.Reminders, c.Publish, c.Webhooks, c.Calls, c.Sealer = r.Payments, r.Deliveries, r.Reminders, r.Publish, r.Webhooks, r.Calls, r.Sealer
	c.Domains, c.Requests, c.Waiting, c.Recovery = r.Domains, r.Requests, r.Waiting, r.Recovery
	c.Coupons, c.Statements = r.Coupons, r.Statements
	return api.New(c)
}
