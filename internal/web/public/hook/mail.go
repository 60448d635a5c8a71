package hook

import (
	"net/http"
	"strings"

	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/web/guard"
)

// ReceiveMail takes what a mail service tells of mails. The secret comes as a password,
// so that no log of addresses holds it; Amazon SNS gives it only when it is asked to.
func (p *Hooks) ReceiveMail(w http.ResponseWriter, r *http.Request) {
	if !p.Allowed(w, p.reporters, guard.Network(guard.ClientIP(r)).String()) {
		return
	}
	secret, given := hookSecret(r)
	if !given {
		w.Header().Set("WWW-Authenticate", `Basic realm="mail events"`)
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "refused", http.StatusUnauthorized)
		return
	}
	p.receive(w, r, func(r *http.Request, body []byte) error {
		account := r.PathValue("business")
		if !id.Valid("biz", account) {
			return fault.New(fault.NotFound, "There is no such business.")
		}
		return p.bounces.TakeHook(r.Context(), business.ID(account), bounce.SourceKind(r.PathValue("service")), secret, body)
	})
}

// hookSecret is the password of a request, or its bearer token.
func hookSecret(r *http.Request) (secret string, given bool) {
	if _, password, ok := r.BasicAuth(); ok {
		return password, true
	}
	return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
}
