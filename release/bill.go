package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// bill writes what a binary is made of, as CycloneDX: every module with its version,
// checksum and licence, read from the binary itself.
func (r *release) bill(target string) error {
	path := filepath.Join(r.out, "smartlinks_"+strings.TrimPrefix(r.version, "v")+".cdx.json")
	c := exec.Command("go", "tool", "cyclonedx-gomod", "bin", "-json", "-licenses", "-std", "-noserial", "-notimestamp",
		"-version", r.version, "-output", path, r.binary(target))
	c.Dir = filepath.Join(r.root, "release")
	c.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("write the bill of materials: %w\n%s", err, out)
	}
	return nil
}

// checksums writes SHA256SUMS over all results, for `sha256sum --check`.
func (r *release) checksums() error {
	entries, err := os.ReadDir(r.out) // sorted by name
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(lines.String()), 0o644)
}
