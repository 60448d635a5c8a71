package frame

import (
	"os"
	"strings"
	"testing"
)

// docs/settings.md says that it has every page.
func TestTheGuideHasEveryPageOfSettings(t *testing.T) {
	guide, err := os.ReadFile("../../../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range SettingsSections(ReaderOf(t.Context())) {
		if !strings.Contains(string(guide), "\n| "+s.Label+" | ") {
			t.Errorf("docs/settings.md has no row for %s", s.Label)
		}
	}
}
