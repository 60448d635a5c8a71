package system

import (
	"net/http"

	"smartlinks/internal/web/mcp"
	"smartlinks/internal/web/oauth"
)

// Assistants is the server for assistants over the features. c.API is the JSON API that it
// acts by; addresses, limits, origins and the log are the caller's too.
func (r *System) Assistants(c mcp.Config) http.Handler {
	c.DB, c.Accounts, c.Businesses, c.Audit, c.Grants = r.DB, r.Accounts, r.Businesses, r.Audit, r.Grants
	return mcp.New(c)
}

// OAuth is how assistants get and keep what members allow them; addresses, limits and the
// log are the caller's.
func (r *System) OAuth(c oauth.Config) http.Handler {
	c.DB, c.Grants = r.DB, r.Grants
	return oauth.New(c)
}
