package mollie

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/payment"
)

// maxID bounds an id in bytes; real ones have about a dozen.
const maxID = 64

// Verify implements payment.Verifier ("Webhooks"): the body is a form with an
// id. Mollie does not sign it, so nothing else is read, and the event has no id
// of its own.
func (m *Mollie) Verify(_ context.Context, _ business.ID, _ http.Header, body []byte) (payment.Event, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return payment.Event{}, payment.ErrForged
	}
	id := form.Get("id")
	if !strings.HasPrefix(id, "tr_") || len(id) > maxID {
		return payment.Event{}, payment.ErrForged
	}
	return payment.Event{Object: id}, nil
}
