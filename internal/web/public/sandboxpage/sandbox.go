// Package sandboxpage is the checkout of the provider for trying out.
package sandboxpage

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/public/frame"
)

// Pages are the checkout of the provider for trying out.
type Pages struct {
	*frame.Base
	sandbox *sandbox.Sandbox // nil in an installation that moves real money
}

// New returns the checkout.
func New(b *frame.Base, s *sandbox.Sandbox) *Pages { return &Pages{b, s} }

// sandboxView is the checkout of the provider for trying out.
type sandboxView struct {
	Payment      sandbox.Payment
	Outcomes     []sandboxOutcome
	Bank         []sandboxOutcome // what the payer's bank may do once it is paid
	Misbehaviour []sandboxAlso
}

type sandboxOutcome struct {
	Value       sandbox.Outcome
	Icon, Label string
}

type sandboxAlso struct {
	Value sandbox.Also
	Label string
}

// Show is the sandbox's own checkout. It is no page of a business: a
// provider would show its own.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	if p.sandbox == nil || !frame.Plain(r.PathValue("id")) {
		return noCheckout()
	}
	found, err := p.sandbox.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	t := p.Localizer(r, nil)
	return frame.Render(w, r, http.StatusOK, sandboxCheckout(p.Frame(t, nil, t.T("sandbox.title")), sandboxView{found, outcomes(t), ofBank(t), misbehaviours(t)}))
}

// Decide does what the payer chose and sends them back. A payment that
// is final already stays as it is.
func (p *Pages) Decide(w http.ResponseWriter, r *http.Request) error {
	if p.sandbox == nil || !frame.Plain(r.PathValue("id")) {
		return noCheckout()
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(err, fault.Malformed, "This form can't be read.")
	}
	outcome, also := sandbox.Outcome(r.PostForm.Get("outcome")), sandbox.Also(r.PostForm.Get("also"))
	to, err := p.sandbox.Decide(r.Context(), r.PathValue("id"), outcome, also)
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func noCheckout() error { return fault.New(fault.NotFound, "There is no such checkout.") }

func outcomes(t i18n.Localizer) []sandboxOutcome {
	return []sandboxOutcome{
		{sandbox.Paid, "check", t.T("sandbox.paid")},
		{sandbox.Pending, "hourglass", t.T("sandbox.pending")},
		{sandbox.Failed, "circle-x", t.T("sandbox.failed")},
		{sandbox.Canceled, "ban", t.T("sandbox.canceled")},
		{sandbox.Expired, "clock", t.T("sandbox.expired")},
	}
}

func ofBank(t i18n.Localizer) []sandboxOutcome {
	return []sandboxOutcome{
		{sandbox.Disputed, "triangle-alert", t.T("sandbox.disputed")},
		{sandbox.DisputeWon, "check", t.T("sandbox.dispute_won")},
		{sandbox.DisputeLost, "circle-x", t.T("sandbox.dispute_lost")},
	}
}

func misbehaviours(t i18n.Localizer) []sandboxAlso {
	return []sandboxAlso{
		{"", t.T("sandbox.also_none")},
		{sandbox.Late, t.T("sandbox.also_late")},
		{sandbox.Twice, t.T("sandbox.also_twice")},
		{sandbox.Lost, t.T("sandbox.also_lost")},
		{sandbox.Forged, t.T("sandbox.also_forged")},
		{sandbox.Reordered, t.T("sandbox.also_reordered")},
		{sandbox.AfterExpiry, t.T("sandbox.also_after_expiry")},
		{sandbox.LostAnswer, t.T("sandbox.also_lost_answer")},
		{sandbox.RefundsFail, t.T("sandbox.also_refunds_fail")},
	}
}
