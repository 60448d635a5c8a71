package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smartlinks/internal/app/store"
)

func TestAConfigurationFileGivesWayToTheEnvironmentAndTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	run := func(config string, args ...string) (status int, said string) {
		t.Helper()
		file := filepath.Join(dir, "smartlinks.toml")
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		status = Main(append([]string{"--config", file}, args...), strings.NewReader(""), &out, &out)
		return status, out.String()
	}
	has := func(folder string) bool {
		_, err := os.Stat(filepath.Join(dir, folder, store.DatabaseFile))
		return err == nil
	}
	inFile := `data = "` + filepath.Join(dir, "file") + `"` + "\nsandbox = true\nsmtp-url = \"smtp://127.0.0.1:25\"\n"
	if status, said := run(inFile, "migrate"); status != exitDone || !has("file") {
		t.Errorf("the file's folder is not used: %d %s", status, said)
	}
	t.Setenv("SMARTLINKS_DATA", filepath.Join(dir, "environment"))
	if status, said := run(inFile, "migrate"); status != exitDone || !has("environment") {
		t.Errorf("the environment does not win: %d %s", status, said)
	}
	if status, said := run(inFile, "migrate", "--data", filepath.Join(dir, "line")); status != exitDone || !has("line") {
		t.Errorf("the command line does not win: %d %s", status, said)
	}
	for config, complaint := range map[string]string{`adress = ":80"`: "adress", `url = `: "not TOML"} {
		if status, said := run(config, "migrate"); status != exitUsage || !strings.Contains(said, complaint) {
			t.Errorf("%s: %d %s", config, status, said)
		}
	}
}
