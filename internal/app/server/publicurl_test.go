package server

import (
	"errors"
	"testing"

	"smartlinks/internal/cli"
)

func TestThePublicAddressIsOneThatLinksCanBeginWith(t *testing.T) {
	for given, want := range map[string]string{
		"https://pay.example.com":            "https://pay.example.com",
		"https://pay.example.com/":           "https://pay.example.com",
		"http://localhost:8080":              "http://localhost:8080",
		"http://[::1]:8080":                  "http://[::1]:8080",
		"https://zahlen.müller.example":      "https://zahlen.xn--mller-kva.example",
		"https://zahlen.müller.example:8443": "https://zahlen.xn--mller-kva.example:8443",
	} {
		u, err := publicURL(given, "")
		if err != nil || u.String() != want {
			t.Errorf("%s becomes %v, %v", given, u, err)
		}
	}
	for _, given := range []string{
		"pay.example.com", "ftp://pay.example.com", "https://", "https://pay.example.com/shop", "https://pay.example.com?x=1",
		"https://pay.example.com?", "https://pay.example.com#top", "https://me:secret@pay.example.com", "https://pay_ example",
	} {
		if u, err := publicURL(given, ""); !errors.As(err, new(cli.Misuse)) {
			t.Errorf("%s becomes %v, %v", given, u, err)
		}
	}
}
