package webhook_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/outbound"
	"smartlinks/internal/webhook"
)

// An address that may be saved can be asked, by https, without a password in it,
// and its host is neither a private address nor a number.
func FuzzWhatIsSavedCanBeAsked(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/hooks", "https://127.0.0.1/", "https://[::ffff:7f00:1]/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1", "https://1.1/", "https://127.0.0.1.", "https://[fe80::1%25eth0]/", "https://[::1%25]/", "https://localhost./",
		"https://user@example.com", "https://example.com:0/", "https://example.com:99999999/", "https://example.com:x/", "https://exa mple.com", "https://例え.jp/", "https://１２７.0.0.1/", "https:example.com", "https://[64:ff9b::1]/", "https://%31%32%37.0.0.1/", "https://a\\@b", "HTTPS://EXAMPLE.COM", "https://0b1111/", "https://1e3/", "https://0o177.1/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if webhook.CheckURL(text, false) != "" {
			return
		}
		r, err := http.NewRequest(http.MethodPost, text, http.NoBody)
		if err != nil {
			t.Fatalf("%q can't be asked: %v", text, err)
		}
		u := r.URL
		if u.Scheme != "https" || u.Host == "" || u.User != nil {
			t.Fatalf("%q may be saved", text)
		}
		if address, err := netip.ParseAddr(u.Hostname()); err == nil && !outbound.Public(address) {
			t.Fatalf("%q may be saved and leads to %s", text, address)
		}
		if host := strings.TrimRight(u.Hostname(), "."); host == "" || strings.Trim(host, "0123456789.") == "" && !strings.Contains(host, ":") && !isAddress(host) {
			t.Fatalf("%q may be saved and is a number", text)
		}
		if again, err := url.Parse(u.String()); err != nil || webhook.CheckURL(again.String(), false) != "" {
			t.Fatalf("%q becomes %q", text, u)
		}
	})
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
