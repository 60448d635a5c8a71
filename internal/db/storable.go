package db

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// storable are the arguments of a statement in a form that means the same on both
// engines. Anybody can put a NUL, or bytes that are no UTF-8, into an address, and others'
// servers into their answers: PostgreSQL refuses them, and for SQLite a LIKE pattern ends
// at a NUL. U+FFFD is stored in their place, and asked for.
func storable(args []any) []any {
	for i, a := range args {
		text, ok := a.(string)
		if !ok {
			v := reflect.ValueOf(a)
			if v.Kind() != reflect.String {
				continue
			}
			text = v.String()
		}
		if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
			continue
		}
		args = slices.Clone(args) // they are the caller's
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
	}
	return args
}

// OrNull is NULL for an empty id, as foreign keys need it.
func OrNull[T ~string](id T) *T {
	if id == "" {
		return nil
	}
	return &id
}
