package hook

import (
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/texting"
)

// ReceiveSMS takes what an SMS gateway tells: what became of a message, or
// an answer to one. Unlike a page's, its GET may change something: only the
// gateway knows the address or can sign it.
func (p *Hooks) ReceiveSMS(w http.ResponseWriter, r *http.Request) {
	p.receive(w, r, func(r *http.Request, body []byte) error {
		account := r.PathValue("business")
		if account == texting.InstallationHook {
			account = ""
		} else if !id.Valid("biz", account) {
			return fault.New(fault.NotFound, "There is no such business.")
		}
		return p.messages.TakeSMSHook(r.Context(), business.ID(account), sms.Kind(r.PathValue("gateway")), sms.Hook{
			URL: p.Addresses.Origin() + r.URL.RequestURI(), Query: r.URL.Query(), Header: r.Header, Body: body,
		})
	})
}
