package public

import (
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/web/guard"
)

// receiveWebhook takes a provider's report. It answers 2xx only when the report
// is stored, and the same to everything that it refuses, so that a forger
// learns nothing.
func (p *Public) receiveWebhook(w http.ResponseWriter, r *http.Request) {
	p.receive(w, r, p.accept)
}

func (p *Public) receive(w http.ResponseWriter, r *http.Request, accept func(r *http.Request, body []byte) error) {
	w.Header().Set("Cache-Control", "no-store")
	if _, unsigned := p.Payments.Unsigned(r.PathValue("provider")); unsigned {
		r.Body = http.MaxBytesReader(w, r.Body, maxUnsigned)
		if !p.allowed(w, p.reporters, guard.Network(guard.ClientIP(r)).String()) {
			return
		}
	}
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		return // the sender hung up
	}
	if u, unsigned := p.Payments.Unsigned(r.PathValue("provider")); unsigned {
		if object := u.ReportOf(body); object != "" && !p.allowed(w, p.reported, r.PathValue("business")+" "+object) {
			return
		}
	}
	err = accept(r, body)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case refused(err):
		http.Error(w, "refused", http.StatusBadRequest)
	default:
		p.Log.ErrorContext(r.Context(), "webhook not stored", "from", r.PathValue("provider")+r.PathValue("gateway")+r.PathValue("service"), "error", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

func (p *Public) accept(r *http.Request, body []byte) error {
	account := r.PathValue("business")
	if !id.Valid("biz", account) {
		return fault.New(fault.NotFound, "There is no such business.")
	}
	// Whether there is such a business, and no more of it, so what is known will do.
	b, err := p.cached.businessByID(r.Context(), business.ID(account))
	if err != nil {
		return err
	}
	return p.Payments.ReceiveWebhook(r.Context(), b, r.PathValue("provider"), r.Header, body)
}

// What reports cost that anybody can send: each is a row written and a question to the
// provider, with the merchant's key. A provider's own reports come from few networks, and
// of one payment there are a handful; those that are refused it sends again later.
const (
	maxUnsigned           = 4 << 10 // bytes; a real one has twenty
	reportsAtOnce         = 120     // of a network
	reportsPerSecond      = 10
	reportsOfOne          = 6 // of one payment
	reportsOfOnePerSecond = 0.05
)

// allowed counts what who does, and answers when it was too much.
func (p *Public) allowed(w http.ResponseWriter, m *guard.Meter[string], who string) bool {
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

// refused tells what is the sender's fault from what is ours.
func refused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code != fault.Internal && f.Code != fault.Unavailable
}
