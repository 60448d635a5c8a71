package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// process is one `smartlinks serve`.
type process struct {
	URL    string
	cmd    *exec.Cmd
	exited chan error // what it left with, to be read once
}

// serve starts one process and returns its address. It is stopped by SIGTERM,
// and must leave with status 0.
func (s *site) serve(t *testing.T) string {
	t.Helper()
	p := s.launch(t, freeAddress(t), "warn")
	t.Cleanup(func() { p.stop(t) })
	return p.URL
}

// launch starts a process at an address, and waits until it is ready. The
// caller ends it by stop or kill.
func (s *site) launch(t *testing.T, addr, logLevel string) *process {
	t.Helper()
	c := exec.Command(binary, append([]string{"serve", "--addr", addr, "--sandbox", "--log-level", logLevel}, s.store...)...)
	c.Env = append(append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off"), s.env...)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{URL: "http://" + addr, cmd: c, exited: make(chan error, 1)}
	go func() { p.exited <- c.Wait() }()
	p.awaitReady(t)
	return p
}

func (p *process) awaitReady(t *testing.T) {
	t.Helper()
	ok := eventually(20*time.Second, func() bool {
		select {
		case err := <-p.exited:
			p.exited <- err
			t.Fatalf("the server left before it was ready: %v", err)
		default:
		}
		res, err := http.Get(p.URL + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	if !ok {
		_ = p.cmd.Process.Kill()
		t.Fatal("the server was not ready within 20 s")
	}
}

// stop ends the process as an operator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stop the server: %v", err)
		return
	}
	select {
	case err := <-p.exited:
		if err != nil {
			t.Errorf("the server must leave with status 0 after SIGTERM: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the server did not stop within 30 s of SIGTERM")
		_ = p.cmd.Process.Kill()
	}
}

// kill ends the process between any two of its instructions (SIGKILL).
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatalf("kill the server: %v", err)
	}
	<-p.exited
}
