package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/x509"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// TestAReleaseIsWhole makes a whole release, twice and in two places, and looks into
// everything in it. It compiles for every target, so it runs where it is asked for.
func TestAReleaseIsWhole(t *testing.T) {
	if os.Getenv("SMARTLINKS_RELEASE_TEST") == "" {
		t.Skip("make release-test runs it")
	}
	clone := filepath.Join(t.TempDir(), "elsewhere")
	command(t, "..", "git", "clone", "--quiet", ".", clone)
	first, second := filepath.Join(t.TempDir(), "dist"), filepath.Join(t.TempDir(), "again")
	command(t, ".", "go", "run", ".", "--root", "..", "--out", first)
	command(t, clone+"/release", "go", "run", ".", "--out", second)

	t.Run("TwoBuildsAreTheSame", func(t *testing.T) {
		a, b := read(t, first+"/SHA256SUMS"), read(t, second+"/SHA256SUMS")
		if a != b {
			t.Errorf("here:\n%s\nthere:\n%s", a, b)
		}
		command(t, first, "sha256sum", "--check", "--quiet", "SHA256SUMS")
	})
	t.Run("BinariesAreForTheirMachines", func(t *testing.T) { checkBinaries(t, first) })
	t.Run("ArchivesHoldThem", func(t *testing.T) {
		checkTar(t, one(t, first, "*_darwin_arm64.tar.gz"), "smartlinks", "LICENSE", "smartlinks.1", "smartlinks.toml")
		z, err := zip.OpenReader(one(t, first, "*_windows_amd64.zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		if name := z.File[0].Name; !strings.HasSuffix(name, "/smartlinks.exe") {
			t.Errorf("it begins with %s", name)
		}
	})
	t.Run("ImagesRunWithoutAnEngine", func(t *testing.T) {
		for _, arch := range []string{"amd64", "arm64"} {
			checkImage(t, one(t, first, "*_linux_"+arch+".oci.tar"), arch)
		}
	})
	t.Run("TheBillNamesWhatIsInside", func(t *testing.T) { checkBill(t, one(t, first, "*.cdx.json")) })
	t.Run("RPM", func(t *testing.T) { checkRPM(t, one(t, first, "*_linux_amd64.rpm")) })
	t.Run("UpgradesTheCommitBefore", func(t *testing.T) { upgradeFromBefore(t, one(t, first, "*_linux_"+runtime.GOARCH+".deb")) })
}

func checkBinaries(t *testing.T, dist string) {
	work := filepath.Join(dist, "work")
	for target, machine := range map[string]elf.Machine{"linux_amd64": elf.EM_X86_64, "linux_arm64": elf.EM_AARCH64} {
		f, err := elf.Open(filepath.Join(work, target, "smartlinks"))
		if err != nil || f.Machine != machine || f.Section(".symtab") != nil || f.Section(".interp") != nil {
			t.Errorf("%s is not a stripped static binary of its machine: %v", target, err)
		}
	}
	if f, err := macho.Open(filepath.Join(work, "darwin_arm64/smartlinks")); err != nil || f.Cpu != macho.CpuArm64 {
		t.Errorf("darwin: %v", err)
	}
	if f, err := pe.Open(filepath.Join(work, "windows_amd64/smartlinks.exe")); err != nil || f.Machine != pe.IMAGE_FILE_MACHINE_AMD64 {
		t.Errorf("windows: %v", err)
	}
	said := command(t, ".", filepath.Join(work, runtime.GOOS+"_"+runtime.GOARCH, "smartlinks"), "--version")
	if !strings.HasPrefix(said, "smartlinks v") {
		t.Errorf("it calls itself %q", said)
	}
}

func checkTar(t *testing.T, path string, names ...string) {
	said := command(t, ".", "tar", "-tzf", path)
	for _, name := range names {
		if !strings.Contains(said, "/"+name+"\n") {
			t.Errorf("%s lacks %s:\n%s", filepath.Base(path), name, said)
		}
	}
}

// checkImage reads the image as an engine does, and runs it where the processor can.
func checkImage(t *testing.T, path, arch string) {
	folder := t.TempDir()
	command(t, ".", "tar", "-xf", path, "-C", folder)
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Errorf("the layout is not OCI's: %v", err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		t.Fatalf("it holds %v, %v", manifest, err)
	}
	image, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil || config.Architecture != arch || config.Config.User != "65532:65532" || config.Config.Entrypoint[0] != "/smartlinks" {
		t.Errorf("it is configured %+v, %v", config, err)
	}
	var docker []struct{ Layers []string }
	if err := json.Unmarshal([]byte(read(t, folder+"/manifest.json")), &docker); err != nil || len(docker[0].Layers) != 2 {
		t.Errorf("an older Docker reads %v, %v", docker, err)
	}
	if arch != runtime.GOARCH || os.Getuid() != 0 {
		return
	}
	root := t.TempDir()
	files := mutate.Extract(image)
	defer files.Close()
	unpack(t, files, root)
	pem := read(t, root+"/etc/ssl/certs/ca-certificates.crt")
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(pem)) || strings.Count(pem, "BEGIN") < 100 {
		t.Errorf("it knows %d authorities", strings.Count(pem, "BEGIN"))
	}
	inside := []string{"--userspec=" + config.Config.User, root}
	inside = append(inside, config.Config.Entrypoint...)
	command(t, ".", "chroot", append(inside, "migrate", "--data", "/data")...)
	if info, err := os.Stat(root + "/data/smartlinks.db"); err != nil || info.Size() == 0 {
		t.Errorf("it made no database: %v", err)
	}
}

