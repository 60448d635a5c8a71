package db_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// Why tables have no business.
const (
	people   = "people, who may be members of several businesses: they stay undistributed"
	aServer  = "what a server or an installation needs for itself: each shard has its own"
	ofParent = "rows of a table that has it, by its id"
)

// withoutBusiness are the tables of no business, and why.
var withoutBusiness = map[string]string{
	"users": people, "sessions": people, "sign_ins": people, "passkeys": people, "recovery_codes": people, "mailed_links": people,
	"trusted_browsers": people, "oauth_clients": people,
	"businesses": "it is the business", "send_batch_members": ofParent,
	"installation": aServer, "moves": aServer, "moved_tables": aServer, "goose_db_version": aServer, "processes": aServer, "process_notices": aServer,
	"certificate_files": aServer, "certificate_locks": aServer, "throttles": aServer, "visitors": aServer, "visitor_salts": aServer, "push_keys": aServer,
	"mailbox": aServer, "sandbox_payments": aServer, "sandbox_refunds": aServer, "sandbox_disputes": aServer, "sandbox_webhooks": aServer,
}

// oneOfAll are keys over names that nobody else may have in the whole installation, so
// that they stay undistributed as well.
var oneOfAll = []string{"domains_owner", "old_handles_pkey"}

// ownID is a column that begins a key because it names one thing of one business: an id
// or a token, made of the time and randomness, so that shards never make it twice.
var ownID = regexp.MustCompile(`^(id|[a-z]+_id|hash|token|[a-z]+_token)$`)

// The schema can be distributed by business: every table says whose its rows are, and every
// key has the business in it or begins with what is one business's alone.
func TestTheSchemaCanBeDistributedByBusiness(t *testing.T) {
	d := dbtest.PostgreSQL(t)
	var tables []struct {
		Name string
		Has  bool
	}
	query(t, d, &tables, `SELECT c.relname AS name, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'business_id' AND a.attnotnull) AS has
		FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = CAST('public' AS regnamespace)`)
	if len(tables) < 60 {
		t.Fatalf("only %d tables are found", len(tables))
	}
	for _, table := range tables {
		why, may := withoutBusiness[table.Name]
		if !table.Has && !may {
			t.Errorf("%s has no business_id that is never null; give it one, or say here why not", table.Name)
		}
		if table.Has && may {
			t.Errorf("%s has a business_id, and is listed: %s", table.Name, why)
		}
	}
	var keys []struct{ Name, Table, Columns string }
	query(t, d, &keys, `SELECT i.relname AS name, c.relname AS table, string_agg(a.attname, ' ' ORDER BY array_position(CAST(x.indkey AS int2[]), a.attnum)) AS columns
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (CAST(x.indkey AS int2[]))
		WHERE x.indisunique AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = CAST('public' AS regnamespace) GROUP BY 1, 2`)
	seen := 0
	for _, key := range keys {
		columns := strings.Fields(key.Columns)
		if _, may := withoutBusiness[key.Table]; may || slices.Contains(columns, "business_id") {
			continue
		}
		if slices.Contains(oneOfAll, key.Name) {
			seen++
			continue
		}
		if !ownID.MatchString(columns[0]) {
			t.Errorf("the key %s of %s (%s) has no business in it; two shards could both have such a row", key.Name, key.Table, key.Columns)
		}
	}
	if seen != len(oneOfAll) {
		t.Errorf("%d of %q are there", seen, oneOfAll)
	}
}

func query(t *testing.T, d *db.DB, into any, statement string) {
	t.Helper()
	if err := d.Select(t.Context(), into, statement); err != nil {
		t.Fatal(err)
	}
}
