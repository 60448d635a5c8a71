// Package migrations holds the schema's history, in the order of the files'
// numbers, written once for both engines.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
