package dbtest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
)

// Schema is everything that the database's schema says, in lines of which equal
// ones mean the same: columns with type, nullability and default, keys, checks,
// indexes. What PostgreSQL's partitions are is left out: they differ by month.
func Schema(tb testing.TB, d *db.DB) (lines []string) {
	tb.Helper()
	queries := sqliteSchema
	if d.Engine() == db.PostgreSQL {
		queries = postgresSchema
	}
	for _, query := range queries {
		var some []string
		if err := d.Select(context.Background(), &some, query); err != nil {
			tb.Fatalf("read the schema: %v", err)
		}
		lines = append(lines, some...)
	}
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(sqlComment.ReplaceAllString(lines[i], "")), " ")
	}
	if d.Engine() == db.SQLite {
		lines = partsOfTables(lines)
	}
	slices.Sort(lines)
	return lines
}

// partsOfTables makes a line of each column and constraint of SQLite's tables: a column that
// was added stands at another place than one that was always there.
func partsOfTables(lines []string) (parts []string) {
	for _, line := range lines {
		table, rest, isTable := strings.Cut(line, ": CREATE TABLE ")
		from, to := strings.Index(rest, "("), strings.LastIndex(rest, ")")
		if !isTable || from < 0 || to < 0 {
			parts = append(parts, line)
			continue
		}
		depth, part := 0, ""
		for _, r := range rest[from+1:to] + "," {
			switch {
			case r == '(':
				depth++
			case r == ')':
				depth--
			case r == ',' && depth == 0:
				part = strings.NewReplacer("( ", "(", " )", ")", `"`, "").Replace(strings.TrimSpace(part))
				parts, part = append(parts, table+": "+part), ""
				continue
			}
			part += string(r)
		}
	}
	return parts
}

// CompareSchemas tells of each line that only one of two schemas has.
func CompareSchemas(tb testing.TB, got, want []string) {
	tb.Helper()
	for _, line := range got {
		if !slices.Contains(want, line) {
			tb.Errorf("the schema has, unlike that of a fresh database:\n%s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			tb.Errorf("the schema lacks what that of a fresh database has:\n%s", line)
		}
	}
}

var sqlComment = regexp.MustCompile(`--[^\n]*`)

// sqliteSchema: SQLite keeps the statements themselves.
var sqliteSchema = []string{
	`SELECT type || ' ' || name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'`,
}

const ourTables = ` FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' `

var postgresSchema = []string{
	`SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
		|| COALESCE(' DEFAULT ' || pg_get_expr(e.adbin, e.adrelid), '') || ' ' || CAST(a.attidentity AS TEXT) || CAST(a.attgenerated AS TEXT)` + ourTables + `
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef e ON e.adrelid = c.oid AND e.adnum = a.attnum
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition`,
	`SELECT c.relname || ' ' || o.conname || ': ' || pg_get_constraintdef(o.oid)` + ourTables + `
		JOIN pg_constraint o ON o.conrelid = c.oid WHERE NOT c.relispartition`,
	`SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END` + ourTables + `
		JOIN pg_index i ON i.indrelid = c.oid WHERE NOT c.relispartition`,
	`SELECT c.relname || ' ' || pg_get_triggerdef(g.oid)` + ourTables + `
		JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal WHERE NOT c.relispartition`,
	`SELECT t.typname || ' = ' || e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid`,
	`SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public' WHERE p.prokind = 'f'`,
	`SELECT 'sequence ' || c.relname` + ourTables + `WHERE c.relkind = 'S' AND c.relname NOT LIKE 'goose%'`,
}
