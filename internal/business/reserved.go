package business

import "slices"

// ReservedHandles returns the words that can't be handles: the first segments
// of this installation's own routes, what browsers and crawlers ask for at the
// top of a site, and words that would pass a page off as ours.
func ReservedHandles() []string {
	return []string{
		// routes
		"api", "brand", "create", "dashboard", "demo", "docs", "embed", "events", "healthz",
		"hooks", "images", "legal", "mailbox", "mcp", "metrics", "oauth", "pay", "r", "readyz",
		"receipts", "sandbox", "settings", "setup", "shop", "sign-in", "sign-out",
		"sign-up", "static", "stop", "unsubscribe", "v1", "waiting", "webhooks",
		// the top of a site
		"apple-app-site-association", "apple-touch-icon", "assets", "browserconfig",
		"favicon", "humans", "index", "manifest", "robots", "security", "sitemap",
		"well-known",
		// ours, or nobody's
		"account", "admin", "administrator", "app", "billing", "checkout", "debug",
		"help", "home", "login", "logout", "mail", "null", "password", "payment",
		"payments", "public", "register", "root", "smartlinks", "smart-links", "status",
		"support", "system", "test-mode", "undefined", "user", "users", "www",
	}
}

// Reserved reports whether a word can't be a handle.
func Reserved(handle string) bool { return slices.Contains(ReservedHandles(), handle) }
