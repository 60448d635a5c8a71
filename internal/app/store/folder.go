package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// othersMay are the rights of a file's group and of everybody.
const othersMay = 0o077

// closeFolder keeps others out of the data folder, which holds the keys and all
// personal data: an open one is closed if it is ours and holds nothing but our files;
// anything else is refused, because it could be meant for others too.
func (l Location) closeFolder() error {
	info, err := os.Stat(l.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it will be made closed
	}
	if err != nil {
		return l.Unopened(err)
	}
	if err := l.RefuseFile(); err != nil {
		return err
	}
	if info.Mode().Perm()&othersMay == 0 {
		return nil
	}
	if !ours(info) {
		return l.openFolder(info, "belongs to another user")
	}
	entries, err := os.ReadDir(l.Data)
	if err != nil {
		return l.Unopened(err)
	}
	for _, e := range entries {
		if !ourFile(e.Name()) {
			return l.openFolder(info, "holds files that are not ours, such as "+e.Name())
		}
	}
	if err := os.Chmod(l.Data, 0o700); err != nil {
		return l.openFolder(info, "can't be closed")
	}
	return nil
}

// openFolder says what to do with a folder that others can open.
func (l Location) openFolder(info fs.FileInfo, why string) error {
	return fault.New(fault.Conflict, fmt.Sprintf("Others on this machine can open the data folder %[1]s (mode %04[2]o), and it %[3]s, so it is left as it is. "+
		"Run `chmod 700 %[1]s` as its owner, or give --data a folder that is made for it, such as %[1]s/smartlinks.", l.Data, info.Mode().Perm(), why))
}

// ourFile tells whether a name in the data folder is one of ours.
func ourFile(name string) bool {
	ours := []string{SpoolFolder, CertificatesFolder, lockName, UnfinishedFile, "lost+found"}
	return slices.Contains(ours, name) || strings.HasPrefix(name, DatabaseFile) || strings.HasPrefix(name, "secret.key") ||
		strings.HasPrefix(name, "."+DatabaseFile) || strings.HasPrefix(name, ".restore")
}
