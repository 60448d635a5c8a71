package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// ceiling is what a stripped binary may weigh, in bytes: people fetch it over slow
// lines to small machines. docs/decisions/0084 says what it is made of.
const ceiling = 60 << 20

// binary is where the binary for a target is.
func (r *release) binary(target string) string {
	name := filepath.Join(r.work, strings.ReplaceAll(target, "/", "_"), "smartlinks")
	if strings.HasPrefix(target, "windows/") {
		name += ".exe"
	}
	return name
}

// inlining says where calls are inlined: in what every opening and payment runs through.
// Elsewhere, most of all in pages, long functions that only write, it would make the program
// 8 MB larger. Of several patterns that fit a package the last counts.
var inlining = append(
	inlined("", "std", "modernc.org/...", "github.com/jackc/...", "github.com/klauspost/...", "github.com/a-h/...",
		"smartlinks/internal/db/...", "smartlinks/internal/cache/...", "smartlinks/internal/link/...", "smartlinks/internal/visit/...",
		"smartlinks/internal/payment/..."),
	// What these do is seldom done: documents, archives, pictures, profiles, certificates.
	inlined("-l", "html/template", "text/...", "encoding/xml", "encoding/gob", "encoding/asn1", "archive/...", "image/...",
		"net/http/pprof", "runtime/pprof", "internal/profile", "crypto/x509/...", "math/big", "net/mail", "net/smtp")...)

// inlined gives the compiler a flag for packages, after those that all have.
func inlined(flag string, packages ...string) []string {
	flags := make([]string, len(packages))
	for i, p := range packages {
		flags[i] = "-gcflags=" + p + "=" + flag
	}
	return flags
}

// build compiles for a target, without anything that differs from machine to machine:
// paths, flags in the environment, C.
func (r *release) build(target string) error {
	goos, arch, _ := strings.Cut(target, "/")
	c := exec.Command("go", append(append([]string{"build", "-trimpath", "-buildvcs=false", "-gcflags=all=-l"}, inlining...),
		"-ldflags=-s -w -buildid= -X smartlinks/internal/version.version="+r.version, "-o", r.binary(target), "./cmd/smartlinks")...)
	c.Dir = r.root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS="+goos, "GOARCH="+arch, "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s: %w\n%s", target, err, out)
	}
	info, err := os.Stat(r.binary(target))
	if err != nil {
		return err
	}
	if info.Size() > ceiling {
		return fmt.Errorf("the binary for %s has %d bytes, more than the %d that are allowed", target, info.Size(), ceiling)
	}
	fmt.Printf("%-14s %.1f MB\n", target, float64(info.Size())/1e6)
	return nil
}

// adopt takes a binary that somebody built already.
func (r *release) adopt(target, path string) error {
	if err := os.MkdirAll(filepath.Dir(r.binary(target)), 0o755); err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(r.binary(target), data, 0o755)
}

// The papers of a release, in its work folder: the program writes them itself.
var papers = map[string][]string{
	"smartlinks.1":    {"man"},
	"smartlinks.bash": {"completion", "bash"},
	"_smartlinks":     {"completion", "zsh"},
	"smartlinks.fish": {"completion", "fish"},
}

// papers asks this machine's binary for the manual and the completions.
func (r *release) papers() error {
	for name, args := range papers {
		c := exec.Command(r.binary(runtime.GOOS+"/"+runtime.GOARCH), args...)
		c.Stderr = os.Stderr
		text, err := c.Output()
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(r.work, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
