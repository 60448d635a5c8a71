package server

import (
	"net"
	"strings"
	"testing"
)

// Strangers could pay without money, read mails and move the clock: whoever wants
// that says so.
func TestStrangersReachTestModeOnlyOnPurpose(t *testing.T) {
	for _, c := range []struct {
		addr, url string
		refused   bool
	}{
		{"127.0.0.1:0", "", false},
		{"localhost:0", "", false},
		{"[::1]:0", "http://[::1]:9999", false},
		{"127.0.0.1:0", "http://shop.localhost:8080", false},
		{":0", "", true},
		{"0.0.0.0:0", "http://127.0.0.1:8080", true},
		{"[::]:0", "http://localhost:8080", true},
		{":0", "https://pay.example.com", true},
		{"127.0.0.1:0", "https://pay.example.com", true}, // behind a proxy
		{"127.0.0.1:0", "http://192.0.2.7", true},
		{"127.0.0.1:0", "http://127.0.0.1.example.com", true},
	} {
		listening, err := net.ResolveTCPAddr("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		public, err := PublicAddress(c.url, LocalURL(listening))
		if err != nil {
			t.Fatal(err)
		}
		err = Flags{Sandbox: true}.checkSandbox(listening, public)
		if refused := err != nil; refused != c.refused || refused && !strings.Contains(err.Error(), "--sandbox-public") {
			t.Errorf("at %s as %q: %v", c.addr, c.url, err)
		}
		if err := (Flags{Sandbox: true, SandboxPublic: true}).checkSandbox(listening, public); err != nil {
			t.Errorf("on purpose at %s as %q: %v", c.addr, c.url, err)
		}
	}
}
