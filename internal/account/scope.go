package account

import (
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// Scope is a part of the API that a token opens.
type Scope string

// The scopes.
const (
	All            Scope = "all" // every scope, also those to come
	LinksRead      Scope = "links:read"
	LinksWrite     Scope = "links:write"
	ProductsRead   Scope = "products:read"
	ProductsWrite  Scope = "products:write"
	CustomersRead  Scope = "customers:read"
	CustomersWrite Scope = "customers:write"
	PaymentsRead   Scope = "payments:read"
	PaymentsWrite  Scope = "payments:write"
	WebhooksRead   Scope = "webhooks:read" // endpoints and events, whatever these tell of
	WebhooksWrite  Scope = "webhooks:write"
	BusinessRead   Scope = "business:read"
	BusinessWrite  Scope = "business:write"
	SandboxScope   Scope = "sandbox" // the test clock
)

// AllScopes returns every scope that a token may have.
func AllScopes() []Scope {
	return []Scope{All, LinksRead, LinksWrite, ProductsRead, ProductsWrite, CustomersRead, CustomersWrite, PaymentsRead, PaymentsWrite, WebhooksRead, WebhooksWrite, BusinessRead, BusinessWrite, SandboxScope}
}

// Scopes are the scopes of a token.
type Scopes []Scope

// ParseScopes reads scopes separated by spaces or commas. An unknown one, or
// none at all, is Invalid at the field "scopes".
func ParseScopes(s string) (Scopes, error) {
	words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == ',' })
	scopes := make(Scopes, len(words))
	for i, word := range words {
		scopes[i] = Scope(word)
	}
	return scopes, scopes.check()
}

// Allow reports whether a token with these scopes may use the part.
func (s Scopes) Allow(scope Scope) bool { return slices.Contains(s, scope) || slices.Contains(s, All) }

// String joins the scopes by spaces, as they are stored.
func (s Scopes) String() string {
	words := make([]string, len(s))
	for i, scope := range s {
		words[i] = string(scope)
	}
	return strings.Join(words, " ")
}

func (s Scopes) check() error {
	var fields fault.Fields
	known := Scopes(AllScopes())
	if len(s) == 0 {
		fields.Add("scopes", "scopes.missing", "Give at least one scope: "+known.String()+".")
	}
	for _, scope := range s {
		if !slices.Contains(known, scope) {
			fields.Add("scopes", "scopes.unknown", "There is no scope “"+string(scope)+"”. Choose from: "+known.String()+".")
		}
	}
	return fields.Err()
}
