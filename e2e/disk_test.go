package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// room is a folder on a small disk of its own, in memory.
func room(t *testing.T, size string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can make a small disk")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=700,size="+size); err != nil {
		t.Skip("no small disk can be made here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fillDisk takes what is left of a disk, and returns the file that does.
func fillDisk(t *testing.T, dir string) (path string) {
	t.Helper()
	path = dir + "/smartlinks.db.ballast"
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, err = f.Write(make([]byte, 64<<10)); err == nil; {
		_, err = f.Write(make([]byte, 4<<10))
	}
	return path
}

func TestAFullDiskIsToldAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	dir := room(t, "24m")
	s := &site{&Site{Store: []string{"--data", dir}}}
	s.SetUp(t)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	addr := FreeAddress(t)
	c := exec.Command(Binary, "serve", "--sandbox", "--addr", addr, "--data", dir)
	c.Stdout, c.Stderr = io.Discard, log
	p := Begin(t, c, "http://"+addr)
	p.AwaitReady(t)

	ballast := fillDisk(t, dir)
	if status, said := ask(t, p.URL+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(said, "the disk is full") {
		t.Errorf("on a full disk /readyz answers %d, %q", status, said)
	}
	for i := range 20 {
		if status, _ := ask(t, fmt.Sprintf("%s/%s/link-%d", p.URL, Handle, i)); status == http.StatusInternalServerError {
			t.Errorf("a payer reads %d", status)
		}
		create(t, p.URL, s.Token)
	}
	doctor, _ := exec.Command(Binary, "doctor", "--sandbox", "--data", dir).CombinedOutput()
	if !strings.Contains(string(doctor), "disk") || strings.Contains(string(doctor), "database is away") {
		t.Errorf("the doctor says:\n%s", doctor)
	}
	text, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "the disk of the database is full") || strings.Contains(string(text), "database is away") || strings.Count(string(text), "level=ERROR") > 15 {
		t.Errorf("the log says:\n%s", text)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if !Eventually(10*time.Second, func() bool { status, _ := ask(t, p.URL+"/readyz"); return status == http.StatusOK }) {
		t.Error("with room again it is not ready")
	}
	if status := create(t, p.URL, s.Token); status != http.StatusCreated {
		t.Errorf("with room again a link is answered %d", status)
	}
	p.Stop(t)
}

func TestAServerThatIsStartedOnAFullDiskSaysSo(t *testing.T) {
	t.Parallel()
	dir := room(t, "1m")
	fillDisk(t, dir)
	out, err := exec.Command(Binary, "serve", "--sandbox", "--addr", FreeAddress(t), "--data", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "is full. Free space") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("it leaves with %v: %s", err, out)
	}
}

// A hangup of the terminal drains as SIGTERM does, unless nohup had it ignored.
func TestAHangupDrains(t *testing.T) {
	t.Parallel()
	// Programs inherit it ignored, when nohup runs the tests; but not when we take it.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	s := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	p := s.Launch(t, FreeAddress(t), "warn")
	if err := p.Cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.Exited:
		if err != nil {
			t.Errorf("it leaves with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it did not stop within 30 s")
		_ = p.Cmd.Process.Kill()
	}
}

// ask reads an address.
func ask(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res.StatusCode, string(body)
}

// create makes a link by the API, and returns the status of the answer.
func create(t *testing.T, url, token string) int {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/v1/links",
		strings.NewReader(`{"name": "Summer Sale", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"}}`))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}
