package db

import (
	"testing"
	"testing/fstest"

	"smartlinks/internal/db/migrations"
)

// A backup is taken for whole up to the schema that this version makes: the newest step may be
// one that each engine writes in its own way.
func TestTheNewestMigrationMayBeAnEnginesOwn(t *testing.T) {
	for name, want := range map[string]int64{"sqlite/00003_c.sql": 3, "00001_a.sql": 2} {
		files := fstest.MapFS{"migrations.go": {}, "00002_b.sql": {}, name: {}}
		if got, err := newestMigration(files); err != nil || got != want {
			t.Errorf("with %s the newest is %d, want %d: %v", name, got, want, err)
		}
	}
	if newest, err := newestMigration(migrations.Files); err != nil || newest < 183 {
		t.Errorf("ours is %d: %v", newest, err)
	}
}
