//go:build unix

package store

import (
	"io/fs"
	"os"
	"syscall"
)

// FreeSpace is how many bytes this process may still write to the disk of a folder.
func FreeSpace(folder string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}

// ours tells whether a file belongs to the user that this process runs as.
func ours(info fs.FileInfo) bool {
	of, known := info.Sys().(*syscall.Stat_t)
	return !known || int(of.Uid) == os.Geteuid()
}
