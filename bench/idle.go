package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// reminded is how many customers wait for a reminder of tomorrow.
	reminded = 100
	// untilIdle is how long a process keeps an eye on its memory after the last request.
	untilIdle = 15 * time.Second
)

// measureIdle measures a server that nobody asks anything, with many links and reminders
// that fall due tomorrow, and how long it takes to wake up.
func (p plan) measureIdle(ctx context.Context, t *table, s store, m *product) error {
	if p.idle == 0 {
		return nil
	}
	progress("%s: rest", s.engine)
	link, customer, err := m.remindTomorrow(ctx, reminded)
	if err != nil {
		return err
	}
	if err := pause(ctx, untilIdle); err != nil {
		return err
	}
	before, err := m.usage()
	if err != nil {
		return err
	}
	if err := pause(ctx, p.idle); err != nil {
		return err
	}
	after, err := m.usage()
	if err != nil {
		return err
	}
	seconds := p.idle.Seconds()
	t.row("idle, processor", "< 0.3 % of a core", fmt.Sprintf("%.2f %%", 100*(after.processor-before.processor).Seconds()/seconds))
	t.row("idle, wake-ups of its threads", "< 20 /s", fmt.Sprintf("%.1f /s", float64(after.switches-before.switches)/seconds))
	begin := time.Now()
	if err := m.api(ctx, m.merchant, "/links/"+link+"/send", map[string]any{"channels": []string{"email"}, "customer_id": customer, "message": "Wake up: {link}"}, &struct{}{}); err != nil {
		return err
	}
	if err := m.awaitMail(ctx, "Wake up"); err != nil {
		return err
	}
	t.row("first mail after that, queued to delivered", "< 1000 ms", milliseconds(time.Since(begin)))
	return nil
}

// remindTomorrow sends a link that reminds daily to n customers, and returns it and one
// of them.
func (m *product) remindTomorrow(ctx context.Context, n int) (link, customer string, err error) {
	var made struct{ ID string }
	for i := range n {
		if err := m.api(ctx, m.merchant, "/customers", map[string]any{
			"name": fmt.Sprintf("Customer %d", i), "email": fmt.Sprintf("customer%d@example.com", i), "tags": []string{"Idle"},
		}, &made); err != nil {
			return "", "", err
		}
	}
	customer = made.ID
	if err := m.api(ctx, m.merchant, "/links", map[string]any{
		"name": "Idle", "type": "amount", "amount": map[string]string{"value": "49.00", "currency": "EUR"},
		"reminders": map[string]any{"frequency": "daily", "max": 5},
	}, &made); err != nil {
		return "", "", err
	}
	err = m.api(ctx, m.merchant, "/links/"+made.ID+"/send", map[string]any{"channels": []string{"email"}, "tag": "Idle"}, &struct{}{})
	if err == nil {
		err = m.awaitMail(ctx, fmt.Sprintf("customer%d@example.com", n-1))
	}
	return made.ID, customer, err
}

// awaitMail waits until the mailbox of test mode has a message with the text.
func (m *product) awaitMail(ctx context.Context, text string) error {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		page, err := get(ctx, http.DefaultClient, m.url+"/mailbox.json")
		if err != nil {
			return err
		}
		if strings.Contains(string(page), text) {
			return nil
		}
	}
	return fmt.Errorf("no mail with %q came within 30 s", text)
}

// usage is what a process has used so far.
type usage struct {
	processor time.Duration
	switches  int64 // of its threads, voluntary and not
}

func (p *product) usage() (u usage, err error) {
	pid := p.process.Process.Pid
	of, err := statOf(pid)
	if err != nil {
		return u, err
	}
	u.processor = of.processor
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, thread := range threads {
		u.switches += switches(thread)
	}
	return u, err
}

// switches are those of a thread that may have ended.
func switches(status string) (n int64) {
	f, err := os.Open(status)
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, _ := strings.Cut(s.Text(), ":"); strings.HasSuffix(name, "voluntary_ctxt_switches") {
			count, _ := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			n += count
		}
	}
	return n
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
