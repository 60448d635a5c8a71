package dashboardtest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/webhook"
)

// Happen lets something happen to the business.
func (s *Site) Happen(t *testing.T, b business.Business) {
	t.Helper()
	var told struct { // what such an event holds
		Events map[webhook.Type]struct{ Data json.RawMessage }
	}
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "internal/web/api/examples.json"))
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.InTx(t.Context(), func(tx *db.Tx) error {
		s.Webhooks.Emit(tx, webhook.EventInput{BusinessID: b.ID, Type: webhook.LinkCreated, Mode: business.Test, Object: "lnk_1",
			Data: func(context.Context, *db.Tx) (any, error) { return told.Events[webhook.LinkCreated].Data, nil }})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// moduleRoot is the folder of go.mod. A test runs in its package's folder, and those of
// the dashboard are not all equally deep.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test's folder")
	}
}
