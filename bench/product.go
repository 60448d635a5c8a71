package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	handle   = "bench"
	linkPath = "concert"
	email    = "owner@example.com"
	password = "correct horse battery"
)

// product is the program under measurement with one business and one link.
type product struct {
	url     string
	process *exec.Cmd
	ready   time.Duration // from start to ready on an empty database
}

func startProduct(ctx context.Context, dir string) (*product, error) {
	binary, data := filepath.Join(dir, "smartlinks"), filepath.Join(dir, "data")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./cmd/smartlinks")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build the program: %w", err)
	}
	p, err := serve(ctx, binary, filepath.Join(dir, "empty"))
	if err != nil {
		return nil, err
	}
	ready := p.ready
	p.stop()
	setup := exec.CommandContext(ctx, binary, "setup", "--business", "Bench", "--handle", handle, "--email", email, "--password-stdin", "--data", data)
	setup.Stdin = strings.NewReader(password + "\n")
	if out, err := setup.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("set up: %w\n%s", err, out)
	}
	if p, err = serve(ctx, binary, data); err != nil {
		return nil, err
	}
	p.ready = ready
	if err := p.createLink(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func serve(ctx context.Context, binary, data string) (*product, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	c := exec.Command(binary, "serve", "--sandbox", "--log-level", "error", "--addr", addr, "--data", data)
	c.Env = append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off")
	c.Stderr = os.Stderr
	begin := time.Now()
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &product{url: "http://" + addr, process: c}
	for time.Since(begin) < 20*time.Second && ctx.Err() == nil {
		res, err := http.Get(p.url + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				p.ready = time.Since(begin)
				return p, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.stop()
	return nil, errors.New("the program was not ready within 20 s")
}

func (p *product) stop() {
	_ = p.process.Process.Signal(syscall.SIGTERM)
	_ = p.process.Wait()
}

// createLink makes the measured link as a merchant does, by the dashboard.
func (p *product) createLink(ctx context.Context) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	merchant := newClient(1)
	merchant.Jar = jar
	if _, err := post(ctx, merchant, p.url+"/sign-in", url.Values{"email": {email}, "password": {password}}); err != nil {
		return err
	}
	_, err = post(ctx, merchant, p.url+"/dashboard/"+handle+"/links", url.Values{
		"type": {"amount"}, "name": {"Concert"}, "amount": {"49.00"}, "currency": {"EUR"}, "path": {linkPath}, "limit": {"unlimited"}, "active": {"on"},
	})
	return err
}

// pay measures whole payments: the form, the checkout, and the wait until the
// payment is settled.
func (p *product) pay(ctx context.Context, workers int, during time.Duration) (figures, error) {
	client := newClient(workers)
	defer client.CloseIdleConnections()
	return repeat(ctx, workers, during, func(ctx context.Context) error {
		checkout, err := post(ctx, client, p.url+"/"+handle+"/"+linkPath, url.Values{"name": {"Sanne Visser"}, "email": {"sanne@example.com"}})
		if err != nil {
			return err
		}
		back, err := post(ctx, client, checkout, url.Values{"outcome": {"paid"}})
		if err != nil {
			return err
		}
		back, _, _ = strings.Cut(back, "?")
		return awaitPaid(ctx, client, back+"/status")
	})
}

func awaitPaid(ctx context.Context, client *http.Client, address string) error {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		res, err := client.Do(r)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return err
		}
		if strings.Contains(string(text), `"paid"`) {
			return nil
		}
	}
	return fmt.Errorf("%s did not become paid within 20 s", address)
}

// post sends a form and returns where the answer leads.
func post(ctx context.Context, client *http.Client, address string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", agent)
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("POST %s answered %s, want 303\n%.400s", address, res.Status, text)
	}
	to, err := r.URL.Parse(res.Header.Get("Location"))
	if err != nil {
		return "", err
	}
	return to.String(), nil
}

// memory is the resident memory of the process in MB.
type memory struct{ now, peak float64 }

func (p *product) memory() (memory, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(p.process.Process.Pid) + "/status")
	if err != nil {
		return memory{}, err
	}
	defer f.Close()
	var m memory
	for s := bufio.NewScanner(f); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), ":")
		kilobytes, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch name {
		case "VmRSS":
			m.now = kilobytes / 1000
		case "VmHWM":
			m.peak = kilobytes / 1000
		}
	}
	return m, nil
}
