// Package filelock lets one process at a time claim a file.
package filelock

import "os"

// Try claims an open file for this process, or says that another has it. The claim ends
// when the file is closed, at the latest with the process. It holds among those who ask:
// the file can still be read and written.
func Try(f *os.File) (mine bool, err error) { return try(f) }
