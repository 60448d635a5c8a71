package frame

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/fault"
)

// Who may ask for a route.
type Who int

// Whom a route admits.
const (
	Members  Who = iota // everybody who belongs to the business
	Managers            // its owners and admins
)

// Route is a page or an action behind the handle of a business. What it does, who may
// do it and what the audit log says of it stand in one row, so that they can't part.
type Route struct {
	method, path string
	may          Who
	audit        string // what the member did, in words; "" for what is not in the log
	serve        Handler
}

// Get is a page. It changes nothing.
func Get(path string, may Who, h Handler) Route {
	return Route{http.MethodGet, path, may, "", h}
}

// Download hands out personal data in bulk, which the audit log keeps.
func Download(path string, may Who, audit string, h Handler) Route {
	return Route{http.MethodGet, path, may, requireWords(path, audit), h}
}

// Post is an action, which the audit log keeps.
func Post(path string, may Who, audit string, h Handler) Route {
	return Route{http.MethodPost, path, may, requireWords(path, audit), h}
}

// PostUnaudited changes nothing of the business: a preview, one's own account, the way
// to a question.
func PostUnaudited(path string, may Who, h Handler) Route {
	return Route{http.MethodPost, path, may, "", h}
}

// requireWords returns the words. A table of routes without them doesn't start.
func requireWords(path, audit string) string {
	if audit == "" {
		panic("the audit log has no words for " + path)
	}
	return audit
}

// OpenRoute is a page or an action of people who are not signed in to a business.
type OpenRoute struct {
	pattern string
	serve   OpenHandler
}

// Open is a page or an action by the whole pattern.
func Open(pattern string, h OpenHandler) OpenRoute { return OpenRoute{pattern, h} }

// Own are routes of one's own account, for who belongs to no business: the same pages, outside
// of one. Who belongs to some opens them there.
func (d *Dashboard) Own(routes []Route) (open []OpenRoute) {
	for _, r := range routes {
		open = append(open, Open(r.method+" "+address.SignedIn().String()+r.path, d.withoutBusiness(r.serve)))
	}
	return open
}

// HandleOpen registers routes, and those that every part shares: scripts, and what is
// nowhere.
func (d *Dashboard) HandleOpen(handle func(pattern string, h http.Handler), routes []OpenRoute) {
	for _, r := range routes {
		handle(r.pattern, d.answer(r.serve))
	}
	for _, url := range scripts().URLs() {
		handle("GET "+url, d.answer(d.serveScript))
	}
	handle("/", d.answer(nothingHere))
}

// Handle registers routes behind the handle of a business.
func (d *Dashboard) Handle(handle func(pattern string, h http.Handler), routes []Route) {
	for _, r := range routes {
		handle(r.method+" /dashboard/{handle}"+r.path, d.answer(d.withScope(d.guarded(r))))
	}
}

// guarded is the route's handler behind its rights, and before the audit log.
func (d *Dashboard) guarded(r Route) Handler {
	h := r.serve
	if r.may == Managers {
		h = manage(h)
	}
	if r.audit != "" {
		h = d.audited(r.audit, h)
	}
	return h
}

// Manage says why a member may not do what is for owners and admins only.
func (s *Scope) Manage() error {
	if s.MayManage() {
		return nil
	}
	return fault.New(fault.Forbidden, "Only an owner or an admin of this business may do that. Ask one of them.")
}

// manage admits owners and admins only.
func manage(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *Scope) error {
		if err := scope.Manage(); err != nil {
			return err
		}
		return h(w, r, scope)
	}
}

func nothingHere(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, "This page does not exist.")
}
