package store

import (
	"context"
	"os"
	"path/filepath"

	"smartlinks/internal/db"
)

// finishRotation puts the new key in its place when a rotation was interrupted
// between its two steps; wrong is why the key file's key was refused.
func (l Location) finishRotation(ctx context.Context, d *db.DB, wrong error) ([]byte, error) {
	if l.SecretKey != "" {
		return nil, wrong
	}
	key, err := readKeyFile(l.NextKeyFile())
	if err != nil || CheckKey(ctx, d, key) != nil {
		return nil, wrong
	}
	return key, os.Rename(l.NextKeyFile(), l.KeyFile())
}

func (l Location) KeyFile() string     { return filepath.Join(l.Data, "secret.key") }
func (l Location) NextKeyFile() string { return l.KeyFile() + ".new" }
