package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nobody owns the image's process and /data. A number, because orchestrators that
// refuse root look for one.
const nobody = 65532

// image makes an OCI image in a tar file: the program, the certificates of authorities,
// /data, and nothing else. `docker load`, `podman load` and `skopeo` read it; the
// manifest.json in it is for a Docker that doesn't know OCI's layout.
func (r *release) image(arch string) error {
	base, err := r.layer(func(w *tar.Writer) error { return r.system(w) })
	if err != nil {
		return err
	}
	program, err := r.layer(func(w *tar.Writer) error {
		data, err := os.ReadFile(r.binary("linux/" + arch))
		if err != nil {
			return err
		}
		return r.file(w, "smartlinks", 0o755, data)
	})
	if err != nil {
		return err
	}
	image, err := mutate.AppendLayers(mutate.MediaType(empty.Image, types.OCIManifestSchema1), base, program)
	if err != nil {
		return err
	}
	image = mutate.ConfigMediaType(image, types.OCIConfigJSON)
	described, err := image.ConfigFile()
	if err != nil {
		return err
	}
	config := described.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", arch, v1.Time{Time: r.at}
	for i := range config.History {
		config.History[i].Created = v1.Time{Time: r.at}
	}
	config.Config = v1.Config{
		User: fmt.Sprintf("%d:%d", nobody, nobody), Env: []string{"SMARTLINKS_DATA=/data", "PATH=/"}, WorkingDir: "/",
		Entrypoint: []string{"/smartlinks"}, Cmd: []string{"serve"}, StopSignal: "SIGTERM",
		ExposedPorts: map[string]struct{}{"8080/tcp": {}}, Volumes: map[string]struct{}{"/data": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title": "Smart Links", "org.opencontainers.image.version": r.version,
			"org.opencontainers.image.licenses": "Apache-2.0", "org.opencontainers.image.created": r.at.Format("2006-01-02T15:04:05Z"),
		},
	}
	if image, err = mutate.ConfigFile(image, config); err != nil {
		return err
	}
	return r.saveImage(image, arch)
}

// system is the file system below the program.
func (r *release) system(w *tar.Writer) error {
	var roots bytes.Buffer
	for root := range bundle.Roots() {
		if err := pem.Encode(&roots, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return err
		}
	}
	for _, dir := range []tar.Header{
		{Name: "etc/", Mode: 0o755}, {Name: "etc/ssl/", Mode: 0o755}, {Name: "etc/ssl/certs/", Mode: 0o755},
		{Name: "tmp/", Mode: 0o1777}, {Name: "data/", Mode: 0o700, Uid: nobody, Gid: nobody},
	} {
		dir.Typeflag, dir.ModTime = tar.TypeDir, r.at
		if err := w.WriteHeader(&dir); err != nil {
			return err
		}
	}
	if err := r.file(w, "etc/passwd", 0o644, fmt.Appendf(nil, "root:x:0:0:root:/:/sbin/nologin\nsmartlinks:x:%d:%d:Smart Links:/data:/sbin/nologin\n", nobody, nobody)); err != nil {
		return err
	}
	if err := r.file(w, "etc/group", 0o644, fmt.Appendf(nil, "root:x:0:\nsmartlinks:x:%d:\n", nobody)); err != nil {
		return err
	}
	return r.file(w, "etc/ssl/certs/ca-certificates.crt", 0o644, roots.Bytes())
}

func (r *release) file(w *tar.Writer, name string, mode int64, data []byte) error {
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(data)), ModTime: r.at}); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// layer is a layer of what write writes.
func (r *release) layer(write func(*tar.Writer) error) (v1.Layer, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	if err := write(w); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil },
		tarball.WithMediaType(types.OCILayer))
}

// saveImage writes OCI's layout with one image into a tar file.
func (r *release) saveImage(image v1.Image, arch string) error {
	folder := filepath.Join(r.work, "image_"+arch)
	index, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	name := "smartlinks:" + r.tag()
	if err := index.AppendImage(image, layout.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}), layout.WithAnnotations(map[string]string{
		"org.opencontainers.image.ref.name": r.tag(), "io.containerd.image.name": "docker.io/library/" + name,
	})); err != nil {
		return err
	}
	forDocker, err := dockerManifest(image, name)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "manifest.json"), forDocker, 0o644); err != nil {
		return err
	}
	f, err := os.Create(r.result("linux/"+arch, ".oci.tar"))
	if err != nil {
		return err
	}
	w := tar.NewWriter(f)
	err = filepath.WalkDir(folder, func(at string, e os.DirEntry, err error) error { // in order
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(folder, at)
		if err != nil {
			return err
		}
		return r.file(w, filepath.ToSlash(inside), 0o644, data)
	})
	if err == nil {
		err = w.Close()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// tag is the version as a tag of an image, which has no + in it.
func (r *release) tag() string { return r.version[1:] }

// dockerManifest names the parts of an image as `docker save` does.
func dockerManifest(image v1.Image, name string) ([]byte, error) {
	blob := func(h v1.Hash) string { return path.Join("blobs", h.Algorithm, h.Hex) }
	config, err := image.ConfigName()
	if err != nil {
		return nil, err
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	entry := struct {
		Config           string
		RepoTags, Layers []string
	}{Config: blob(config), RepoTags: []string{name}}
	for _, l := range layers {
		digest, err := l.Digest()
		if err != nil {
			return nil, err
		}
		entry.Layers = append(entry.Layers, blob(digest))
	}
	return json.Marshal([]any{entry})
}
