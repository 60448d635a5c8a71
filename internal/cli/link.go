package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// link is what people are shown of one.
type link struct {
	ID          string     `json:"id"`
	URL         string     `json:"url"`
	Path        string     `json:"path"`
	Name        string     `json:"name"`
	Amount      money      `json:"amount"`
	PayerAmount *struct{}  `json:"payer_amount"`
	CustomerID  *string    `json:"customer_id"`
	Description string     `json:"description"`
	Notes       string     `json:"notes"`
	Reference   string     `json:"reference"`
	Status      string     `json:"status"`
	Tags        []string   `json:"tags"`
	Limit       limit      `json:"limit"`
	StartsAt    *time.Time `json:"starts_at"`
	EndsAt      *time.Time `json:"ends_at"`
	DueOn       *string    `json:"due_on"`
	Stats       struct {
		Views, Visitors, Payments, Bots int64
		Conversion                      float64
		Revenue, Refunded, Net          money
	} `json:"stats"`
	Reminders *struct {
		Frequency string     `json:"frequency"`
		Offsets   []int64    `json:"offsets"` // in place of it: days from the due date
		Status    string     `json:"status"`
		NextAt    *time.Time `json:"next_at"`
	} `json:"reminders"`
	Deliveries []delivered `json:"deliveries"`
	CreatedAt  *time.Time  `json:"created_at"`
}

type limit struct {
	Kind      string `json:"kind"`
	Max       *int64 `json:"max"`
	Counts    string `json:"counts"`
	Used      int64  `json:"used"`
	UnitsUsed int64  `json:"units_used"`
}

// String is how many payments there are, of how many; or how many units, where they count.
func (l limit) String() string {
	if l.Max == nil {
		return strconv.FormatInt(l.Used, 10)
	}
	if l.Counts == "units" {
		return fmt.Sprintf("%d of %d units", l.UnitsUsed, *l.Max)
	}
	return fmt.Sprintf("%d of %d", l.Used, *l.Max)
}

// status is the link's in words.
func (l link) status() string {
	switch l.Status {
	case "inactive":
		return "paused"
	case "limit_reached":
		return "limit reached"
	}
	return l.Status
}

// print shows a link and its figures.
func (l link) print(w io.Writer) error {
	price := l.Amount.String()
	if l.PayerAmount != nil {
		price += ", or what the payer chooses"
	}
	rows := [][2]string{
		{"Id", l.ID}, {"Address", l.URL}, {"Amount", price}, {"Status", l.status()}, {"Payments", l.Limit.String()},
		{"Views", fmt.Sprintf("%d by %d people", l.Stats.Views, l.Stats.Visitors)},
		{"Conversion", strconv.FormatFloat(l.Stats.Conversion, 'f', 1, 64) + " %"},
		{"Revenue", l.Stats.Revenue.String()},
	}
	if l.Stats.Net.Value != l.Stats.Revenue.Value {
		rows = append(rows, [2]string{"Refunded", l.Stats.Refunded.String()}, [2]string{"Kept", l.Stats.Net.String()})
	}
	if l.Stats.Bots > 0 {
		rows = append(rows, [2]string{"Openings by programs", strconv.FormatInt(l.Stats.Bots, 10)})
	}
	if r := l.Reminders; r != nil {
		text := strings.ReplaceAll(r.Frequency, "_", " ")
		if text == "" {
			text = days(r.Offsets)
		}
		text += ", " + r.Status
		if r.NextAt != nil {
			text += ", next " + when(r.NextAt)
		}
		rows = append(rows, [2]string{"Reminders", text})
	}
	rows = append(rows, [2]string{"Description", l.Description}, [2]string{"Notes", l.Notes}, [2]string{"Reference", l.Reference},
		[2]string{"Tags", strings.Join(l.Tags, ", ")}, [2]string{"Opens", when(l.StartsAt)}, [2]string{"Closes", when(l.EndsAt)}, [2]string{"Due", text(l.DueOn)}, [2]string{"Made", when(l.CreatedAt)})
	return card(w, l.Name, rows...)
}

