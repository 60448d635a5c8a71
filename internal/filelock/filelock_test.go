package filelock_test

import (
	"os"
	"path/filepath"
	"testing"

	"smartlinks/internal/filelock"
)

func TestOneAtATimeClaimsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	first, second := open(), open()
	for _, step := range []struct {
		by   *os.File
		mine bool
	}{{first, true}, {second, false}, {first, true}} {
		if mine, err := filelock.Try(step.by); mine != step.mine || err != nil {
			t.Fatalf("mine %v, %v; want %v", mine, err, step.mine)
		}
	}
	first.Close()
	if mine, err := filelock.Try(second); !mine || err != nil {
		t.Errorf("after the first was closed: %v, %v", mine, err)
	}
}
