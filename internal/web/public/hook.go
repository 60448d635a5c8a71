package public

import (
	"errors"
	"io"
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
)

// receiveWebhook takes a provider's report. It answers 2xx only when the report
// is stored, and the same to everything that it refuses, so that a forger
// learns nothing.
func (p *Public) receiveWebhook(w http.ResponseWriter, r *http.Request) {
	p.receive(w, r, p.accept)
}

func (p *Public) receive(w http.ResponseWriter, r *http.Request, accept func(r *http.Request, body []byte) error) {
	w.Header().Set("Cache-Control", "no-store")
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		return // the sender hung up
	}
	err = accept(r, body)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case refused(err):
		http.Error(w, "refused", http.StatusBadRequest)
	default:
		p.Log.ErrorContext(r.Context(), "webhook not stored", "from", r.PathValue("provider")+r.PathValue("gateway"), "error", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

func (p *Public) accept(r *http.Request, body []byte) error {
	account := r.PathValue("business")
	if !id.Valid("biz", account) {
		return fault.New(fault.NotFound, "There is no such business.")
	}
	b, err := p.Businesses.ByID(r.Context(), business.ID(account))
	if err != nil {
		return err
	}
	return p.Payments.ReceiveWebhook(r.Context(), b, r.PathValue("provider"), r.Header, body)
}

// refused tells what is the sender's fault from what is ours.
func refused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code != fault.Internal && f.Code != fault.Unavailable
}
