package e2e

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// The programs of the page take what we post, also while a secret is changed, and refuse
// what nobody signed, what is altered and what is old. They know nothing of the database.
func TestTheReceiversOfThePageBelieveOnlyWhatIsSigned(t *testing.T) {
	t.Parallel()
	s := &site{&Site{Store: []string{"--data", t.TempDir()}, Env: []string{"SMARTLINKS_WEBHOOKS_ALLOW_PRIVATE=true"}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	page := readPage(t, s.URL+"/api/docs")
	for _, language := range []string{"node", "go", "php"} {
		t.Run(language, func(t *testing.T) {
			if _, err := exec.LookPath(language); err != nil {
				t.Skip(language, "is not installed; scripts/packages.sh installs it")
			}
			r := newReceiver(t, page, language)
			endpoint := Decode[struct{ ID, Secret string }](t, s.API(t, http.MethodPost, "/webhook-endpoints", `{"url": "`+r.url+`", "events": ["*"]}`))
			r.start(t, endpoint.Secret)
			made := Decode[LinkJSON](t, s.API(t, http.MethodPost, "/links", `{"name": "Köln ☕", "amount": {"value": "49.00", "currency": "EUR"}}`))
			r.await(t, "link.created", "")
			s.API(t, http.MethodPost, "/webhook-endpoints/"+endpoint.ID+"/rotate", "")
			s.API(t, http.MethodPatch, "/links/"+made.ID, `{"name": "漢字"}`)
			r.await(t, "link.updated", "")
			r.believesOnlyItsSecret(t, endpoint.Secret)
			r.stop()
			s.API(t, http.MethodDelete, "/webhook-endpoints/"+endpoint.ID, "")

			// A program that was given no secret does not believe who signs with none.
			if r.launch(t, "") {
				if status := r.post(t, "whsec_", time.Now(), nil); status < 400 {
					t.Errorf("without a secret it answers %d to anybody", status)
				}
			}
		})
	}
}

// believesOnlyItsSecret posts what is signed rightly and wrongly.
func (r *receiver) believesOnlyItsSecret(t *testing.T, secret string) {
	t.Helper()
	other := "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	now := time.Now()
	for what, c := range map[string]struct {
		secret string
		at     time.Time
		change func(*http.Request)
		want   int
	}{
		"as it is signed": {secret, now, nil, http.StatusNoContent},
		"signed by two secrets": {secret, now, func(q *http.Request) {
			q.Header.Set("Webhook-Signature", "v1,bm90IHRoaXMgb25l "+q.Header.Get("Webhook-Signature"))
		}, http.StatusNoContent},
		"signed by another secret":   {other, now, nil, http.StatusBadRequest},
		"signed six minutes ago":     {secret, now.Add(-6 * time.Minute), nil, http.StatusBadRequest},
		"altered":                    {secret, now, func(q *http.Request) { q.Header.Set("Webhook-Id", "evt_2") }, http.StatusBadRequest},
		"with a signature of no use": {secret, now, func(q *http.Request) { q.Header.Set("Webhook-Signature", "v1") }, http.StatusBadRequest},
		"without an id":              {secret, now, func(q *http.Request) { q.Header.Del("Webhook-Id") }, http.StatusBadRequest},
		"without a timestamp":        {secret, now, func(q *http.Request) { q.Header.Del("Webhook-Timestamp") }, http.StatusBadRequest},
		"without a signature":        {secret, now, func(q *http.Request) { q.Header.Del("Webhook-Signature") }, http.StatusBadRequest},
	} {
		if status := r.post(t, c.secret, c.at, c.change); status != c.want {
			t.Errorf("what is %s is answered with %d, want %d", what, status, c.want)
		}
	}
}

// post signs an event as standardwebhooks.com says and returns what is answered.
func (r *receiver) post(t *testing.T, secret string, at time.Time, change func(*http.Request)) int {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"id": "evt_1", "type": "link.updated", "data": {"id": "lnk_1", "name": "Köln ☕"}}`
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "evt_1.%d.%s", at.Unix(), body)
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Webhook-Id", "evt_1")
	q.Header.Set("Webhook-Timestamp", fmt.Sprint(at.Unix()))
	q.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if change != nil {
		change(q)
	}
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	Finish(res)
	return res.StatusCode
}

// receiver is a program of the page, in a folder with its library.
type receiver struct {
	dir, addr, url string
	command        []string
	stop           func() // ends the program that runs
	mu             sync.Mutex
	said           bytes.Buffer
}

// newReceiver prepares the page's program in a language: node, go or php.
func newReceiver(t *testing.T, page docsText, language string) *receiver {
	t.Helper()
	// Not in TMPDIR, which may be in memory, where nothing may be executed.
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-receiver")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{dir: dir, addr: FreeAddress(t), stop: func() {}}
	t.Cleanup(func() { r.stop(); _ = os.RemoveAll(dir) })
	r.url = "http://" + r.addr + "/webhooks"
	var files []string
	var name, words string
	var prepare []string
	switch language {
	case "node":
		files, name, words = []string{"testdata/receiver/package.json", "testdata/receiver/package-lock.json"}, "receiver.mjs", "createServer"
		prepare = []string{"npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"}
		r.command = []string{"node", name}
	case "go":
		files, name, words = []string{"clients/go.mod", "clients/go.sum"}, "receiver.go", "package main"
		prepare = []string{"go", "build", "-o", "receiver", name}
		r.command = []string{"./receiver"}
	case "php":
		// Without the settings of the machine, as where none are made: those show warnings to whoever asks.
		name, words = "receiver.php", "<?php"
		r.command = []string{"php", "-n", "-S", r.addr, name}
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(page.code(t, "webhooks-receive", words)), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(prepare) > 0 {
		c := exec.Command(prepare[0], prepare[1:]...)
		c.Dir, c.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(prepare, " "), err, out)
		}
	}
	return r
}

// Write takes what the program prints.
func (r *receiver) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.Write(p)
}

// start runs the program, and returns when it listens.
func (r *receiver) start(t *testing.T, secret string) {
	t.Helper()
	if !r.launch(t, secret) {
		t.Fatal("the receiver of the page does not listen")
	}
}

// launch runs the program and waits until it listens. It is false where it ends.
func (r *receiver) launch(t *testing.T, secret string) bool {
	t.Helper()
	_, port, err := net.SplitHostPort(r.addr)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(r.command[0], r.command[1:]...)
	c.Dir, c.Stdout, c.Stderr = r.dir, r, io.MultiWriter(r, t.Output())
	c.Env = append(os.Environ(), "WEBHOOK_SECRET="+secret, "PORT="+port)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	r.stop = func() { _ = c.Process.Kill(); <-ended }
	listens := false
	Eventually(20*time.Second, func() bool {
		select {
		case <-ended:
			return true
		default:
		}
		l, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", r.addr)
		if err == nil {
			listens = true
			l.Close()
		}
		return listens
	})
	return listens
}

// await waits until the program has believed an event that is about the id.
func (r *receiver) await(t *testing.T, event, id string) {
	t.Helper()
	came := Eventually(20*time.Second, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for line := range strings.Lines(r.said.String()) {
			if strings.Contains(line, event+" ") && strings.Contains(line, id) {
				return true
			}
		}
		return false
	})
	if !came {
		r.mu.Lock()
		defer r.mu.Unlock()
		t.Fatalf("%s of %s did not come; the receiver said:\n%s", event, id, r.said.String())
	}
}
