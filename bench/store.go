package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// store is a database that is there for one measurement.
type store struct {
	engine string
	data   string // folder of the key, and of SQLite's file
	url    string // PostgreSQL's, "" for SQLite
	drop   func()
}

// newStore makes an empty database.
func newStore(ctx context.Context, engine, dir string) (store, error) {
	s := store{engine: engine, data: filepath.Join(dir, engine), drop: func() {}}
	if engine == "sqlite" {
		return s, nil
	}
	if engine != "postgresql" {
		return s, fmt.Errorf("there is no database %q; choose sqlite or postgresql", engine)
	}
	server := os.Getenv("SMARTLINKS_TEST_POSTGRES")
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return s, fmt.Errorf("reach the PostgreSQL that scripts/with-postgres.sh starts: %w", err)
	}
	name := "bench_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+name); err != nil {
		return s, err
	}
	s.drop = func() {
		ctx := context.WithoutCancel(ctx)
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			fmt.Fprintln(os.Stderr, "drop the database:", err)
		}
	}
	at, err := url.Parse(server)
	if err != nil {
		return s, err
	}
	at.Path = "/" + name
	s.url = at.String()
	return s, nil
}

// analyze gives PostgreSQL's planner its statistics, as autovacuum does within a minute: without,
// it takes tables that fill up for empty ones, and reads them from end to end.
func (s store) analyze(ctx context.Context) error {
	if s.url == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `ANALYZE`)
	return err
}

// flags tell the program where its database is.
func (s store) flags() []string {
	flags := []string{"--data", s.data}
	if s.url != "" {
		flags = append(flags, "--database", s.url)
	}
	return flags
}
