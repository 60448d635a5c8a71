package db

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/dbscan"
)

// Columns are the columns of one table that the fields of R stand for, so that a new
// field is named once. They have the names by which rows are scanned: that of the
// field in snake case, or the one of its `db` tag; "-" is no column. Structs that are
// embedded, or tagged ",inline", count as if their fields were here, others as if their
// fields had the name of the struct before theirs: Limit.Max is limit_max.
//
// Behind a comma, a tag says more of its column:
//
//	null  an empty string or a zero is NULL
//	once  written by Insert alone: what never changes
//	read  never written by either: what statements count up themselves
//	write not read: what is only searched by
//
// A time.Time, or a pointer to one, is stored as Time is.
type Columns[R any] struct{ all []column }

type column struct {
	name    string
	index   []int // of the field, for reflect
	zero    string
	options []string
}

func (c column) is(option string) bool { return slices.Contains(c.options, option) }

// ColumnsOf reads the fields of R. It panics when one is of a type that no column
// can hold, or its tag says what it does not know.
func ColumnsOf[R any]() Columns[R] {
	all := columnsOf(reflect.TypeFor[R](), "", nil)
	names := map[string]bool{}
	for _, one := range all {
		if names[one.name] {
			panic(fmt.Sprintf("db: two fields of %s are the column %s", reflect.TypeFor[R](), one.name))
		}
		names[one.name] = true
	}
	return Columns[R]{all}
}

// List are the columns to select from a table that the statement calls so, or not at
// all with "", as RETURNING wants it.
func (c Columns[R]) List(table string) string {
	if table != "" {
		table += "."
	}
	var list []string
	for _, one := range c.all {
		switch {
		case one.is("write"):
		case one.is("null"):
			list = append(list, fmt.Sprintf("COALESCE(%s%s, %s) AS %s", table, one.name, one.zero, one.name))
		default:
			list = append(list, table+one.name)
		}
	}
	return strings.Join(list, ", ")
}

// Insert is what stands behind INSERT INTO and the table: "(id, name) VALUES ($1, $2)",
// with the values of each row, and the arguments.
func (c Columns[R]) Insert(rows ...R) (into string, arguments []any) {
	var names []string
	for _, one := range c.all {
		if !one.is("read") {
			names = append(names, one.name)
		}
	}
	values := make([]string, len(rows))
	for i, row := range rows {
		values[i] = "(" + In(len(names), len(arguments)+1) + ")"
		for _, one := range c.all {
			if !one.is("read") {
				arguments = append(arguments, one.argument(row))
			}
		}
	}
	return "(" + strings.Join(names, ", ") + ") VALUES " + strings.Join(values, ", "), arguments
}

// Set is what stands behind UPDATE … SET: "name = $3, notes = $4", and all arguments
// of the statement: those that it uses beside, which are $1, $2 …, and then the
// columns'.
func (c Columns[R]) Set(row R, beside ...any) (set string, arguments []any) {
	arguments = slices.Clone(beside)
	var changes []string
	for _, one := range c.all {
		if one.is("read") || one.is("once") {
			continue
		}
		arguments = append(arguments, one.argument(row))
		changes = append(changes, fmt.Sprintf("%s = $%d", one.name, len(arguments)))
	}
	return strings.Join(changes, ", "), arguments
}

// Stored is what Set would write of the row, for Same. What is done to the row later, also
// through its pointers, changes nothing of it.
func (c Columns[R]) Stored(row R) []any {
	_, arguments := c.Set(row)
	for i, one := range arguments {
		at := reflect.ValueOf(one)
		if at.Kind() == reflect.Pointer && at.IsNil() {
			continue
		}
		if value, is := one.(driver.Valuer); is {
			if v, err := value.Value(); err == nil { // one that can't be stored is as it is
				one = v
			}
		} else if at.Kind() == reflect.Pointer {
			one = at.Elem().Interface()
		}
		arguments[i] = one
	}
	return arguments
}

// Same reports whether Set would write of the row what was stored.
func (c Columns[R]) Same(stored []any, row R) bool { return reflect.DeepEqual(stored, c.Stored(row)) }

// argument is the column's value in a row, as it is stored.
func (c column) argument(row any) any {
	value := reflect.ValueOf(row).FieldByIndex(c.index)
	if c.is("null") && value.IsZero() {
		return nil
	}
	switch at := value.Interface().(type) {
	case time.Time:
		return At(at)
	case *time.Time:
		return AtPtr(at)
	default:
		return at
	}
}

// columnsOf are the columns of a struct, with the prefix before their names.
func columnsOf(row reflect.Type, prefix string, index []int) (all []column) {
	for i := range row.NumField() {
		field := row.Field(i)
		tag, tagged := field.Tag.Lookup("db")
		name, options, _ := strings.Cut(tag, ",")
		if name == "-" || !field.IsExported() && !field.Anonymous {
			continue
		}
		if !tagged && !field.Anonymous {
			name = dbscan.SnakeCaseMapper(field.Name)
		}
		if name != "" && prefix != "" {
			name = prefix + separator + name
		}
		at := append(slices.Clone(index), field.Index...)
		if isStruct(field.Type) {
			if name == "" {
				name = prefix
			}
			all = append(all, columnsOf(field.Type, name, at)...)
			continue
		}
		one := column{name: name, index: at, zero: zero(field.Type)}
		if options != "" {
			one.options = strings.Split(options, ",")
		}
		if err := one.check(field.Type); err != nil {
			panic(fmt.Sprintf("db: the field %s of %s %s", field.Name, row, err))
		}
		all = append(all, one)
	}
	return all
}

// isStruct reports whether a field is a struct of fields, not a value of its own.
func isStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() && !reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]())
}

func (c column) check(t reflect.Type) error {
	if c.name == "" {
		return fmt.Errorf("has no name")
	}
	for _, option := range c.options {
		if !slices.Contains([]string{"null", "once", "read", "write"}, option) {
			return fmt.Errorf("has the option %q, which there is not", option)
		}
	}
	if c.is("null") && c.zero == "" {
		return fmt.Errorf("can't be NULL when it is empty: it is no text and no number")
	}
	if t.Kind() == reflect.Pointer && isStruct(t.Elem()) {
		return fmt.Errorf(`points to a struct; tag it "-"`)
	}
	return nil
}

// zero is the empty value of a type in SQL, "" for those that have none here.
func zero(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "''"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "0"
	}
	return ""
}
