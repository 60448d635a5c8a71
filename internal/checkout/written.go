package checkout

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// written are rules as files have them: with the members of the API, amounts as decimals and
// metadata by its keys.
type written struct {
	Quantity  *Quantity         `json:"quantity,omitempty"`
	Questions []Question        `json:"questions,omitempty"`
	Collect   Collect           `json:"collect,omitzero"`
	Consent   *Consent          `json:"consent,omitempty"`
	Marketing *Marketing        `json:"marketing,omitempty"`
	Tip       *Tip              `json:"tip,omitempty"`
	CoverFee  *writtenFee       `json:"cover_fee,omitempty"`
	Methods   []string          `json:"methods,omitempty"`
	Metadata  map[string]string `json:"metadata,omitempty"`
}

type writtenFee struct {
	Percent string `json:"percent,omitempty"`
	Fixed   string `json:"fixed,omitempty"` // decimal, in the currency of what is sold
}

// Write is the rules as a line of JSON, for files; "" without any. Amounts are in c.
func (r Rules) Write(c money.Currency) string {
	if r.Nothing() {
		return ""
	}
	w := written{Quantity: r.Quantity, Questions: r.Questions, Collect: r.Collect, Consent: r.Consent, Marketing: r.Marketing, Tip: r.Tip, Methods: r.Methods}
	if r.CoverFee != nil {
		w.CoverFee = &writtenFee{Percent: r.CoverFee.Percent}
		if r.CoverFee.Fixed != 0 {
			w.CoverFee.Fixed = money.Amount{Minor: r.CoverFee.Fixed, Currency: c}.Decimal()
		}
	}
	for _, p := range r.Metadata {
		if w.Metadata == nil {
			w.Metadata = map[string]string{}
		}
		w.Metadata[p.Name] = p.Value
	}
	var line bytes.Buffer
	to := json.NewEncoder(&line)
	to.SetEscapeHTML(false)
	_ = to.Encode(w) // texts and numbers alone: nothing that could fail
	return strings.TrimSpace(line.String())
}

// Unreadable is what people are told of a text that is none of Write's.
const Unreadable = "This can’t be read. Take the text as an export writes it."

// Read reads what Write wrote. A member that is not known is refused, so that none is lost
// without a word. What the rules say is checked where they are stored.
func Read(line string, c money.Currency) (r Rules, err error) {
	unreadable := fault.New(fault.Invalid, Unreadable)
	var w written
	from := json.NewDecoder(strings.NewReader(line))
	from.DisallowUnknownFields()
	if err := from.Decode(&w); err != nil {
		return Rules{}, unreadable
	}
	if _, err := from.Token(); !errors.Is(err, io.EOF) {
		return Rules{}, unreadable
	}
	r = Rules{Quantity: w.Quantity, Questions: w.Questions, Collect: w.Collect, Consent: w.Consent, Marketing: w.Marketing, Tip: w.Tip, Methods: w.Methods}
	if r.Quantity != nil {
		r.Quantity.Min = max(r.Quantity.Min, 1)
	}
	if w.CoverFee != nil {
		r.CoverFee = &CoverFee{Percent: w.CoverFee.Percent}
		if w.CoverFee.Fixed != "" {
			fixed, err := money.Parse(w.CoverFee.Fixed, c)
			if err != nil {
				return Rules{}, unreadable
			}
			r.CoverFee.Fixed = fixed.Minor
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.Metadata)) {
		r.Metadata = append(r.Metadata, Pair{Name: key, Value: w.Metadata[key]})
	}
	return r, nil
}
