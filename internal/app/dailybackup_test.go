package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"

	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A day after the newest there is another, whole and restorable, and no more than are kept;
// what others put beside them stays.
func TestAServerMakesBackupsAndKeepsSoMany(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "backups")
	if status, _, said := run(t, data, "a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin"); status != exitDone {
		t.Fatal(said)
	}
	flags := server.BackupFlags{BackupTo: to, BackupKeep: 3}
	if err := flags.Check(store.Location{Data: data}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	for _, days := range []int{2, 3, 4, 5} {
		old := now.Add(-time.Duration(days) * server.BackupEvery).Format(server.BackupName)
		if err := os.WriteFile(filepath.Join(to, old), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(to, "smartlinks-of-mine.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	future := filepath.Join(to, now.Add(30*server.BackupEvery).Format(server.BackupName)) // the clock was wrong
	if err := os.WriteFile(future, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(to, "."+now.Add(-server.BackupEvery).Format(server.BackupName)+".123") // of a killed server
	if err := os.WriteFile(draft, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, said := runDoctor(t, data, to); status != exitFailed || !strings.Contains(said, "WRONG There is no backup of the last two days") {
		t.Errorf("without a new one the doctor leaves with %d:\n%s", status, said)
	}
	c := server.Flags{Location: store.Location{Data: data}, BackupFlags: flags, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	log := &output{}
	srv, err := c.Open(t.Context(), logs.Text(log, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(hangs); !strings.Contains(log.String(), "backup") && time.Now().Before(end); {
		<-time.After(20 * time.Millisecond)
	}
	if err := srv.System.Queue.Settled(t.Context()); err != nil {
		t.Error(err)
	}
	told := scrape(t, srv)
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	made, err := flags.Made(time.Now())
	if err != nil || len(made) != 3 || now.Sub(made[2]) > time.Hour {
		t.Fatalf("there are %v, %v; the log says %s", made, err, log)
	}
	if told["smartlinks_last_backup_timestamp_seconds"] != float64(made[2].Unix()) || told["smartlinks_disk_free_bytes"] == 0 || told["smartlinks_build_info"] != 1 {
		t.Errorf("the metrics tell %v", told)
	}
	if _, err := os.Stat(filepath.Join(to, "smartlinks-of-mine.db")); err != nil {
		t.Error("a file of another name was deleted")
	}
	if _, err := os.Stat(future); err != nil {
		t.Error("a backup of a time to come was deleted")
	}
	if _, err := os.Stat(draft); err == nil {
		t.Error("what a killed server left of a backup stays")
	}
	if status, said := runDoctor(t, data, to); status != exitDone || !strings.Contains(said, ", of 3 in ") {
		t.Errorf("the doctor leaves with %d:\n%s", status, said)
	}
	restored := t.TempDir()
	key, err := os.ReadFile(filepath.Join(data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if status, _, said := run(t, restored, "", "restore", filepath.Join(to, made[2].Format(server.BackupName)), "--secret-key", strings.TrimSpace(string(key))); status != exitDone {
		t.Error(said)
	}
}

// scrape is what Prometheus reads of a server, by the name of the series; of several one.
func scrape(t *testing.T, srv *server.Server) map[string]float64 {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:4711", srv.System.Addresses.Hostname()
	w := httptest.NewRecorder()
	srv.HTTP.Handler.ServeHTTP(w, r)
	told := map[string]float64{}
	for _, line := range regexp.MustCompile(`(?m)^([a-z_]+)(?:\{.*\})? (\S+)$`).FindAllStringSubmatch(w.Body.String(), -1) {
		value, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		told[line[1]] = value
	}
	return told
}

func runDoctor(t *testing.T, data, to string) (int, string) {
	t.Helper()
	status, out, _ := run(t, data, "", "doctor", "--sandbox", "--backup-to", to)
	return status, out
}

func TestBackupsAreRefusedWhereTheyCanNotBe(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{
		{"--backup-to", data}, {"--backup-to", filepath.Join(data, "b"), "--backup-keep", "0"}, {"--backup-to", filepath.Join(data, "b"), "--database", "postgres://db/x"},
	} {
		if status, _, said := run(t, data, "", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...); status != exitUsage {
			t.Errorf("%v leaves with %d: %s", args, status, said)
		}
	}
}

// An alert on a metric that nobody tells would never come, nor one on a series that
// begins with its first error.
func TestAlertsWatchWhatIsTold(t *testing.T) {
	data := t.TempDir()
	c := server.Flags{Location: store.Location{Data: data}, BackupFlags: server.BackupFlags{BackupTo: filepath.Join(t.TempDir(), "b"), BackupKeep: 1}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	srv, err := c.Open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	told := scrape(t, srv)
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	told["smartlinks_certificate_end_timestamp_seconds"] = 0 // with --acme alone
	text, err := os.ReadFile("../../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`\bsmartlinks_[a-z_]+`).FindAllString(string(text), -1) {
		if _, is := told[name]; !is {
			t.Errorf("nobody tells %s", name)
		}
	}
	if promtool, err := osexec.LookPath("promtool"); err == nil {
		if out, err := osexec.Command(promtool, "check", "rules", "../../deploy/alerts.yml").CombinedOutput(); err != nil {
			t.Errorf("promtool: %v\n%s", err, out)
		}
	}
}
