package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// entry is a file of an archive.
type entry struct {
	name, from string
	mode       int64
}

// contents are what an archive holds for a target: the program and what it comes with.
func (r *release) contents(target string) []entry {
	files := []entry{
		{filepath.Base(r.binary(target)), r.binary(target), 0o755},
		{"LICENSE", filepath.Join(r.root, "LICENSE"), 0o644},
		{"CHANGELOG.md", filepath.Join(r.root, "CHANGELOG.md"), 0o644},
		{"smartlinks.toml", filepath.Join(r.root, "deploy/smartlinks.toml"), 0o644},
	}
	if strings.HasPrefix(target, "windows/") {
		return files
	}
	files = append(files, entry{"smartlinks.service", filepath.Join(r.root, "deploy/smartlinks.service"), 0o644})
	for name := range papers {
		files = append(files, entry{name, filepath.Join(r.work, name), 0o644})
	}
	slices.SortFunc(files[4:], func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return files
}

// archive writes a .tar.gz, or a .zip for Windows, with all files in one folder.
func (r *release) archive(target string) (err error) {
	extension := ".tar.gz"
	if strings.HasPrefix(target, "windows/") {
		extension = ".zip"
	}
	path := r.result(target, extension)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	folder := strings.TrimSuffix(filepath.Base(path), extension)
	if extension == ".zip" {
		return r.zip(f, folder, r.contents(target))
	}
	zipped := gzip.NewWriter(f)
	if err := r.tar(zipped, folder, r.contents(target)); err != nil {
		return err
	}
	return zipped.Close()
}

func (r *release) tar(to io.Writer, folder string, files []entry) error {
	w := tar.NewWriter(to)
	for _, e := range files {
		data, err := os.ReadFile(e.from)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: folder + "/" + e.name, Mode: e.mode, Size: int64(len(data)), ModTime: r.at}); err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return w.Close()
}

func (r *release) zip(to io.Writer, folder string, files []entry) error {
	w := zip.NewWriter(to)
	for _, e := range files {
		data, err := os.ReadFile(e.from)
		if err != nil {
			return err
		}
		h := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: r.at}
		h.SetMode(os.FileMode(e.mode))
		part, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := part.Write(data); err != nil {
			return err
		}
	}
	return w.Close()
}
