package move

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// kind is what a column holds, told by PostgreSQL's type. The two engines hand the same
// value over as different types of Go.
type kind string

const (
	integer kind = "integer"
	boolean kind = "boolean"
	text    kind = "text"
	octets  kind = "bytea"
)

// kinds are the types of PostgreSQL that the schema uses.
var kinds = map[string]kind{"int8": integer, "int4": integer, "int2": integer, "bool": boolean, "text": text, "bytea": octets}

// table is one that both sides have.
type table struct {
	name    string
	columns []string
	kinds   []kind
	key     []string // its primary key, by which rows are ordered on both sides
}

// keyPlaces gathers the columns of primary keys: by table, by their place in the key.
type keyPlaces map[string]map[int]string

func (k keyPlaces) add(table string, place int, column string) {
	if k[table] == nil {
		k[table] = map[int]string{}
	}
	k[table][place] = column
}

func (k keyPlaces) into(tables map[string]table) {
	for name, columns := range k {
		t := tables[name]
		for _, place := range slices.Sorted(maps.Keys(columns)) {
			t.key = append(t.key, columns[place])
		}
		tables[name] = t
	}
}

// left are the tables that are each side's own.
var left = []string{"goose_db_version", "moves", "moved_tables", "processes", "process_notices"}

// shared are the tables to move, by name. Both sides must have the same ones.
func shared(ctx context.Context, from, to engine) ([]table, error) {
	a, err := from.tables(ctx)
	if err != nil {
		return nil, err
	}
	b, err := to.tables(ctx)
	if err != nil {
		return nil, err
	}
	for name := range b {
		if _, both := a[name]; !both {
			return nil, fmt.Errorf("only one side has the table %s", name)
		}
	}
	var tables []table
	for _, name := range slices.Sorted(maps.Keys(a)) {
		x, y := a[name], b[name]
		if !slices.Equal(slices.Sorted(slices.Values(x.columns)), slices.Sorted(slices.Values(y.columns))) {
			return nil, fmt.Errorf("the table %s differs: %v and %v", name, x.columns, y.columns)
		}
		if len(x.key) == 0 {
			return nil, fmt.Errorf("the table %s has no key to order its rows by", name)
		}
		if x.kinds == nil { // only PostgreSQL tells them
			x = table{name, y.columns, y.kinds, x.key}
		}
		tables = append(tables, x)
	}
	return tables, nil
}

// list is columns as a statement names them.
func list(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }

// fit turns values into those of their kinds: int64, bool, string, []byte, or nil.
func (t table) fit(row []any) error {
	for i, v := range row {
		fitted, ok := t.kinds[i].fit(v)
		if !ok {
			return fmt.Errorf("the column %s holds %T where %s belongs", t.columns[i], v, t.kinds[i])
		}
		row[i] = fitted
	}
	return nil
}

func (k kind) fit(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case int64:
		if k == boolean {
			return v != 0, v == 0 || v == 1
		}
		return v, k == integer
	case int32:
		return int64(v), k == integer
	case int16:
		return int64(v), k == integer
	case bool:
		return v, k == boolean
	case string:
		if k == octets {
			return []byte(v), true
		}
		return v, k == text
	case []byte:
		if k == text {
			return string(v), true
		}
		return slices.Clone(v), k == octets
	}
	return v, false
}

// sum is what two equal tables have in common.
type sum struct {
	rows int64
	sums map[string]int64 // of money, by column
	hash []byte           // of all values, in the order of the key
}

// differs says how two tables are not the same, or "".
func (s sum) differs(other sum) string {
	if s.rows != other.rows {
		return fmt.Sprintf("%d rows, and %d in the copy", s.rows, other.rows)
	}
	for column, a := range s.sums {
		if b := other.sums[column]; a != b {
			return fmt.Sprintf("%s adds up to %d, and to %d in the copy", column, a, b)
		}
	}
	if !slices.Equal(s.hash, other.hash) {
		return "rows with other values in the copy"
	}
	return ""
}

// summed reads a whole table.
func summed(ctx context.Context, side engine, t table) (sum, error) {
	s := sum{sums: map[string]int64{}}
	h := sha256.New()
	err := side.read(ctx, t, 0, func(row []any) error {
		s.rows++
		for i, v := range row {
			if n, ok := v.(int64); ok && strings.HasSuffix(t.columns[i], "_minor") {
				s.sums[t.columns[i]] += n
			}
			write(h, v)
		}
		return nil
	})
	s.hash = h.Sum(nil)
	return s, err
}

// write hashes a value so that no two rows of different values look alike: a letter for
// its kind, its length, its bytes.
func write(h hash.Hash, v any) {
	letter, value := byte('n'), []byte(nil)
	switch v := v.(type) {
	case int64:
		letter, value = 'i', strconv.AppendInt(nil, v, 10)
	case bool:
		letter, value = 'b', strconv.AppendBool(nil, v)
	case string:
		letter, value = 's', []byte(v)
	case []byte:
		letter, value = 'x', v
	}
	head := binary.AppendUvarint([]byte{letter}, uint64(len(value)))
	h.Write(head)
	h.Write(value)
}
