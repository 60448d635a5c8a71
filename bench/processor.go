package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// spending tells what processes that serve together have taken of the processor so far.
// That is steady where other work takes the machine's time, and rates are not.
type spending func() (time.Duration, error)

// tick is the unit of /proc/PID/stat on Linux.
const tick = time.Second / 100

// during measures what they take for each answer of the work.
func (s spending) during(work func() (figures, error)) (figures, error) {
	before, err := s()
	if err != nil {
		return figures{}, err
	}
	f, err := work()
	if err != nil {
		return f, err
	}
	after, err := s()
	f.processor = (after - before) / time.Duration(f.answers)
	return f, err
}

// stat is what the kernel tells of a process: proc(5).
type stat struct {
	parent    int
	processor time.Duration
}

func statOf(pid int) (s stat, err error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return s, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 15 {
		return s, errors.New("/proc/PID/stat is not as proc(5) tells")
	}
	s.parent, err = strconv.Atoi(fields[1])
	for _, field := range fields[11:15] { // its own, user and system, and its ended children's
		n, _ := strconv.ParseInt(field, 10, 64)
		s.processor += time.Duration(n) * tick
	}
	return s, err
}

// ofProcess is what one process takes, and those of its children that have ended.
func ofProcess(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	return s.processor, err
}

// spending is what the product takes and, beside PostgreSQL, the server and all of its
// processes.
func (p *product) spending(ctx context.Context, s store) (sum time.Duration, err error) {
	if sum, err = ofProcess(p.process.Process.Pid); err != nil || s.url == "" {
		return sum, err
	}
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	var own int
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&own); err != nil {
		return 0, err
	}
	backend, err := statOf(own)
	if err != nil {
		return 0, fmt.Errorf("the server's processes are not on this machine: %w", err)
	}
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil || pid == own {
			continue
		}
		if of, err := statOf(pid); err == nil && (pid == backend.parent || of.parent == backend.parent) {
			sum += of.processor
		}
	}
	return sum, nil
}
