package link

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/gosimple/slug"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// MaxPath is the length of a path in characters.
const MaxPath = 80

// reserved words would hide a page of the business.
var reserved = []string{"api", "embed", "link", "new", "pay", "qr", "receipt", "settings", "shop", "terms", "privacy"}

var validPath = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// guessable paths are found by anyone who tries; a number behind them does not
// help.
var guessable = regexp.MustCompile(`^(test|temp|tmp|demo|link|pay|payment|sale|a|b|x|abc|new-?link|untitled)-?\d*$`)

// GuessablePath reports whether strangers would find the path by trying. It is
// reason for a warning, not for an error.
func GuessablePath(path string) bool { return guessable.MatchString(strings.ToLower(path)) }

// trimPath is a path without what came along when it was pasted: blanks, and marks
// that show nothing.
func trimPath(path string) string {
	return strings.TrimFunc(path, func(c rune) bool { return unicode.IsSpace(c) || unicode.Is(unicode.Cf, c) })
}

// checkPath notes what is wrong with a path's form.
func checkPath(path string, wrong *fault.Fields) {
	switch {
	case path == "":
		wrong.Add("path", "path.missing", "Enter an address, or leave it out to have one made from the name.")
	case len(path) > MaxPath:
		wrong.Add("path", "path.long", fmt.Sprintf("Use at most %d characters; this has %d.", MaxPath, len([]rune(path))))
	case !validPath.MatchString(path):
		wrong.Add("path", "path.form", "Use letters, digits and hyphens, and start with a letter.")
	case slices.Contains(reserved, strings.ToLower(path)):
		wrong.Add("path", "path.reserved", "“"+path+"” is a page of its own. Choose another address.")
	}
}

// SuggestPath makes a path from a name in any script, by the rules of a language: "Summer Sale
// Promotion" is summer-sale-promotion, and a German "Frühstück" fruehstueck. It always returns a
// valid one.
func SuggestPath(name, language string) string {
	path := strings.Trim(strings.ReplaceAll(slug.MakeLang(name, language), "_", "-"), "-")
	switch {
	case path == "":
		path = "payment" // nothing of the name can stand in an address
	case path[0] < 'a' || path[0] > 'z' || slices.Contains(reserved, path):
		path = "link-" + path
	}
	return cut(path, MaxPath)
}

// numbered is the path with a number behind it, within the length: -2, -3 ….
func numbered(path string, n int) string {
	suffix := fmt.Sprintf("-%d", n)
	return cut(path, MaxPath-len(suffix)) + suffix
}

// cut shortens a path, at the end of a word where one is near.
func cut(path string, most int) string {
	if len(path) <= most {
		return path
	}
	whole := path[most] == '-'
	path = path[:most]
	if end := strings.LastIndexByte(path, '-'); !whole && end > most/2 {
		path = path[:end]
	}
	return strings.TrimRight(path, "-")
}

// CheckPath says whether the link (an empty id for a new one) may have the
// path. What is wrong is an Invalid fault at the field "path".
func (s *Links) CheckPath(ctx context.Context, businessID business.ID, path string, except ID) error {
	var wrong fault.Fields
	path = trimPath(path)
	checkPath(path, &wrong)
	if len(wrong) > 0 {
		return wrong.Err()
	}
	taken, err := pathTaken(ctx, s.db, businessID, path, except)
	if err != nil || !taken {
		return err
	}
	return s.takenPath(ctx, s.db, businessID, path)
}

// FreePath is the path made from a name that a new link would get now.
func (s *Links) FreePath(ctx context.Context, b business.Business, name string) (string, error) {
	return freePath(ctx, s.db, b.ID, SuggestPath(name, b.Locale))
}

// takenPath is the fault for a path that another link has, with one that is free.
func (s *Links) takenPath(ctx context.Context, r db.Reader, businessID business.ID, path string) error {
	free, err := freePath(ctx, r, businessID, path)
	if err != nil {
		return err
	}
	var wrong fault.Fields
	wrong.Add("path", "path.taken", "Another link has this address. “"+free+"” is free.")
	return wrong.Err()
}

// WithPath is the link that has the path now, "" when none has. Old paths don't
// count.
func (s *Links) WithPath(ctx context.Context, r db.Reader, businessID business.ID, path string) (id ID, err error) {
	err = r.Get(ctx, &id, `SELECT id FROM links WHERE business_id = $1 AND path = $2 AND deleted_at IS NULL`, businessID, path)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func pathTaken(ctx context.Context, r db.Reader, businessID business.ID, path string, except ID) (bool, error) {
	var taken bool
	err := r.Get(ctx, &taken, `
		SELECT EXISTS (SELECT 1 FROM links WHERE business_id = $1 AND path = $2 AND id <> $3 AND deleted_at IS NULL)`,
		businessID, path, except)
	return taken, err
}

// freePath is the path, or the first with a number that no link has. Another
// may take it meanwhile; the unique index decides.
func freePath(ctx context.Context, r db.Reader, businessID business.ID, path string) (string, error) {
	for n := 1; ; n++ {
		candidate := path
		if n > 1 {
			candidate = numbered(path, n)
		}
		taken, err := pathTaken(ctx, r, businessID, candidate, "")
		if err != nil || !taken {
			return candidate, err
		}
	}
}
