package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	. "smartlinks/e2e/site"
)

// releases is where the databases of earlier versions are: a folder for each
// release, with a backup of each engine and what the API said at that time.
const releases = "testdata/releases"

// memory is what a version's API said about its database.
type memory struct {
	Token    string        `json:"token"`
	Links    []LinkJSON    `json:"links"`
	Payments []paymentJSON `json:"payments"` // those with a receipt
}

// remember asks for what must be the same after an upgrade.
func (s *site) remember(t *testing.T) memory {
	t.Helper()
	m := memory{Token: s.Token, Links: all[LinkJSON](t, s, "/links")}
	for i := range m.Links {
		l := &m.Links[i] // it is served elsewhere, and what was open has ended by then
		l.URL, l.Limit.Held, l.Limit.Remaining, l.Limit.Badge = "", 0, nil, ""
	}
	for _, p := range all[paymentJSON](t, s, "/payments") {
		if p.Receipt != "" {
			m.Payments = append(m.Payments, p)
		}
	}
	return m
}

// withTestKey puts the key that seals the databases of releases into a data folder.
func withTestKey(t *testing.T, folder string) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(releases, "secret.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "secret.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func readZipped(t *testing.T, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return content
}

func writeZipped(t *testing.T, file string, content []byte) {
	t.Helper()
	var zipped bytes.Buffer
	z, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(content)
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		err = os.WriteFile(file, zipped.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
