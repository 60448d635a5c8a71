package mollie

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/provider"
)

// maxID bounds an id in bytes; real ones have about a dozen.
const maxID = 64

// Verify implements payment.Verifier ("Webhooks"). The event has no id of its own.
func (m *Mollie) Verify(_ context.Context, _ business.ID, _ http.Header, body []byte) (provider.Event, error) {
	id := m.ReportOf(body)
	if id == "" {
		return provider.Event{}, provider.ErrForged
	}
	return provider.Event{Object: id}, nil
}

// ReportOf implements payment.Unsigned ("Webhooks"): the body is a form with an id.
// Mollie does not sign it, so nothing else is read.
func (m *Mollie) ReportOf(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	id := form.Get("id")
	if rest, ours := strings.CutPrefix(id, "tr_"); !ours || rest == "" || len(id) > maxID || strings.ContainsFunc(rest, strange) {
		return ""
	}
	return id
}

// strange is what no id holds: anybody can send one, and it becomes part of an
// address.
func strange(c rune) bool {
	return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '_' && c != '-'
}
