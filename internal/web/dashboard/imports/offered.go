package imports

import (
	"context"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/web/dashboard/frame"
)

// offeringRow is an account whose payment links can be taken over.
type offeringRow struct {
	Value string // provider and mode
	Label string
}

// providerNames are those of providers that have payment links.
var providerNames = map[string]string{"stripe": "Stripe", "mollie": "Mollie"}

// offering are the connected accounts that have payment links.
func (d pages) offering(ctx context.Context, scope *frame.Scope) (rows []offeringRow, err error) {
	accounts, err := d.Keys.List(ctx, scope.Business.ID)
	for _, a := range accounts {
		name, has := providerNames[a.Provider]
		if !has || a.Status != keyring.Working {
			continue
		}
		label := name
		if a.Mode == business.Test {
			label = scope.T("{{.Provider}}, test mode", "Provider", name)
		}
		rows = append(rows, offeringRow{a.Provider + " " + string(a.Mode), label})
	}
	return rows, err
}

// offeredWithin bounds how long a provider may take to tell its payment links.
const offeredWithin = 45 * time.Second

// readOffered takes the payment links of a connected account, and leads to what they are.
func (d pages) readOffered(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	provider, mode, _ := strings.Cut(r.PostForm.Get("account"), " ")
	ctx, cancel := context.WithTimeout(r.Context(), offeredWithin)
	defer cancel()
	i, err := d.Imports.ReadOffered(ctx, scope.Business, provider, business.Mode(mode), frame.Ticked(r.PostForm, "keep_paths"), string(scope.Member.ID))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable) {
		p, _ := frame.ProblemsOf(scope.Reader, err, nil)
		if p.Problem == "" {
			p.Problem = scope.Sentence(fault.Of(err).Message)
		}
		return d.showNewImport(w, r, scope, http.StatusUnprocessableEntity, importer.Links, p)
	}
	if err != nil {
		return err
	}
	return frame.Redirect(w, r, importHref(scope, i.ID))
}
