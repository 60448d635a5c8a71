package db

import "testing"

func TestArgumentsInOrderLoseTheirNames(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`: `SELECT 1`,
		`INSERT INTO t VALUES ($1, $2), ($3, $4)`:        `INSERT INTO t VALUES (?, ?), (?, ?)`,
		`UPDATE t SET a = $1 WHERE b = $1`:               `UPDATE t SET a = $1 WHERE b = $1`,
		`UPDATE t SET a = $2 WHERE b = $1`:               `UPDATE t SET a = $2 WHERE b = $1`,
		`SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10`: `SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`,
	} {
		if got := unnamed(query); got != want {
			t.Errorf("%s became %s", query, got)
		}
	}
}
