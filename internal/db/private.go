package db

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// private makes SQLite's file for its owner alone, whatever the umask, and what an
// earlier process left beside it. SQLite gives its log the rights of the file.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s can't be opened; it may belong to another user: %w", path, err)
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + "-journal", path + ".migrate", path + noticeFile} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.Chmod(name, info.Mode().Perm()&0o700); err != nil {
			return fmt.Errorf("others can read %s, and it can't be closed to them; run `chmod 600` on it as its owner: %w", name, err)
		}
	}
	return nil
}
