package checkout

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// The ways to pay that are no single one of a provider's.
const (
	ByTransfer = "bank_transfer" // to the business's own account
	ByProvider = "provider"      // whatever the payment provider offers
)

const maxMethods = 30

var methodForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,29}$`)

func (r *Rules) cleanMethods(wrong *fault.Fields) {
	if len(r.Methods) > maxMethods {
		wrong.Add("methods", "methods.many", fmt.Sprintf("Choose at most %d ways to pay.", maxMethods))
		return
	}
	var kept []string
	for _, m := range r.Methods {
		m = strings.ToLower(strings.TrimSpace(m))
		switch {
		case !methodForm.MatchString(m):
			wrong.Add("methods", "methods.form", "Choose at least one way to pay, named like ideal, card or bank_transfer.")
			return
		case !slices.Contains(kept, m):
			kept = append(kept, m)
		}
	}
	r.Methods = kept
}

// TakesTransfers reports whether payers may send the money from their bank, where the
// business has that.
func (r Rules) TakesTransfers() bool {
	return len(r.Methods) == 0 || slices.Contains(r.Methods, ByTransfer)
}

// ByProvider are the ways of the payment provider that may be chosen, nil for all that it
// has; false: none may.
func (r Rules) ByProvider() (named []string, may bool) {
	if len(r.Methods) == 0 || slices.Contains(r.Methods, ByProvider) {
		return nil, true
	}
	named = slices.DeleteFunc(slices.Clone(r.Methods), func(m string) bool { return m == ByTransfer })
	return named, len(named) > 0
}
