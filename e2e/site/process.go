package site

import (
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Process is one `smartlinks serve`.
type Process struct {
	URL    string
	Cmd    *exec.Cmd
	Exited chan error // what it left with, to be read once
}

// Serve starts one process and returns its address. It is stopped by SIGTERM,
// and must leave with status 0.
func (s *Site) Serve(t *testing.T) string {
	t.Helper()
	p := s.Launch(t, FreeAddress(t), "warn")
	t.Cleanup(func() { p.Stop(t) })
	return p.URL
}

// Launch starts a process at an address, and waits until it is ready. The
// caller ends it by Stop or Kill.
func (s *Site) Launch(t *testing.T, addr, logLevel string) *Process {
	t.Helper()
	flags := []string{"serve", "--addr", addr, "--log-level", logLevel}
	if !s.NoSandbox {
		flags = append(flags, "--sandbox")
	}
	c := exec.Command(Binary, append(flags, s.Store...)...)
	c.Env = append(append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off"), s.Env...)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	p := Begin(t, c, "http://"+addr)
	p.AwaitReady(t)
	return p
}

// Begin starts a command that serves at an address.
func Begin(t *testing.T, c *exec.Cmd, address string) *Process {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &Process{URL: address, Cmd: c, Exited: make(chan error, 1)}
	go func() { p.Exited <- c.Wait() }()
	return p
}

// AwaitReady waits until the process serves.

func (p *Process) AwaitReady(t *testing.T) {
	t.Helper()
	ok := Eventually(20*time.Second, func() bool {
		select {
		case err := <-p.Exited:
			p.Exited <- err
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
		_ = p.Cmd.Process.Kill()
		t.Fatal("the server was not ready within 20 s")
	}
}

// Stop ends the process as an operator does.
func (p *Process) Stop(t *testing.T) {
	t.Helper()
	if err := p.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stop the server: %v", err)
		return
	}
	select {
	case err := <-p.Exited:
		if err != nil {
			t.Errorf("the server must leave with status 0 after SIGTERM: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the server did not stop within 30 s of SIGTERM")
		_ = p.Cmd.Process.Kill()
	}
}

// Kill ends the process between any two of its instructions (SIGKILL).
func (p *Process) Kill(t *testing.T) {
	t.Helper()
	if err := p.Cmd.Process.Kill(); err != nil {
		t.Fatalf("kill the server: %v", err)
	}
	<-p.Exited
}
