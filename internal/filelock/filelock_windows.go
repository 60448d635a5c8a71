package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// See LockFileEx. What it locks can't be read by others, so it is a byte far behind the
// end of any file.
func try(f *os.File) (mine bool, err error) {
	behind := &windows.Overlapped{OffsetHigh: 1 << 30}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, behind)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