// days are when reminders go out around a due date: "3 days before, on the day, 7 days after it
// is due".
func days(offsets []int64) string {
	var all []string
	for _, n := range offsets {
		switch {
		case n == 0:
			all = append(all, "on the day")
		case n < 0:
			all = append(all, fmt.Sprintf("%d before", -n))
		default:
			all = append(all, fmt.Sprintf("%d after", n))
		}
	}
	return "days around the due date: " + strings.Join(all, ", ")
}

// answer prints the link of an answer, or the answer as it is.
func (s server) answer(w io.Writer, l link, answer []byte) error {
	if s.JSON {
		return raw(w, answer)
	}
	return l.print(w)
}

// one names a link as people do.
type one struct {
	Link string `arg:"" help:"The link's id, path or address."`
}

// find returns the link that is meant, by id, address or path. Of two paths that differ in
// capitals alone it is the one that is written so.
func (c *client) find(ctx context.Context, ref string) (l link, answer []byte, err error) {
	if strings.HasPrefix(ref, "lnk_") {
		answer, err = c.get(ctx, "/links/"+url.PathEscape(ref), nil, &l)
		return l, answer, err
	}
	address := ref
	if end := strings.IndexAny(ref, "?#"); end >= 0 { // a browser's address line, or that of a scanned code
		address = ref[:end]
	}
	name := path.Base(strings.TrimSuffix(address, "/"))
	links, _, _, err := pages[link](ctx, c, "/links", url.Values{"q": {strings.ToLower(name)}}, 0)
	if err != nil {
		return l, nil, err
	}
	same := func(like func(a, b string) bool) func(link) bool {
		return func(l link) bool { return like(l.Path, name) && leadsTo(address, l.URL) }
	}
	at := slices.IndexFunc(links, same(func(a, b string) bool { return a == b }))
	if at < 0 {
		at = slices.IndexFunc(links, same(strings.EqualFold))
	}
	if at < 0 {
		return l, nil, failed("There is no link “%s”. See them all with `smartlinks link list`.", plain(ref))
	}
	return c.find(ctx, links[at].ID)
}

// leadsTo tells whether what was typed can be the address of a link whose path was found: an
// address of another business must not mean the link of ours that has the same path. Under
// the installation's name the handle stands before the path, under an own domain nothing does.
func leadsTo(typed, address string) bool {
	if _, rest, found := strings.Cut(typed, "://"); found {
		typed = rest
	}
	_, address, _ = strings.Cut(address, "://")
	before := func(address string) []string {
		parts := strings.Split(strings.ToLower(strings.Trim(address, "/")), "/")
		return parts[:len(parts)-1] // host and handle
	}
	said, have := before(typed), before(address)
	switch {
	case len(said) == 0: // the path alone
		return true
	case len(said) == 1 && len(have) == 2: // handle/path, or the domain that the business had
		return said[0] == have[1]
	case len(said) == 1: // the own domain without its scheme, and maybe without its port
		host, _, _ := strings.Cut(have[0], ":")
		return said[0] == have[0] || said[0] == host
	case len(said) == 2 && len(have) == 1: // an own domain has no handle to compare
		return true
	}
	return said[len(said)-1] == have[len(have)-1]
}

// change changes the link that is meant, and returns it as it is then.
func (c *client) change(ctx context.Context, ref string, fields map[string]any) (l link, answer []byte, err error) {
	found, _, err := c.find(ctx, ref)
	if err != nil {
		return l, nil, err
	}
	if a, ok := fields["amount"].(*money); ok && a.Currency == "" {
		a.Currency = found.Amount.Currency
	}
	if r, ok := fields["reminders"].(map[string]any); ok && found.Reminders != nil && found.Reminders.Frequency != "" {
		delete(r, "max") // how many there are at most was not said
	}
	answer, err = c.ask(ctx, http.MethodPatch, "/links/"+found.ID, fields, &l)
	return l, answer, err
}
