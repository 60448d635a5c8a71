package tag

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// MaxName is how many characters the name of a tag may have.
const MaxName = 50

var nameRule = text.Rule{Most: MaxName, Required: true}

// maxAtOnce bounds how many tags one link or customer can carry.
const maxAtOnce = 50

// Create makes a tag. An empty Color picks one by the name. A name that exists
// already in the kind, in whatever case, is Invalid at the field "name".
func (s *Tags) Create(ctx context.Context, businessID business.ID, kind Kind, f Fields) (t Tag, err error) {
	t, err = draft(businessID, kind, f)
	if err != nil {
		return Tag{}, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		free, err := insert(ctx, tx, &t)
		if err == nil && !free {
			err = taken()
		}
		return err
	})
	if err != nil {
		return Tag{}, err
	}
	return t, nil
}

// FindOrCreate returns the tags with these names, in their order and without
// repetitions. Those that don't exist yet are made in the caller's transaction.
// Wrong names are an Invalid fault at the field "tags".
func (s *Tags) FindOrCreate(ctx context.Context, tx *db.Tx, businessID business.ID, kind Kind, names []string) ([]Tag, error) {
	if len(names) > maxAtOnce {
		var fields fault.Fields
		fields.Add("tags", "tags.many", "Use at most 50 tags.")
		return nil, fields.Err()
	}
	var folded []string
	drafts := map[string]Tag{}
	for _, name := range names {
		t, err := draft(businessID, kind, Fields{Name: name})
		if err != nil {
			return nil, atTags(err)
		}
		fold := text.Fold(t.Name)
		if _, again := drafts[fold]; !again {
			folded = append(folded, fold)
			drafts[fold] = t
		}
	}
	// Always in the same order, so that two transactions that make the same
	// tags never wait for each other.
	for _, fold := range slices.Sorted(slices.Values(folded)) {
		t, err := findOrInsert(ctx, tx, drafts[fold])
		if err != nil {
			return nil, err
		}
		drafts[fold] = t
	}
	tags := make([]Tag, len(folded))
	for i, fold := range folded {
		tags[i] = drafts[fold]
	}
	return tags, nil
}

// findOrInsert returns the tag of that name, or stores t. Tags are looked up
// first, because most exist and a refused insert would still lock.
func findOrInsert(ctx context.Context, tx *db.Tx, t Tag) (Tag, error) {
	found, err := byName(ctx, tx, t)
	if !errors.Is(err, db.ErrNoRows) {
		return found, err
	}
	free, err := insert(ctx, tx, &t)
	if err != nil || free {
		return t, err
	}
	return byName(ctx, tx, t) // another made it just now
}

// draft is a checked tag that is not stored yet.
func draft(businessID business.ID, kind Kind, f Fields) (Tag, error) {
	var wrong fault.Fields
	if kind != OfLinks && kind != OfCustomers {
		wrong.Add("kind", "tag.kind", "Choose a kind: link or customer.")
	}
	f.Name = nameRule.Clean("name", f.Name, wrong.Add)
	if f.Color == "" {
		f.Color = colorFor(f.Name)
	}
	checkColor(f.Color, &wrong)
	return Tag{BusinessID: businessID, Kind: kind, Fields: f}, wrong.Err()
}

func checkColor(color string, wrong *fault.Fields) {
	if !slices.Contains(Colors(), color) {
		wrong.Add("color", "tag.color", "Choose one of the colours that are offered.")
	}
}

// colorFor picks the same colour for the same name every time.
func colorFor(name string) string {
	h := fnv.New32a()
	h.Write([]byte(text.Fold(name)))
	colors := Colors()
	return colors[int(h.Sum32())%len(colors)]
}

// atTags tells the fault of one name at the field that holds them all.
func atTags(err error) error {
	var fields fault.Fields
	for _, f := range fault.Of(err).Fields {
		fields.Add("tags", f.Code, f.Message)
	}
	return fields.Err()
}

func taken() error {
	var fields fault.Fields
	fields.Add("name", "tag.taken", "There is a tag with this name already. Choose another name.")
	return fields.Err()
}

// Ensure returns the tag of the name, and makes it as the fields are when there is
// none. It is Create for forms in which the name may be one that exists.
func (s *Tags) Ensure(ctx context.Context, businessID business.ID, kind Kind, f Fields) (t Tag, err error) {
	t, err = draft(businessID, kind, f)
	if err != nil {
		return Tag{}, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		t, err = findOrInsert(ctx, tx, t)
		return err
	})
	return t, err
}
