package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

// pack makes a .deb or .rpm for Linux: the program, its service with its user, a
// commented configuration, the manual and completions.
func (r *release) pack(format, arch string) error {
	zipped := filepath.Join(r.work, "smartlinks.1.gz")
	if err := r.gzip(filepath.Join(r.work, "smartlinks.1"), zipped); err != nil {
		return err
	}
	info := &nfpm.Info{
		Name: "smartlinks", Arch: arch, Platform: "linux", Version: r.forPackages(), VersionSchema: "none", Release: "1", MTime: r.at,
		Section: "web", Priority: "optional", License: "Apache-2.0", Maintainer: "Smart Links <smartlinks@localhost>", Vendor: "Smart Links",
		Description:     "Permanent, branded payment links.\nOne program that serves payment pages, a dashboard and an API,\nwith SQLite inside or over PostgreSQL.",
		DisableGlobbing: true,
		Overridables: nfpm.Overridables{
			Contents: r.installed(format, arch, zipped),
			Scripts: nfpm.Scripts{
				PreInstall: r.deployed("package/preinst"), PostInstall: r.deployed("package/postinst"),
				PreRemove: r.deployed("package/prerm"), PostRemove: r.deployed("package/postrm"),
			},
			RPM: nfpm.RPM{BuildHost: "localhost", Summary: "Permanent, branded payment links"},
		},
	}
	info.Recommends = []string{"ca-certificates", "systemd"}
	if format == "deb" {
		info.Depends, info.Deb.Predepends = []string{"util-linux"}, []string{"passwd"}
	} else {
		info.Depends = []string{"util-linux", "shadow-utils"}
	}
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	info = nfpm.WithDefaults(info)
	var out bytes.Buffer
	if err := packager.Package(info, &out); err != nil {
		return fmt.Errorf("make the %s for %s: %w", format, arch, err)
	}
	return os.WriteFile(r.result("linux/"+arch, "."+format), out.Bytes(), 0o644)
}

func (r *release) deployed(name string) string { return filepath.Join(r.root, "deploy", name) }

// installed are the files of a package, by where they go.
func (r *release) installed(format, arch, manual string) files.Contents {
	zsh := "/usr/share/zsh/vendor-completions/_smartlinks"
	if format == "rpm" {
		zsh = "/usr/share/zsh/site-functions/_smartlinks"
	}
	file := func(from, to string, mode os.FileMode) *files.Content {
		return &files.Content{Source: from, Destination: to, FileInfo: &files.ContentFileInfo{Mode: mode, Owner: "root", Group: "root", MTime: r.at}}
	}
	settings := file(r.deployed("smartlinks.toml"), "/etc/smartlinks/smartlinks.toml", 0o640)
	settings.Type, settings.FileInfo.Group = files.TypeConfigNoReplace, "smartlinks"
	folder := file("", "/etc/smartlinks", 0o755)
	folder.Type = files.TypeDir
	return files.Contents{
		file(r.binary("linux/"+arch), "/usr/bin/smartlinks", 0o755),
		file(r.deployed("package/smartlinksctl"), "/usr/sbin/smartlinksctl", 0o755),
		file(r.deployed("smartlinks.service"), "/usr/lib/systemd/system/smartlinks.service", 0o644),
		folder, settings,
		file(manual, "/usr/share/man/man1/smartlinks.1.gz", 0o644),
		file(filepath.Join(r.work, "smartlinks.bash"), "/usr/share/bash-completion/completions/smartlinks", 0o644),
		file(filepath.Join(r.work, "smartlinks.fish"), "/usr/share/fish/vendor_completions.d/smartlinks.fish", 0o644),
		file(filepath.Join(r.work, "_smartlinks"), zsh, 0o644),
		file(filepath.Join(r.root, "LICENSE"), "/usr/share/doc/smartlinks/copyright", 0o644),
		file(filepath.Join(r.root, "CHANGELOG.md"), "/usr/share/doc/smartlinks/CHANGELOG.md", 0o644),
	}
}

// gzip writes a file without a name and a time inside.
func (r *release) gzip(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}
