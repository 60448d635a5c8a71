package settings_test

import (
	"os"
	"strings"
	"testing"

	"smartlinks/internal/web/dashboard/frame"
)

// docs/settings.md says that it has every page.
func TestTheGuideHasEveryPageOfSettings(t *testing.T) {
	guide, err := os.ReadFile("../../../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range frame.SettingsSections(frame.ReaderOf(t.Context())) {
		if !strings.Contains(string(guide), "\n| "+s.Label+" | ") {
			t.Errorf("docs/settings.md has no row for %s", s.Label)
		}
	}
}
