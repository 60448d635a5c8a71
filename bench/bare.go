package main

import (
	"bytes"
	"context"
	"database/sql"
	"net"
	"net/http"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"
)

// page is what the bare handlers write: 6 KB.
var page = bytes.Repeat([]byte("smartlin"), 6*1024/8)

// measureBare measures what the machine gives without the product: a handler
// that only writes, and one that first commits a row.
func measureBare(ctx context.Context, dir string, during time.Duration) (plain, recording figures, err error) {
	plain, err = measureHandler(ctx, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) }), during)
	if err != nil {
		return plain, recording, err
	}
	// The product's own database is opened like this one.
	d, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return plain, recording, err
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	if _, err := d.ExecContext(ctx, `CREATE TABLE views (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent TEXT NOT NULL)`); err != nil {
		return plain, recording, err
	}
	rows := make(chan row)
	defer close(rows)
	go commitInBatches(d, rows)
	recording, err = measureHandler(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		committed := make(chan error, 1)
		rows <- row{time.Now(), r.UserAgent(), committed}
		if err := <-committed; err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(page)
	}), during)
	return plain, recording, err
}

func measureHandler(ctx context.Context, h http.Handler, during time.Duration) (figures, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return figures{}, err
	}
	s := &http.Server{Handler: h}
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	return load(ctx, "http://"+l.Addr().String()+"/", connections, during)
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
