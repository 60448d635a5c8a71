package app

import (
	"errors"
	"log/slog"
	"os"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"

	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	flags := backupFlags{BackupTo: to, BackupKeep: 3}
	if err := flags.check(store.Location{Data: data}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	for _, days := range []int{2, 3, 4, 5} {
		old := now.Add(-time.Duration(days) * backupEvery).Format(backupName)
		if err := os.WriteFile(filepath.Join(to, old), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(to, "smartlinks-of-mine.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	future := filepath.Join(to, now.Add(30*backupEvery).Format(backupName)) // the clock was wrong
	if err := os.WriteFile(future, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(to, "."+now.Add(-backupEvery).Format(backupName)+".123") // of a killed server
	if err := os.WriteFile(draft, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, said := runDoctor(t, data, to); status != exitFailed || !strings.Contains(said, "WRONG There is no backup of the last two days") {
		t.Errorf("without a new one the doctor leaves with %d:\n%s", status, said)
	}
	c := serveCommand{Location: store.Location{Data: data}, backupFlags: flags, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	log := &output{}
	srv, err := c.open(t.Context(), logs.Text(log, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(hangs); !strings.Contains(log.String(), "backup") && time.Now().Before(end); {
		<-time.After(20 * time.Millisecond)
	}
	if err := srv.system.Queue.Settled(t.Context()); err != nil {
		t.Error(err)
	}
	families, err := srv.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]float64{}
	for _, f := range families {
		told[f.GetName()] = f.GetMetric()[0].GetGauge().GetValue()
	}
	if err := srv.close(); err != nil {
		t.Error(err)
	}
	made, err := flags.made(time.Now())
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
	if status, _, said := run(t, restored, "", "restore", filepath.Join(to, made[2].Format(backupName)), "--secret-key", strings.TrimSpace(string(key))); status != exitDone {
		t.Error(said)
	}
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
	c := serveCommand{Location: store.Location{Data: data}, backupFlags: backupFlags{BackupTo: filepath.Join(t.TempDir(), "b"), BackupKeep: 1}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	srv, err := c.open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	families, err := srv.metrics.registry.Gather()
	if err = errors.Join(err, srv.close()); err != nil {
		t.Fatal(err)
	}
	told := []string{"smartlinks_certificate_end_timestamp_seconds"} // with --acme alone
	for _, f := range families {
		told = append(told, f.GetName(), f.GetName()+"_bucket", f.GetName()+"_count")
	}
	text, err := os.ReadFile("../../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`\bsmartlinks_[a-z_]+`).FindAllString(string(text), -1) {
		if !slices.Contains(told, name) {
			t.Errorf("nobody tells %s", name)
		}
	}
	if promtool, err := osexec.LookPath("promtool"); err == nil {
		if out, err := osexec.Command(promtool, "check", "rules", "../../deploy/alerts.yml").CombinedOutput(); err != nil {
			t.Errorf("promtool: %v\n%s", err, out)
		}
	}
}
