package link

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"

	"smartlinks/internal/fault"
	"smartlinks/internal/id"
)

// cursor is the row behind which a page starts, or before which it ends.
type cursor struct {
	Sort string `json:"s"`
	Key  string `json:"k"`
	ID   ID     `json:"i"`
	Back bool   `json:"b,omitempty"`
}

// String is the cursor as it travels in URLs.
func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and a bool are always written
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// number is the value of a numeric key. parseCursor has checked it.
func (c cursor) number() int64 {
	n, _ := strconv.ParseInt(c.Key, 10, 64)
	return n
}

// parseCursor reads a cursor that was made for the same order.
func parseCursor(s string, o order) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	var c cursor
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	_, notNumber := strconv.ParseInt(c.Key, 10, 64)
	isText := slices.Contains(textKeys, o.name)
	if err != nil || c.Sort != o.String() || !id.Valid("lnk", string(c.ID)) || !isText && notNumber != nil {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor belongs to another list. Start again without it.")
		return cursor{}, wrong.Err()
	}
	return c, nil
}
