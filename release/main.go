// Command release makes what people install: stripped binaries in archives, packages
// for Debian and Red Hat, images of containers, a bill of materials and checksums. The
// same commit, built by the same Go, gives the same bytes.
//
//	go run . --out ../dist            everything
//	go run . --out DIR --only deb --binary PATH   this machine's package around a binary that is there
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// targets are the machines that a release is for, as GOOS/GOARCH.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

func run() error {
	root := flag.String("root", "..", "the checkout that is built")
	out := flag.String("out", "../dist", "folder for the results, made anew")
	version := flag.String("version", "", "version to build in; the tag or the commit when left out")
	only := flag.String("only", "", "binary, deb, rpm or image: nothing else, for this machine's architecture")
	binary := flag.String("binary", "", "a binary of this machine that is there already")
	flag.Parse()

	r, err := newRelease(*root, *out, *version)
	if err != nil {
		return err
	}
	if *only == "" {
		return r.everything()
	}
	host := runtime.GOOS + "/" + runtime.GOARCH
	if *binary != "" {
		err = r.adopt(host, *binary)
	} else {
		err = r.build(host)
	}
	if err != nil {
		return err
	}
	if err := r.papers(); err != nil {
		return err
	}
	switch *only {
	case "binary":
		return nil
	case "deb", "rpm":
		return r.pack(*only, runtime.GOARCH)
	case "image":
		return r.image(runtime.GOARCH)
	}
	return fmt.Errorf("--only is binary, deb, rpm or image, not %q", *only)
}

// everything is a whole release.
func (r *release) everything() error {
	host := runtime.GOOS + "/" + runtime.GOARCH
	all := slices.Clone(targets)
	if !slices.Contains(all, host) {
		all = append(all, host) // which writes the manual and the completions
	}
	for _, target := range all {
		if err := r.build(target); err != nil {
			return err
		}
	}
	if err := r.papers(); err != nil {
		return err
	}
	for _, target := range targets {
		if err := r.archive(target); err != nil {
			return err
		}
		arch, isLinux := strings.CutPrefix(target, "linux/")
		if !isLinux {
			continue
		}
		for _, step := range []func() error{
			func() error { return r.pack("deb", arch) },
			func() error { return r.pack("rpm", arch) },
			func() error { return r.image(arch) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
	}
	if err := r.bill("linux/amd64"); err != nil {
		return err
	}
	return r.checksums()
}

// release is one version that is being made.
type release struct {
	commit
	root, out string
	work      string // what is not a result: binaries, manual, completions
}

func newRelease(root, out, version string) (*release, error) {
	r := &release{}
	var err error
	if r.root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	if r.out, err = filepath.Abs(out); err != nil {
		return nil, err
	}
	if r.commit, err = readCommit(r.root, version); err != nil {
		return nil, err
	}
	r.work = filepath.Join(r.out, "work")
	if err := os.RemoveAll(r.out); err != nil {
		return nil, err
	}
	return r, os.MkdirAll(r.work, 0o755)
}

// result is the path of a result that says its version and machine in its name.
func (r *release) result(of, extension string) string {
	return filepath.Join(r.out, "smartlinks_"+strings.TrimPrefix(r.version, "v")+"_"+strings.ReplaceAll(of, "/", "_")+extension)
}
