package app

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"smartlinks/internal/app/store"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// run runs the program on a folder of its own.
func run(t *testing.T, data, in string, args ...string) (status int, out, stderr string) {
	t.Helper()
	var said, complaint output
	status = mainWithin(t, append(args, "--data", data), strings.NewReader(in), &said, &complaint)
	return status, said.String(), complaint.String()
}

// oneLine is a complaint as all of them are: one line, of whole sentences.
var oneLine = regexp.MustCompile(`^smartlinks: \S[^\n]*[.?]\n$`)

// Nothing is made, upgraded or begun before all that was typed can be meant.
func TestAMisspeltFlagIsWrongUsage(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{
		{"serve", "--url", "pay.example.com"}, {"serve", "--database", "mysql://db"}, {"serve", "--trusted-proxies", "here"},
		{"serve", "--api-origins", "shop.example.com"}, {"serve", "--smtp-url", "mail.example.com"}, {"serve", "--sms-url", "pigeon://post"},
		{"serve", "--mail-from", "nobody"}, {"serve", "--rate-limits", "perhaps"}, {"serve", "--nothing"}, {"backup"}, {"nothing"},
		{"serve", "--smtp-url", "smtp://"}, {"serve", "--sms-url", "twilio://"}, {"serve", "--url", "https://a_b"}, {"serve", "--geoip", "none.mmdb"},
		{"serve", "--backup-to", data}, {"serve", "--backup-to", "elsewhere", "--backup-keep", "0"}, {"serve", "--dns", "here"}, {"serve", "--acme"}, {"serve", "--sandbox-public"},
		{"serve", "--database-direct", "postgres://x"}, {"move"}, {"move", "--back", "--undo", "--database", "postgres://x"},
		{"serve", "--metrics-token"}, {"serve", "--secret-key", "short"}, {"migrate", "--secret-key", "short"}, {"serve", "--config", "none.toml"},
		{"setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin", "--currency", "gold"},
		{"token", "create", "--business", "acme", "--name", "x", "--scopes", "fly"}, {"help", "nothing"}, {"reconcile", "--since", "-5h"}, {"completion", "tcsh"},
		{"serve", "--config", t.TempDir()}, {"serve", "--profile-addr", ":0"}, {"serve", "--profile-addr", "localhost"}, {"secrets", "rotate", "--new-secret-key", "x"}, {"backup", ""}, {"restore", " "},
	} {
		if len(args) > 0 && args[0] == "serve" {
			args = append(args, "--addr", "127.0.0.1:0")
		}
		status, out, complaint := run(t, data, "a good password\n", args...)
		if _, err := os.Lstat(data); err == nil {
			t.Fatalf("%v made the data folder", args)
		}
		if status != exitUsage || out != "" || !oneLine.MatchString(complaint) {
			t.Errorf("%v leaves with %d, says %q and complains %q", args, status, out, complaint)
		}
	}
}

// What leads on from a complaint is the help of the command that was typed, and what a file is
// for that can't be read is said.
func TestAComplaintSaysWhereToLook(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"token", "create", "--business", "acme"}, "Run `smartlinks token create --help` to see its flags.\n"},
		{[]string{"link", "show", ""}, "smartlinks: <link> is empty. Run `smartlinks link show --help` to see its flags.\n"},
		{[]string{"payment", "refund", "pay_1", "--amount", ""}, "smartlinks: --amount is empty: leave it out, or give it a value. Run `smartlinks payment refund --help` to see its flags.\n"},
		{[]string{"payment", "record", "tour", "--amount= "}, "smartlinks: --amount is empty: leave it out, or give it a value. Run `smartlinks payment record --help` to see its flags.\n"},
		{[]string{"link", "list", "--status", ""}, "smartlinks: --status is empty: leave it out, or give it a value. Run `smartlinks link list --help` to see its flags.\n"},
		{[]string{"lnik"}, "Run `smartlinks --help` to see the commands.\n"},
		{[]string{"migrate", "--config", "/none.toml"}, "smartlinks: the configuration file /none.toml can't be read: no such file or directory.\n"},
		{[]string{"serve", "--addr", "8080"}, "smartlinks: --addr must be an address with a port, like 127.0.0.1:8080 or :8080, not 8080.\n"},
	} {
		var complaint bytes.Buffer
		if status := Main(c.args, strings.NewReader(""), io.Discard, &complaint); status != exitUsage || !strings.HasSuffix(complaint.String(), c.want) {
			t.Errorf("%v leaves with %d and complains %q", c.args, status, complaint.String())
		}
	}
}

// Whoever stops a command reads what to do, not where in the program it was.
func TestAStoppedCommandSaysHowToGoOn(t *testing.T) {
	const plain = "Stopped before it was done. Run the same command again."
	for said, want := range map[string]string{
		"context canceled": plain,
		"migrate the database: step 168: context canceled": plain,
		"the disk is full": "the disk is full",
		"run the same command again to go on, or use --undo: context canceled": "run the same command again to go on, or use --undo: it was stopped",
	} {
		if got := stopped(said); got != want {
			t.Errorf("%q is told as %q", said, got)
		}
	}
}

