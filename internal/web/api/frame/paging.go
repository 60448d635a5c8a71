package frame

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// PageIn is the part of a short list that was asked for, and the cursor of the
// next, empty at the end. Lists that a business has few of are read whole; they
// are told in pages all the same, because a program walks every list alike. The
// key orders the rows and no two share one; a cursor holds the last one told, so
// that rows may come and go between two pages.
func PageIn[R any](name string, rows []R, in Paging, key func(R) string) (page []R, next string, err error) {
	slices.SortFunc(rows, func(a, b R) int { return cmp.Compare(key(a), key(b)) })
	if in.Cursor != "" {
		last, err := lastOf(name, in.Cursor)
		if err != nil {
			return nil, "", err
		}
		behind := slices.IndexFunc(rows, func(r R) bool { return key(r) > last })
		if behind < 0 {
			behind = len(rows)
		}
		rows = rows[behind:]
	}
	if len(rows) <= in.Limit {
		return rows, "", nil
	}
	rows = rows[:in.Limit]
	return rows, base64.RawURLEncoding.EncodeToString([]byte(name + "\n" + key(rows[in.Limit-1]))), nil
}

func lastOf(name, cursor string) (string, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	last, ours := strings.CutPrefix(string(text), name+"\n")
	if err != nil || !ours {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor belongs to another list. Start again without it.")
		return "", wrong.Err()
	}
	return last, nil
}
