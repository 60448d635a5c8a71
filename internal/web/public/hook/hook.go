// Package hook has the doors through which providers, mail services and SMS gateways report.
package hook

import (
	"context"
	"errors"
	"io"
	"net/http"

	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public/frame"
)

// Hooks are the doors through which providers, mail services and SMS gateways report.
type Hooks struct {
	*frame.Base
	payments *payment.Payments
	messages *message.Messages
	bounces  *bounce.Bounces
	// business finds the business that a report is about; what is known of it will do.
	business func(context.Context, business.ID) (business.Business, error)
	// Unsigned reports, by network and by payment.
	reporters, reported *guard.Meter[string]
}

// New returns the doors.
func New(b *frame.Base, payments *payment.Payments, messages *message.Messages, bounces *bounce.Bounces, find func(context.Context, business.ID) (business.Business, error)) *Hooks {
	return &Hooks{
		Base: b, payments: payments, messages: messages, bounces: bounces, business: find,
		reporters: guard.NewMeter[string](reportsAtOnce, reportsPerSecond), reported: guard.NewMeter[string](reportsOfOne, reportsOfOnePerSecond),
	}
}

// ReceiveWebhook takes a provider's report. It answers 2xx only when the report
// is stored, and the same to everything that it refuses, so that a forger
// learns nothing.
func (p *Hooks) ReceiveWebhook(w http.ResponseWriter, r *http.Request) {
	p.receive(w, r, p.accept)
}

func (p *Hooks) receive(w http.ResponseWriter, r *http.Request, accept func(r *http.Request, body []byte) error) {
	w.Header().Set("Cache-Control", "no-store")
	if _, unsigned := p.payments.Unsigned(r.PathValue("provider")); unsigned {
		r.Body = http.MaxBytesReader(w, r.Body, maxUnsigned)
		if !p.Allowed(w, p.reporters, guard.Network(guard.ClientIP(r)).String()) {
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
	if u, unsigned := p.payments.Unsigned(r.PathValue("provider")); unsigned {
		if object := u.ReportOf(body); object != "" && !p.Allowed(w, p.reported, r.PathValue("business")+" "+object) {
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

func (p *Hooks) accept(r *http.Request, body []byte) error {
	account := r.PathValue("business")
	if !id.Valid("biz", account) {
		return fault.New(fault.NotFound, "There is no such business.")
	}
	// Whether there is such a business, and no more of it, so what is known will do.
	b, err := p.business(r.Context(), business.ID(account))
	if err != nil {
		return err
	}
	return p.payments.ReceiveWebhook(r.Context(), b, r.PathValue("provider"), r.Header, body)
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

// refused tells what is the sender's fault from what is ours.
func refused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code != fault.Internal && f.Code != fault.Unavailable
}