// unpack writes a file system as a tar file has it, owners too.
func unpack(t *testing.T, from io.Reader, root string) {
	for r := tar.NewReader(from); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(root, h.Name)
		if h.Typeflag == tar.TypeDir {
			err = os.MkdirAll(at, 0o755)
		} else {
			var data bytes.Buffer
			if _, err = io.Copy(&data, r); err == nil {
				err = os.WriteFile(at, data.Bytes(), 0o644)
			}
		}
		if err == nil {
			err = os.Chown(at, h.Uid, h.Gid)
		}
		if err == nil {
			err = os.Chmod(at, h.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkBill(t *testing.T, path string) {
	var bill struct {
		BOMFormat  string
		Components []struct {
			Name     string
			Version  string
			Evidence struct{ Licenses []any }
			Licenses []any
		}
	}
	if err := json.Unmarshal([]byte(read(t, path)), &bill); err != nil || bill.BOMFormat != "CycloneDX" {
		t.Fatalf("%q, %v", bill.BOMFormat, err)
	}
	found := map[string]bool{}
	for _, c := range bill.Components {
		found[c.Name] = true
		if len(c.Licenses)+len(c.Evidence.Licenses) == 0 && c.Name != "std" {
			t.Logf("no licence is known of %s %s", c.Name, c.Version)
		}
	}
	for _, name := range []string{"std", "modernc.org/sqlite", "github.com/jackc/pgx/v5"} {
		if !found[name] {
			t.Errorf("it lacks %s", name)
		}
	}
}

func checkRPM(t *testing.T, path string) {
	if _, err := exec.LookPath("rpm"); err != nil {
		t.Skip("rpm is not installed")
	}
	said := command(t, ".", "rpm", "-qp", "--nosignature", "--dump", path) + command(t, ".", "rpm", "-qp", "--nosignature", "--scripts", path)
	for _, want := range []string{"/usr/bin/smartlinks ", "0100640 root smartlinks 1 ", "/usr/lib/systemd/system/smartlinks.service ", "useradd", "try-restart"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in:\n%s", want, said)
		}
	}
}

// upgradeFromBefore takes an installation of the commit before to this one.
func upgradeFromBefore(t *testing.T, deb string) {
	if os.Getuid() != 0 {
		t.Skip("only root can install packages")
	}
	before := filepath.Join(t.TempDir(), "before")
	command(t, "..", "git", "worktree", "add", "--detach", "--quiet", before, "HEAD~1")
	defer command(t, "..", "git", "worktree", "remove", "--force", before)
	if _, err := os.Stat(before + "/release/go.mod"); err != nil {
		t.Skip("the commit before makes no packages")
	}
	packages := filepath.Join(t.TempDir(), "packages")
	command(t, before+"/release", "go", "run", ".", "--only", "deb", "--out", packages)
	script, err := filepath.Abs("../e2e/testdata/package.sh")
	if err != nil {
		t.Fatal(err)
	}
	command(t, t.TempDir(), "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-eux", script, one(t, packages, "*.deb"), deb)
}

// command runs a program in a folder and returns what it says.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// one is the one file that a pattern names.
func one(t *testing.T, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s names %v, %v", pattern, found, err)
	}
	return found[0]
}
