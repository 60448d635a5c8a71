package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	. "smartlinks/e2e/site"
)

// The package is installed, run as its service is, upgraded, removed and purged, in a
// copy of this machine that is thrown away.
func TestThePackageLivesOnAMachine(t *testing.T) {
	for _, tool := range []string{"dpkg", "dpkg-deb", "unshare", "ip", "setpriv", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("it takes Debian with", tool)
		}
	}
	if os.Getuid() != 0 {
		t.Skip("only root can install packages")
	}
	t.Parallel()
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-release") // may execute, as TMPDIR may not
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	tool := filepath.Join(dir, "release")
	build := exec.Command("go", "build", "-o", tool, ".")
	build.Dir = "../release"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the maker of packages: %v\n%s", err, out)
	}
	packages := filepath.Join(t.TempDir(), "packages")
	if out, err := exec.Command(tool, "--root", "..", "--out", packages, "--only", "deb", "--binary", Binary, "--version", "v1.0.0").CombinedOutput(); err != nil {
		t.Fatalf("make the package: %v\n%s", err, out)
	}
	script, err := filepath.Abs("testdata/package.sh")
	if err != nil {
		t.Fatal(err)
	}
	live := exec.Command("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-eux", script,
		filepath.Join(packages, "smartlinks_1.0.0_linux_"+runtime.GOARCH+".deb"))
	live.Dir = t.TempDir()
	if out, err := live.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
