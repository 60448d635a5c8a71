// Package frame is what all payers' pages share: the frame around a page, its language and
// stylesheet, the page that tells one thing, errors as pages, and by what a browser is known
// again. Pages that stand by themselves are packages beside it; those on which money is
// asked are in package public.
package frame

import (
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/db"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/guard"
)

// Config is what every payer's page needs.
type Config struct {
	DB         *db.DB
	Businesses *business.Businesses
	Catalogue  *i18n.Catalogue
	// Addresses makes our web addresses.
	Addresses address.Book
	// IsMember tells the merchant's own visits; nil: nobody's are.
	IsMember func(r *http.Request, id business.ID) bool
	// Limits says whether a network is refused that starts too many payments, has too
	// many pictures drawn or sends too many reports, and whether its views are counted.
	Limits bool
	Log    *slog.Logger
}

// Base is what the handlers of all payers' pages share: languages, the frame around a
// page, how a page is told and an error shown, and by what a browser is known again. It is
// safe for concurrent use.
type Base struct {
	Config
	localizers  *localizers
	stylesheets cache.Cache[string, RenderedPage] // with pictures, by version
}

// New returns what payers' pages share.
func New(c Config) *Base {
	return &Base{Config: c, localizers: newLocalizers(c.Catalogue), stylesheets: cache.New[string, RenderedPage](keptStylesheets)}
}

// Allowed counts what who does, and answers when it was too much.
func (p *Base) Allowed(w http.ResponseWriter, m *guard.Meter[string], who string) bool {
	if !p.Limits {
		return true
	}
	_, wait, _ := m.Spend(who, p.DB.Clock().Wall())
	if wait <= 0 {
		return true
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "Too many at once. Try again later.", http.StatusTooManyRequests)
	return false
}