// What is refused for what was typed leaves no database behind that the next would find.
func TestASetupThatIsRefusedMakesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for what, c := range map[string]struct{ password, handle, zone string }{
		"password": {"12345678", "acme", "UTC"}, "handle": {"a good password", "Acme!", "UTC"}, "time zone": {"a good password", "acme", "Mars/Base"},
	} {
		status, out, complaint := run(t, data, c.password+"\n", "setup", "--business", "Acme", "--handle", c.handle, "--email", "marit@example.com", "--password-stdin", "--time-zone", c.zone)
		if _, err := os.Lstat(data); err == nil {
			t.Fatalf("a refused %s made the data folder", what)
		}
		if status != exitFailed || out != "" || !oneLine.MatchString(complaint) {
			t.Errorf("a refused %s leaves with %d, says %q and complains %q", what, status, out, complaint)
		}
	}
}

// A token that can't be printed is of no use to anybody, and must not stay.
func TestATokenThatNobodySawIsRevoked(t *testing.T) {
	data := t.TempDir()
	if status, _, complaint := run(t, data, "a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin"); status != exitDone {
		t.Fatal(complaint)
	}
	var complaint output
	if status := mainWithin(t, []string{"token", "create", "--business", "acme", "--name", "Shop", "--data", data}, strings.NewReader(""), full{}, &complaint); status != exitFailed {
		t.Errorf("it leaves with %d and complains %q", status, complaint.String())
	}
	d := dbtest.Open(t, db.Config{Path: filepath.Join(data, store.DatabaseFile)})
	var valid int
	if err := d.Get(t.Context(), &valid, `SELECT COUNT(*) FROM api_tokens WHERE revoked_at IS NULL`); err != nil || valid != 0 {
		t.Errorf("%d tokens are valid that nobody saw, %v", valid, err)
	}
}

// full is a disk that takes nothing more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Nobody can look at a marked field on a terminal.
func TestTheCommandLineSaysWhatIsWrongWithoutAForm(t *testing.T) {
	data := t.TempDir()
	setup := []string{"setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin"}
	if status, _, complaint := run(t, data, "a good password\n", setup...); status != exitDone {
		t.Fatal(complaint)
	}
	if _, said, _ := run(t, data, "", "reconcile"); !strings.Contains(said, "nothing to compare") {
		t.Errorf("without a provider reconcile says %q", said)
	}
	var complained bytes.Buffer
	if status := Main([]string{"doctor", "--sandbox", "--data", data}, nil, fullDisk{}, &complained); status != exitFailed || !oneLine.MatchString(complained.String()) {
		t.Errorf("a report that can't be written: %d %s", status, &complained)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	complained.Reset()
	if status := runUntil(ended, []string{"doctor", "--sandbox", "--data", data}, nil, io.Discard, &complained); status != exitFailed || !oneLine.MatchString(complained.String()) || strings.Contains(complained.String(), "context") {
		t.Errorf("a command that is stopped: %d %s", status, &complained)
	}
	for _, args := range [][]string{{"doctor"}, {"backup", "b.db"}, {"migrate"}, {"token", "create", "--business", "acme", "--name", "x"}, {"restore", filepath.Join(data, store.DatabaseFile)}} {
		if status, _, complaint := run(t, filepath.Join(data, store.DatabaseFile), "", args...); status != exitFailed || !strings.Contains(complaint, "is no folder. Give --data one.") {
			t.Errorf("%v in a file: %d %s", args, status, complaint)
		}
	}
	if status, _, complaint := run(t, data, "", "backup", filepath.Join(data, "none", "b.db")); status != exitFailed || !strings.Contains(complaint, "Make the folder") {
		t.Errorf("a backup into no folder: %d %s", status, complaint)
	}
	status, _, complaint := run(t, data, "a good password\n", setup...)
	if status != exitFailed || complaint != "smartlinks: handle: The handle “acme” is taken. Choose another.\n" {
		t.Errorf("%d %s", status, complaint)
	}
	setup[4], setup[6] = "other", "nobody"
	status, _, complaint = run(t, data, "a good password\n", setup...)
	if status != exitFailed || strings.Count(complaint, "incomplete") != 1 {
		t.Errorf("%d %s", status, complaint)
	}
}

func TestTheEnvironmentNamesAConfigurationFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	has := func(folder string) bool {
		_, err := os.Stat(filepath.Join(dir, folder, store.DatabaseFile))
		return err == nil
	}
	var said bytes.Buffer
	t.Setenv("SMARTLINKS_CONFIG", write("first.toml", `data = "`+filepath.Join(dir, "first")+`"`))
	if status := Main([]string{"migrate"}, strings.NewReader(""), &said, &said); status != exitDone || !has("first") {
		t.Errorf("the file is not read: %d %s", status, &said)
	}
	second := write("second.toml", `data = "`+filepath.Join(dir, "second")+`"`)
	if status := Main([]string{"migrate", "--config", second}, strings.NewReader(""), &said, &said); status != exitDone || !has("second") {
		t.Errorf("the command line does not win: %d %s", status, &said)
	}
	t.Setenv("SMARTLINKS_CONFIG", filepath.Join(dir, "none.toml"))
	if status := Main([]string{"migrate"}, strings.NewReader(""), &said, &said); status != exitUsage {
		t.Errorf("a file that is not there: %d %s", status, &said)
	}
}

// fullDisk is where nothing can be written.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }
