package mcp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/i18n"
)

// apiLink is a link as the API answers it.
type apiLink struct {
	ID          string   `json:"id"`
	URL         string   `json:"url"`
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Amount      amount   `json:"amount"`
	PayerAmount *between `json:"payer_amount"`
	Description string   `json:"description"`
	Notes       string   `json:"notes"`
	Reference   string   `json:"reference"`
	Status      string   `json:"status"`
	Tags        []string `json:"tags"`
	CustomerID  *string  `json:"customer_id"`
	Limit       struct {
		Max       *int64 `json:"max"`
		Counts    string `json:"counts"`
		Remaining *int64 `json:"remaining"`
	} `json:"limit"`
	StartsAt  *string        `json:"starts_at"`
	EndsAt    *string        `json:"ends_at"`
	DueOn     *string        `json:"due_on"`
	Overdue   bool           `json:"overdue"`
	Stats     figures        `json:"stats"`
	Reminders *reminderPlans `json:"reminders"`
	CreatedAt string         `json:"created_at"`
}

// figures are what came of a link.
type figures struct {
	Views      int64   `json:"views" jsonschema:"By people"`
	Visitors   int64   `json:"visitors" jsonschema:"People, each counted once a day"`
	Payments   int64   `json:"payments"`
	Conversion float64 `json:"conversion" jsonschema:"Payments ÷ views × 100"`
	Revenue    amount  `json:"revenue" jsonschema:"Gross"`
	Refunded   amount  `json:"refunded"`
	Net        amount  `json:"net" jsonschema:"What was kept"`
}

type reminderPlans struct {
	Frequency string  `json:"frequency,omitempty"`
	Offsets   []int64 `json:"offsets,omitempty" jsonschema:"In place of a frequency: days from the due date, -3 is three days before"`
	Max       int64   `json:"max" jsonschema:"To each recipient"`
	Sent      int64   `json:"sent"`
	Remaining int64   `json:"remaining"`
	NextAt    *string `json:"next_at"`
	Status    string  `json:"status" jsonschema:"active, paused, complete or stopped"`
}

type between struct {
	Min amount `json:"min"`
	Max amount `json:"max"`
}

// linkView is a link as assistants read it.
type linkView struct {
	ID          string         `json:"id" jsonschema:"Use it to name the link to other tools"`
	URL         string         `json:"url" jsonschema:"What to share"`
	Name        *untrusted     `json:"name,omitempty"`
	Type        string         `json:"type" jsonschema:"amount or product"`
	Amount      amount         `json:"amount"`
	PayerAmount *between       `json:"payer_amount,omitempty" jsonschema:"Between what the payer may choose; left out for a fixed amount"`
	Description *untrusted     `json:"description,omitempty" jsonschema:"Payers read it"`
	Notes       *untrusted     `json:"notes,omitempty" jsonschema:"Private"`
	Reference   *untrusted     `json:"reference,omitempty"`
	Status      string         `json:"status" jsonschema:"active, inactive, or limit_reached"`
	Tags        []untrusted    `json:"tags,omitempty"`
	CustomerID  *string        `json:"customer_id,omitempty" jsonschema:"Whom the link is for"`
	MaxPayments *int64         `json:"max_payments,omitempty" jsonschema:"How many payments, or units, it takes; left out for no limit"`
	Counts      string         `json:"limit_counts,omitempty" jsonschema:"units where the limit and what remains of it count units, of which a payment may buy several"`
	Remaining   *int64         `json:"remaining,omitempty"`
	StartsAt    *string        `json:"starts_at,omitempty"`
	EndsAt      *string        `json:"ends_at,omitempty"`
	DueOn       *string        `json:"due_on,omitempty" jsonschema:"The day by which it wants to be paid"`
	Overdue     bool           `json:"overdue,omitempty"`
	Figures     figures        `json:"figures"`
	Reminders   *reminderPlans `json:"reminders,omitempty"`
	CreatedAt   string         `json:"created_at"`
}

func (l apiLink) view() linkView {
	return linkView{
		ID: l.ID, URL: l.URL, Name: theirs(l.Name), Type: l.Type, Amount: l.Amount, PayerAmount: l.PayerAmount, Description: theirs(l.Description),
		Notes: theirs(l.Notes), Reference: theirs(l.Reference), Status: l.Status, Tags: allTheirs(l.Tags), CustomerID: l.CustomerID,
		MaxPayments: l.Limit.Max, Counts: l.counts(), Remaining: l.Limit.Remaining, StartsAt: l.StartsAt, EndsAt: l.EndsAt, DueOn: l.DueOn, Overdue: l.Overdue, Figures: l.Stats, Reminders: l.Reminders, CreatedAt: l.CreatedAt,
	}
}

// counts is "units" of a limit that is one of units, "" else.
func (l apiLink) counts() string {
	if l.Limit.Max == nil || l.Limit.Counts != "units" {
		return ""
	}
	return l.Limit.Counts
}

type linksFound struct {
	Links []linkView `json:"links"`
	Next  *string    `json:"next_cursor,omitempty" jsonschema:"Left out at the end of the list"`
}

type findLinks struct {
	Query  string   `json:"query,omitempty" jsonschema:"Part of the name or of the end of the address"`
	Status []string `json:"status,omitempty" jsonschema:"Only links with one of these"`
	Tag    string   `json:"tag,omitempty" jsonschema:"Name of a tag"`
	Sort   string   `json:"sort,omitempty" jsonschema:"The newest first when left out. A minus before it puts the largest first"`
	listing
}

type byLink struct {
	LinkID string `json:"link_id" jsonschema:"The link's id, lnk_…, from find_links"`
}

// fields are what can be said of a link.
type fields struct {
	Name        *string  `json:"name,omitempty" jsonschema:"What is paid for, 1 to 120 characters"`
	Amount      *amount  `json:"amount,omitempty" jsonschema:"What it asks"`
	PayerAmount *between `json:"payer_amount,omitempty" jsonschema:"Let the payer choose, within these bounds"`
	ProductID   *string  `json:"product_id,omitempty" jsonschema:"Sell this product in place of an amount"`
	Description *string  `json:"description,omitempty" jsonschema:"Payers read it on the page"`
	Notes       *string  `json:"notes,omitempty" jsonschema:"Private: payers never see them"`
	Reference   *string  `json:"reference,omitempty" jsonschema:"Of the business, such as an invoice's number; receipts bear it"`
	Path        *string  `json:"path,omitempty" jsonschema:"End of the address; made from the name when left out"`
	Tags        []string `json:"tags,omitempty" jsonschema:"Names; those that don't exist are made"`
	MaxPayments *int64   `json:"max_payments,omitempty" jsonschema:"How many payments it takes, or units where the limit of the link counts units: 1 for a one-time link, at most 1000, 0 for no limit"`
	CustomerID  *string  `json:"customer_id,omitempty" jsonschema:"Whom the link is for, cus_…, from find_customers"`
	StartsAt    *string  `json:"starts_at,omitempty" jsonschema:"Payments are taken from then on (RFC 3339); empty for now"`
	EndsAt      *string  `json:"ends_at,omitempty" jsonschema:"Payments are taken until then (RFC 3339); empty for no end"`
	DueOn       *string  `json:"due_on,omitempty" jsonschema:"The day by which it wants to be paid, like 2026-12-31, in the business's time zone; empty for none. Payments after it count too: to stop them set ends_at"`
	RedirectURL *string  `json:"redirect_url,omitempty" jsonschema:"Where payers go after payment"`
}

// body is the request of the API that says so. Amounts without a currency are in currency.
func (f fields) body(currency string) map[string]any {
	b := map[string]any{}
	for name, value := range map[string]*string{
		"name": f.Name, "product_id": f.ProductID, "description": f.Description, "notes": f.Notes, "reference": f.Reference,
		"path": f.Path, "customer_id": f.CustomerID, "due_on": f.DueOn,
	} {
		if value != nil {
			b[name] = *value
		}
	}
	for name, value := range map[string]*string{"starts_at": f.StartsAt, "ends_at": f.EndsAt} {
		switch {
		case value == nil:
		case *value == "":
			b[name] = nil // an empty text is no time: the API clears by null
		default:
			b[name] = *value
		}
	}
	if f.Amount != nil {
		b["amount"] = f.Amount.in(currency)
	}
	if f.PayerAmount != nil {
		b["payer_amount"] = map[string]any{"min": f.PayerAmount.Min.in(currency), "max": f.PayerAmount.Max.in(currency)}
	}
	if f.ProductID != nil {
		b["type"] = "product"
	}
	if f.Tags != nil {
		b["tags"] = f.Tags
	}
	if n := f.MaxPayments; n != nil {
		switch *n {
		case 0:
			b["limit"] = nil
		case 1:
			b["limit"] = map[string]any{"kind": "once"}
		default:
			b["limit"] = map[string]any{"kind": "multiple", "max": *n}
		}
	}
	if f.RedirectURL != nil {
		b["after_payment"] = map[string]any{"redirect_url": *f.RedirectURL}
	}
	return b
}

// needsCurrency says whether an amount leaves its currency out.
func (f fields) needsCurrency() bool {
	return f.Amount.bare() || f.PayerAmount != nil && (f.PayerAmount.Min.bare() || f.PayerAmount.Max.bare())
}

// idempotent is what lets an assistant repeat a call that it got no answer to.
type idempotent struct {
	Key string `json:"idempotency_key,omitempty" jsonschema:"A text of your own, new for each thing to do. A call that is repeated with the same key and arguments within a day does it once"`
}

type createLink struct {
	fields
	idempotent
	Active *bool `json:"active,omitempty" jsonschema:"Whether it takes payments at once; yes when left out"`
}

type updateLink struct {
	byLink
	fields
	Active *bool `json:"active,omitempty" jsonschema:"Switch it on or off"`
}

// linkMade is a link with what the assistant must say of it.
type linkMade struct {
	Link linkView `json:"link"`
	Note string   `json:"note,omitempty"`
}

// untilSwitchedOn is said of links that an assistant may not switch on.
const untilSwitchedOn = "The link is inactive: nobody can pay until a member of the business switches it on in the dashboard. Say so."

func (s *server) linkTools(t *sdkServer) {
	add(s, t, tool{name: "find_links", title: "Find links", hints: hints{reads: true},
		about:   "Lists the payment links of the business, with their status and figures. Use it to find a link by name before you show, change, send or close it, and to see which links sell best (sort -revenue).",
		choices: map[string][]any{"status": {"active", "inactive", "limit_reached"}, "sort": sorts()},
	}, func(ctx context.Context, in findLinks) (out linksFound, err error) {
		var found page[apiLink]
		err = s.ask(ctx, request{method: http.MethodGet, path: "/links",
			query: in.query("q", in.Query, "status", strings.Join(in.Status, ","), "tag", in.Tag, "sort", in.Sort)}, &found)
		out = linksFound{Links: []linkView{}, Next: found.Next}
		for _, l := range found.Data {
			out.Links = append(out.Links, l.view())
		}
		return out, err
	})
	add(s, t, tool{name: "get_link", title: "Show a link", hints: hints{reads: true},
		about: "Shows one payment link by its id: address, amount, limit, status, figures and reminders. For figures by day or channel use get_figures.",
	}, func(ctx context.Context, in byLink) (linkView, error) {
		return s.link(ctx, request{method: http.MethodGet, path: linkPath(in.LinkID)})
	})
	add(s, t, tool{name: "create_link", title: "Make a link",
		about: "Makes a payment link and returns its address. Needs a name, and an amount or a product. It sends nothing: to send it use send_link, with reminders by set_reminders. To change a link that exists use update_link.",
	}, func(ctx context.Context, in createLink) (out linkMade, err error) {
		who := callerOf(ctx)
		body := in.body(string(who.Business.Currency))
		if in.Active != nil {
			body["active"] = *in.Active
		}
		if who.drafts {
			body["active"], out.Note = false, untilSwitchedOn
		}
		out.Link, err = s.link(ctx, request{method: http.MethodPost, path: "/links", body: body, key: in.Key, refusal: i18n.Mark("Refused: make a link")})
		return out, err
	})
	add(s, t, tool{name: "update_link", title: "Change a link", hints: hints{destroys: true, repeats: true, leaves: true},
		about: "Changes a payment link; what is left out stays. Its old address keeps leading to it after a change of path. Where people wait for a place of a full link, more payments or switching it on mails them what is free. To stop payments use close_link.",
	}, func(ctx context.Context, in updateLink) (out linkMade, err error) {
		if callerOf(ctx).drafts && in.Active != nil && *in.Active {
			return out, s.refuseSwitchingOn(ctx)
		}
		currency := ""
		if in.needsCurrency() { // the link's own: the business's would ask 50 euros where 50 dollars were meant
			was, err := s.link(ctx, request{method: http.MethodGet, path: linkPath(in.LinkID), refusal: i18n.Mark("Refused: change a link")})
			if err != nil {
				return out, err
			}
			currency = was.Amount.Currency
		}
		body := in.body(currency)
		if in.Active != nil {
			body["active"] = *in.Active
		}
		out.Link, err = s.link(ctx, request{method: http.MethodPatch, path: linkPath(in.LinkID), body: body, refusal: i18n.Mark("Refused: change a link")})
		return out, err
	})
	add(s, t, tool{name: "close_link", title: "Close a link", hints: hints{destroys: true, repeats: true},
		about: "Switches a payment link off: its address answers “not found” and nobody can pay. Payments that were made stay. It can be switched on again.",
	}, func(ctx context.Context, in byLink) (linkView, error) {
		return s.link(ctx, request{method: http.MethodPatch, path: linkPath(in.LinkID), body: map[string]any{"active": false}, refusal: i18n.Mark("Refused: close a link")})
	})
}

func linkPath(id string) string { return "/links/" + url.PathEscape(id) }

// link asks for what is answered with a link.
func (s *server) link(ctx context.Context, q request) (linkView, error) {
	var l apiLink
	err := s.ask(ctx, q, &l)
	return l.view(), err
}

func sorts() (all []any) {
	for _, name := range []string{"created", "name", "amount", "views", "payments", "conversion", "revenue"} {
		all = append(all, name, "-"+name)
	}
	return all
}
