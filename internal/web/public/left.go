package public

import (
	"encoding/json"
	"net/http"
	"strconv"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/offer"
)

// leftName is where a link tells its open pages how many payments remain.
const leftName = "left.json"

// left is what a page shows of a limit, in the language of the page.
type left struct {
	Left int    `json:"left"`
	Text string `json:"text"`
	Paid string `json:"paid"`
}

func leftOf(t i18n.Localizer, l link.Link) left {
	n := max(0, int(*l.Remaining()))
	v := left{Left: n, Text: offer.LeftText(t, l), Paid: offer.PaidText(t, l)}
	if n == 0 {
		v.Text = t.T("limit.badge")
	}
	return v
}

// leftFile is /{handle}/{path}/left.json. It is no view, and tells nothing that
// the page doesn't.
func (p *Public) leftFile(w http.ResponseWriter, r *http.Request, at target) error {
	m, err := p.cached.Link(r.Context(), at.Business, at.Rest[0])
	if err != nil {
		return err
	}
	l := m.Link
	if m.RedirectTo != "" || !l.Active || !l.Limit.Limited() || !l.ShowRemaining {
		return fault.New(fault.NotFound, "This link tells no number.")
	}
	body, err := json.Marshal(leftOf(p.Localizer(r, &at.Business), l))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
	return nil
}
