package importer

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/payment/provider"
)

// maxOffered bounds how many payment links are taken from a provider at once.
const maxOffered = 5_000

// maxName is how long a link's name may be, in characters; longer ones go on in the
// description.
const maxName = 120

// errEnough ends a list that is too long.
var errEnough = errors.New("importer: enough was seen")

// offeredHeader are the columns of what comes from a provider, by the names of fields.
var offeredHeader = []string{"name", "amount", "currency", "least", "most", "path", "limit", "ends_at", "redirect_url", "active", "description", "notes", "origin", "cannot"}

// ReadOffered takes the payment links that a merchant has at a provider, as a file that
// could be uploaded: an import that is ready to be looked at. With keepPaths the ends of
// their addresses become paths. Errors: NotFound for a provider without such links,
// Conflict where it refuses the key, Unavailable where it does not answer.
func (s *Imports) ReadOffered(ctx context.Context, b business.Business, providerName string, mode business.Mode, keepPaths bool, by string) (Import, error) {
	lister, ok := s.Offered[providerName]
	if !ok {
		return Import{}, fault.New(fault.NotFound, "This provider has no payment links that could be taken over.")
	}
	t := table{header: offeredHeader}
	err := lister.Offered(ctx, provider.Account{Business: b.ID, Mode: mode}, func(l offered.Link) error {
		if len(t.rows) == maxOffered {
			return errEnough
		}
		t.rows = append(t.rows, Row{Line: int64(len(t.rows) + 2), Cells: cellsOf(providerName, l, keepPaths)})
		return nil
	})
	switch {
	case errors.Is(err, provider.ErrAccount):
		return Import{}, fault.New(fault.Conflict, "The provider refuses the key. Check it under Settings → Providers; a restricted key must be allowed to read payment links.")
	case err != nil && !errors.Is(err, errEnough):
		return Import{}, errors.Join(fault.New(fault.Unavailable, "The provider does not answer now. Try again in a moment."), err)
	case len(t.rows) == 0:
		return Import{}, fault.New(fault.Conflict, "There are no payment links at the provider.")
	}
	return s.keepTable(ctx, b, Links, providerName+"-payment-links.csv", t, nil, "", by)
}

// cellsOf is a line of a provider's link.
func cellsOf(provider string, l offered.Link, keepPath bool) []string {
	said := map[string]string{
		"name": l.Name, "redirect_url": l.RedirectURL, "origin": provider + " " + l.ID, "cannot": l.Cannot, "notes": "From " + l.URL,
	}
	if name := []rune(l.Name); len(name) > maxName {
		said["name"], said["description"] = strings.TrimSpace(string(name[:maxName-1]))+"…", l.Name
	}
	if said["name"] == "" {
		said["name"] = l.ID
	}
	if a := l.Amount; a != nil {
		said["amount"], said["currency"] = a.Decimal(), string(a.Currency)
	}
	if l.Least != nil && l.Most != nil {
		said["least"], said["most"] = l.Least.Decimal(), l.Most.Decimal()
	}
	if keepPath {
		said["path"] = keptPath(l.Path)
	}
	switch {
	case l.Once:
		said["limit"] = "once"
	case l.Max > 0:
		said["limit"] = strconv.FormatInt(l.Max, 10)
	}
	if l.EndsAt != nil {
		said["ends_at"] = l.EndsAt.UTC().Format("2006-01-02T15:04:05Z07:00")
	}
	if !l.Active {
		said["active"] = "no"
	}
	if len(l.Lost) > 0 {
		lost := slices.Sorted(slices.Values(l.Lost))
		said["notes"] += "\nNot brought along: " + strings.Join(lost, ", ") + "."
	}
	cells := make([]string, len(offeredHeader))
	for i, name := range offeredHeader {
		cells[i] = said[name]
	}
	return cells
}

// keptPath is the end of an address as a path: what a path can't hold becomes a hyphen,
// and one that begins with a digit gets a letter before it.
func keptPath(old string) string {
	kept := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, old), "-")
	if kept != "" && kept[0] >= '0' && kept[0] <= '9' {
		kept = "l-" + kept
	}
	return kept
}
