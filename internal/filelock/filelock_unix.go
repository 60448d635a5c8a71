//go:build unix

package filelock

import (
	"errors"
	"os"
	"syscall"
)

// See flock(2).
func try(f *os.File) (mine bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
