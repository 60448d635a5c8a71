package dashboardtest

import (
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/grant"
)

// Verifier is what the program of a test proves by that it asked for a code, and Challenge
// its S256 (RFC 7636, appendix B).
const (
	Verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// Grant is what a member has allowed a program, and its tokens.
type Grant struct {
	grant.Grant
	grant.Tokens
}

// Granted lets a program work for the business in the member's name.
func (s *Site) Granted(t testing.TB, b business.Business, by account.UserID, scopes ...account.Scope) Grant {
	t.Helper()
	const back = "http://127.0.0.1/back"
	c, _, err := s.Grants.Register(t.Context(), grant.Client{Name: "Helper of " + b.Handle, RedirectURIs: []string{back}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	code, err := s.Grants.Allow(t.Context(), by, "", grant.Authorization{BusinessID: b.ID, Client: c, RedirectURI: back, Challenge: Challenge, Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := s.Grants.ExchangeCode(t.Context(), code, c.ID, back, Verifier)
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.Grants.ByToken(t.Context(), tokens.Access)
	if err != nil {
		t.Fatal(err)
	}
	return Grant{g, tokens}
}
