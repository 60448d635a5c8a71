package public

import (
	"net/http"

	"smartlinks/internal/id"
	"smartlinks/internal/payment"
)

// againParameter names the attempt that a payer tries again.
const againParameter = "again"

// typedBefore is what the same visitor typed for an attempt at the same offer.
// The attempt's id alone is not enough: it may stand in somebody's history.
func (p *Public) typedBefore(r *http.Request, o offer, attempt string) (form, bool) {
	s, known := p.session(r, o.target())
	if !known || !id.Valid("pay", attempt) {
		return form{}, false
	}
	v, err := p.Payments.ByPublicID(r.Context(), payment.ID(attempt))
	if err != nil || v.BusinessID != o.Business.ID || v.VisitID != s.ID {
		return form{}, false
	}
	f := form{Name: v.Payer.Name, Email: v.Payer.Email, Notes: v.Payer.Notes}
	if !o.Fixed {
		f.Amount = v.Amount.Decimal()
	}
	return f, true
}
