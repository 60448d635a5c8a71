package mollie

import (
	"context"
	"net/http"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/keyring"
)

// Mode implements keyring.Gate by the prefixes of "Authentication": API keys are
// test_ or live_. Access tokens are of organizations, which we don't need.
func (m *Mollie) Mode(key string) (business.Mode, error) {
	switch {
	case strings.HasPrefix(key, "test_"):
		return business.Test, nil
	case strings.HasPrefix(key, "live_"):
		return business.Live, nil
	case strings.HasPrefix(key, "access_"):
		return "", fault.New(fault.Invalid, "This is an organization access token. Enter an API key, which starts with test_ or live_.")
	}
	return "", fault.New(fault.Invalid, "This is no API key of Mollie's. They start with test_ or live_.")
}

// Identify implements keyring.Gate ("Get current profile").
func (m *Mollie) Identify(ctx context.Context, key string) (keyring.Identity, error) {
	var profile struct{ ID, Name string }
	err := m.do(ctx, key, call{method: http.MethodGet, path: "/v2/profiles/me", out: &profile})
	return keyring.Identity{ID: profile.ID, Label: profile.Name}, err
}
