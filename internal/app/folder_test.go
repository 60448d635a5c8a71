package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What lies in the data folder is its owner's alone, whatever the umask, also where
// an earlier version left it open.
func TestNobodyElseReadsWhatIsStored(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	data := filepath.Join(t.TempDir(), "data")
	setup := []string{"setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin"}
	for range 2 {
		if status, _, said := run(t, data, "a good password\n", setup...); status != exitDone {
			t.Fatal(said)
		}
		backup := filepath.Join(data, "smartlinks.db.backup")
		if status, _, said := run(t, data, "", "backup", backup); status != exitDone {
			t.Fatal(said)
		}
		restored := filepath.Join(filepath.Dir(data), "restored")
		if err := os.Mkdir(restored, 0o777); err != nil {
			t.Fatal(err)
		}
		key, err := os.ReadFile(filepath.Join(data, "secret.key"))
		if err != nil {
			t.Fatal(err)
		}
		if status, _, said := run(t, restored, "", "restore", backup, "--secret-key", strings.TrimSpace(string(key))); status != exitDone {
			t.Fatal(said)
		}
		for _, folder := range []string{data, restored} {
			err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := e.Info()
				if err == nil && info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%s has mode %o", path, info.Mode().Perm())
				}
				if err == nil && folder == data { // as an earlier version may have left it
					err = os.Chmod(path, info.Mode().Perm()|0o055)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		setup[4] = "second"
		if err := os.Remove(backup); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(restored); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnOpenFolderOfOthersIsRefused(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "holiday.jpg"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate"}, {"serve", "--addr", "127.0.0.1:0"}} {
		status, _, said := run(t, data, "", args...)
		if status != exitFailed || !strings.Contains(said, "holiday.jpg") || !strings.Contains(said, "chmod 700") || strings.Count(said, "\n") != 1 {
			t.Fatalf("%v leaves with %d and says %q", args, status, said)
		}
	}
	if entries, err := os.ReadDir(data); err != nil || len(entries) != 1 {
		t.Errorf("it holds %v, %v", entries, err)
	}
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if status, _, said := run(t, data, "", "migrate"); status != exitDone {
		t.Errorf("closed by its owner it is refused: %s", said)
	}
}
