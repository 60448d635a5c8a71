package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
	url       string
	process   *exec.Cmd
	profiling string        // where it answers with profiles
	ready     time.Duration // from start to ready on an empty database
	rest      memory        // of a process that nobody asked anything yet
	merchant  *http.Client  // who is signed in
	token     string
	link      string // the id of the measured one
}

// build makes the program as it is released.
func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "smartlinks")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./cmd/smartlinks")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the program: %w", err)
	}
	return binary, nil
}

// startProduct sets the program up as a merchant does.
func startProduct(ctx context.Context, s store, binary string) (*product, error) {
	p, err := serve(ctx, s, binary)
	if err != nil {
		return nil, err
	}
	ready := p.ready
	time.Sleep(3 * time.Second) // until it rests
	rest, err := p.memory()
	p.stop()
	if err != nil {
		return nil, err
	}
	setup := exec.CommandContext(ctx, binary, append([]string{"setup", "--business", "Bench", "--handle", handle, "--email", email, "--password-stdin"}, s.flags()...)...)
	setup.Stdin = strings.NewReader(password + "\n")
	if out, err := setup.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("set up: %w\n%s", err, out)
	}
	token, err := exec.CommandContext(ctx, binary, append([]string{"token", "create", "--business", handle, "--name", "bench"}, s.flags()...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("create a token: %w", err)
	}
	if p, err = serve(ctx, s, binary); err != nil {
		return nil, err
	}
	p.ready, p.rest, p.token = ready, rest, strings.TrimSpace(string(token))
	if err := p.prepare(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// prepare makes the measured link by the API, and signs the merchant in.
func (p *product) prepare(ctx context.Context) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	p.merchant = newClient(1)
	p.merchant.Jar = jar
	if _, err := post(ctx, p.merchant, p.url+"/sign-in", url.Values{"email": {email}, "password": {password}}); err != nil {
		return err
	}
	var made struct{ ID string }
	if err := p.api(ctx, p.merchant, "/links", map[string]any{
		"name": "Concert", "type": "amount", "path": linkPath, "amount": map[string]string{"value": "49.00", "currency": "EUR"},
	}, &made); err != nil {
		return err
	}
	p.link = made.ID
	return nil
}

// api posts to the API and decodes the answer.
func (p *product) api(ctx context.Context, client *http.Client, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s answered %s\n%.400s", path, res.Status, got)
	}
	return json.Unmarshal(got, answer)
}

func serve(ctx context.Context, s store, binary string) (*product, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	profiling, err := freeAddress()
	if err != nil {
		return nil, err
	}
	c := exec.Command(binary, append([]string{"serve", "--sandbox", "--log-level", "error", "--addr", addr, "--profile-addr", profiling}, s.flags()...)...)
	c.Env = append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off")
	c.Stderr = os.Stderr
	begin := time.Now()
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &product{url: "http://" + addr, profiling: "http://" + profiling, process: c}
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

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// profiled writes a profile of the processor during a measurement, where a folder is given.
func (p *product) profiled(ctx context.Context, folder, name string, during time.Duration, work func() (figures, error)) (figures, error) {
	if folder == "" {
		return work()
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return figures{}, err
	}
	done := make(chan error, 1)
	go func() {
		profile, err := get(ctx, http.DefaultClient, fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", p.profiling, max(1, int(during.Seconds())-1)))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), profile, 0o644)
		}
		done <- err
	}()
	f, err := work()
	if written := <-done; err == nil {
		err = written
	}
	return f, err
}

func (p *product) stop() {
	_ = p.process.Process.Signal(syscall.SIGTERM)
	_ = p.process.Wait()
}

// pay measures whole payments: the form, the checkout, and the wait until the
// payment is settled.
func (p *product) pay(ctx context.Context, workers int, during time.Duration) (figures, error) {
	client := newClient(workers)
	defer client.CloseIdleConnections()
	return repeat(ctx, workers, during, func(ctx context.Context) (time.Time, error) {
		begin := time.Now()
		checkout, err := post(ctx, client, p.url+"/"+handle+"/"+linkPath, url.Values{"name": {"Sanne Visser"}, "email": {"sanne@example.com"}})
		if err != nil {
			return begin, err
		}
		back, err := post(ctx, client, checkout, url.Values{"outcome": {"paid"}})
		if err != nil {
			return begin, err
		}
		back, _, _ = strings.Cut(back, "?")
		return begin, awaitPaid(ctx, client, back+"/status")
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

// memory is the resident memory of the process in MB. file is what of it is the program's
// own file, which the system shares and takes back: newer kernels map whole stretches of it
// as soon as one page is touched.
type memory struct{ now, peak, file float64 }

// said is a process that nobody asks anything, in words.
func (m memory) said() string {
	return fmt.Sprintf("%s, %s of it the program’s file", megabytes(m.now), megabytes(m.file))
}

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
		case "RssFile":
			m.file = kilobytes / 1000
		}
	}
	return m, nil
}
