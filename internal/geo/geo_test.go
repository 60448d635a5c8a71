package geo_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"smartlinks/internal/geo"
	"smartlinks/internal/geo/geotest"
)

func TestAnAddressHasACountry(t *testing.T) {
	c, err := geo.Open(geotest.File(t, map[string]string{"203.0.113.0/24": "NL", "198.51.100.0/25": "de", "192.0.2.0/24": "Atlantis"}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	for text, want := range map[string]string{
		"203.0.113.7": "NL", "::ffff:203.0.113.7": "NL", "198.51.100.1": "DE", "198.51.100.200": "", "192.0.2.1": "", "127.0.0.1": "", "2001:db8::1": "",
	} {
		if got := c.Of(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is in %q, want %q", text, got, want)
		}
	}
	if got := c.Of(netip.Addr{}); got != "" {
		t.Errorf("an address that is not known is in %q", got)
	}
}

func TestWhatIsNoSuchFileIsRefused(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.mmdb")
	if err := os.WriteFile(broken, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{broken, filepath.Join(t.TempDir(), "none.mmdb")} {
		if c, err := geo.Open(file); err == nil {
			t.Errorf("%s is opened: %v", file, c)
		}
	}
}
