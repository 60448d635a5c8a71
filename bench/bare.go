package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite"
)

// page is what the bare handlers write: 6 KB.
var page = bytes.Repeat([]byte("smartlin"), 6*1024/8)

// measureBare measures what the machine gives without the product: a handler
// that only writes, and one that first commits a row. They are served by a process
// of their own, so that its processor time is theirs alone, and not the load's.
func measureBare(ctx context.Context, dir string, during time.Duration) (plain, recording figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return plain, recording, err
	}
	c := exec.CommandContext(ctx, self, "-bare", dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return plain, recording, err
	}
	if err := c.Start(); err != nil {
		return plain, recording, err
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return plain, recording, fmt.Errorf("start the bare handlers: %w", err)
	}
	address = "http://" + strings.TrimSpace(address)
	if plain, err = load(ctx, address+"/plain", connections, during); err != nil {
		return plain, recording, err
	}
	spent := spending(func() (time.Duration, error) { return ofProcess(c.Process.Pid) })
	recording, err = spent.during(func() (figures, error) { return load(ctx, address+"/", connections, during) })
	return plain, recording, err
}

// serveBare serves the bare handlers until the process is killed, and prints where.
func serveBare(ctx context.Context, dir string) error {
	// The product's own database is opened like this one.
	d, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	if _, err := d.ExecContext(ctx, `CREATE TABLE views (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent TEXT NOT NULL)`); err != nil {
		return err
	}
	rows := make(chan row)
	go commitInBatches(d, rows)
	mux := http.NewServeMux()
	mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		committed := make(chan error, 1)
		rows <- row{time.Now(), r.UserAgent(), committed}
		if err := <-committed; err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(page)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return http.Serve(l, mux)
}

type row struct {
	at        time.Time
	agent     string
	committed chan error
}

// commitInBatches commits what came while the last commit was under way.
func commitInBatches(d *sql.DB, rows chan row) {
	for first := range rows {
		batch := []row{first}
	collect:
		for len(batch) < 4*connections {
			select {
			case next, open := <-rows:
				if !open {
					break collect
				}
				batch = append(batch, next)
			default:
				break collect
			}
		}
		err := commit(d, batch)
		for _, r := range batch {
			r.committed <- err
		}
	}
}

func commit(d *sql.DB, batch []row) error {
	tx, err := d.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.Prepare(`INSERT INTO views (at, agent) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, r := range batch {
		if _, err := insert.Exec(r.at.UnixMicro(), r.agent); err != nil {
			return err
		}
	}
	return tx.Commit()
}
