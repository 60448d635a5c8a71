package dashboardtest

import (
	"net/url"
	"testing"
)

// TokenOf is the secret in the link of a mail.
func TokenOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("token") == "" {
		t.Fatalf("no token in %q", link)
	}
	return u.Query().Get("token")
}
