package server

import (
	"bytes"
	"net"
	"regexp"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/app/store"
	"smartlinks/internal/system"
)

func TestSetupCodeIsAskedForWhereStrangersCome(t *testing.T) {
	for _, c := range []struct {
		listening, public string
		asked             bool
	}{
		{"127.0.0.1:8080", "http://localhost:8080", false},
		{"127.0.0.1:8080", "http://127.0.0.1:8080", false},
		{"[::1]:8080", "http://[::1]:8080", false},
		{"[::]:8080", "http://localhost:8080", true}, // --addr :8080 without --url
		{"0.0.0.0:8080", "http://127.0.0.1:8080", true},
		{"127.0.0.1:8080", "https://pay.example.com", true}, // behind a proxy
		{"192.0.2.1:8080", "https://pay.example.com", true},
		{"127.0.0.1:8080", "http://localhost.example.com", true},
		{"[::1]:8080", "http://shop.localhost:8080", false},
	} {
		listening, err := net.ResolveTCPAddr("tcp", c.listening)
		if err != nil {
			t.Fatal(err)
		}
		s := settings{Options: system.Options{Key: bytes.Repeat([]byte{1}, store.KeyLength)}, private: onLoopback(listening, addresstest.At(c.public))}
		if asked := s.setupCode() != ""; asked != c.asked {
			t.Errorf("%+v: asked for is %v", c, asked)
		}
	}
}

func TestSetupCodeFollowsFromTheKey(t *testing.T) {
	code := func(key byte) string {
		return settings{Options: system.Options{Key: bytes.Repeat([]byte{key}, store.KeyLength)}}.setupCode()
	}
	if !regexp.MustCompile(`^([a-z2-7]{4}-){3}[a-z2-7]{4}$`).MatchString(code(1)) {
		t.Errorf("it looks like %q", code(1))
	}
	if again := code(1); again != code(1) || again == code(2) {
		t.Error("it doesn't follow from the key")
	}
}
