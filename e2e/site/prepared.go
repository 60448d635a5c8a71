package site

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// prepared is an installation that the program has set up and nobody has used: tests begin
// with a copy of it, because setting one up takes longer than most of them.
type prepared struct {
	Site
	folder   string // of its key, and of SQLite's file
	server   string // where its database is a template; "" with SQLite
	database string
}

var (
	// templates are the prepared installations of this process, by their server.
	templates   = map[string]*prepared{}
	templatesMu sync.Mutex
	// empty are the databases that NewDatabase made and nobody has set up, by their URL.
	empty sync.Map
)

// prepare sets an installation up, the first time that one on the server is asked for.
// server is "" for SQLite.
func prepare(server string) (*prepared, error) {
	templatesMu.Lock()
	defer templatesMu.Unlock()
	if p := templates[server]; p != nil {
		return p, nil
	}
	folder, err := os.MkdirTemp("", "smartlinks-prepared")
	if err != nil {
		return nil, err
	}
	p := &prepared{Site: Site{Store: []string{"--data", folder}}, folder: folder, server: server}
	templates[server] = p
	if server != "" {
		p.database = "e2e_prepared_" + strings.ToLower(rand.Text())
		if err := execute(server, "CREATE DATABASE "+p.database); err != nil {
			return nil, err
		}
		p.Store = append(p.Store, "--database", inDatabase(server, p.database))
	}
	return p, p.setUp()
}

// copy makes an installation like it in a folder without one, and in an empty database.
func (p *prepared) copy(folder, database string) error {
	files, err := os.ReadDir(p.folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(p.folder, f.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, f.Name()), content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	if p.server == "" {
		return nil
	}
	if err := execute(p.server, "DROP DATABASE "+database); err != nil {
		return err
	}
	return execute(p.server, "CREATE DATABASE "+database+" TEMPLATE "+p.database)
}

// dropPrepared leaves nothing of the prepared installations.
func dropPrepared() (err error) {
	for _, p := range templates {
		err = errors.Join(err, os.RemoveAll(p.folder))
		if p.server != "" {
			err = errors.Join(err, execute(p.server, "DROP DATABASE IF EXISTS "+p.database))
		}
	}
	return err
}

func execute(server, statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
