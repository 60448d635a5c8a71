package codes

import (
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// groupView is a coupon in the list.
type groupView struct {
	ID, Name, Href, AddHref string
	Icon, What              string
	Rows                    []codeRow
}

// codeRow is a code in the list.
type codeRow struct {
	ID, Code, Href string
	Back           string // where its actions lead back to
	Valid          string
	Used, Most     string // Most is "" for any number
	Meter          meter
	TakenOff       string
	Brought        string
	Badge          ui.BadgeProps
	Held           string // "2 held now", "" for none
	Ended          bool
	Address        string // of the page with the code in it, "" where there is none or are several
}

// meter shows how much of a bound is used; without Max there is none.
type meter struct {
	Value, Max int
	Tone       ui.Tone
	Label      string
}

func groupOf(scope *frame.Scope, here string, g group, targets []coupon.Target) groupView {
	v := groupView{
		ID: string(g.ID), Name: g.Name, Href: scope.Base + "/coupons/" + string(g.ID), AddHref: scope.Base + "/coupons/" + string(g.ID) + "/codes",
		Icon: iconOf(g.Coupon), What: whatOf(scope.Reader, g.Coupon, targets),
	}
	for _, c := range g.codes {
		v.Rows = append(v.Rows, rowOf(scope, here, c, targets))
	}
	return v
}

func rowOf(scope *frame.Scope, here string, c coupon.WithFigures, targets []coupon.Target) codeRow {
	row := codeRow{
		ID: string(c.ID), Code: c.Text, Href: scope.Base + "/codes/" + string(c.ID), Back: here, Valid: validOf(scope.Reader, c, scope.Business.Location()),
		Used: scope.Number(c.Used), TakenOff: sum(scope.Reader, scope.Business.Currency, c.TakenOff), Brought: sum(scope.Reader, scope.Business.Currency, c.Brought),
		Badge: badgeOf(scope.Reader, c), Ended: c.Status() == coupon.Ended, Address: addressOf(scope, c.Text, targets),
	}
	if c.Max > 0 {
		row.Most = scope.Number(c.Max)
		row.Meter = meter{Value: int(min(c.Used, c.Max)), Max: int(c.Max), Tone: row.Badge.Tone, Label: scope.T("{{.Used}} of {{.Max}} used", "Used", row.Used, "Max", row.Most)}
		if row.Ended || row.Badge.Tone == ui.Outline {
			row.Meter.Tone = ui.Grey
		}
	}
	if c.Held > 0 {
		row.Held = scope.N(c.Held, "{{.Count}} held now", "{{.Count}} held now")
	}
	return row
}

// fewLeft is from how many uses left on a badge warns, as those of limits do.
const fewLeft = 3

func badgeOf(reader frame.Reader, c coupon.WithFigures) ui.BadgeProps {
	status := c.Status()
	switch {
	case status == coupon.UsedUp:
		return ui.BadgeProps{Label: statusWord(reader, status), Tone: ui.Red, Icon: "ban"}
	case status == coupon.Ended:
		return ui.BadgeProps{Label: statusWord(reader, status), Tone: ui.Grey}
	case status == coupon.Upcoming:
		return ui.BadgeProps{Label: statusWord(reader, status), Tone: ui.Outline, Icon: "calendar-clock"}
	case c.Left != nil && *c.Left <= fewLeft:
		return ui.BadgeProps{Label: reader.N(*c.Left, "{{.Count}} left", "{{.Count}} left"), Tone: ui.Orange}
	}
	return ui.BadgeProps{Label: statusWord(reader, status), Tone: ui.Green}
}

func statusWord(reader frame.Reader, s coupon.Status) string {
	switch s {
	case coupon.UsedUp:
		return reader.T("Used up")
	case coupon.Ended:
		return reader.T("Ended")
	case coupon.Upcoming:
		return reader.T("Upcoming")
	}
	return reader.T("Active")
}

// validOf is from when until when a code counts; a beginning that is past says nothing.
func validOf(reader frame.Reader, c coupon.WithFigures, zone *time.Location) string {
	from, until := "", ""
	if c.StartsAt != nil && c.Status() == coupon.Upcoming {
		from = dayOf(reader, *c.StartsAt, zone)
	}
	if c.EndsAt != nil {
		until = endOf(reader, *c.EndsAt, zone)
	}
	switch {
	case from != "" && until != "":
		return from + " – " + until
	case from != "":
		return reader.T("From {{.From}}", "From", from)
	case until != "" && c.Status() == coupon.Ended:
		return reader.T("Ended {{.When}}", "When", until)
	case until != "":
		return reader.T("Until {{.To}}", "To", until)
	}
	return reader.T("No end")
}

// dayOf is a day, with the time unless it is midnight.
func dayOf(reader frame.Reader, at time.Time, zone *time.Location) string {
	if at = at.In(zone); at.Hour() == 0 && at.Minute() == 0 {
		return reader.Date(at, zone)
	}
	return reader.DateTime(at, zone)
}

// endOf is the last day of what ends at midnight.
func endOf(reader frame.Reader, at time.Time, zone *time.Location) string {
	if local := at.In(zone); local.Hour() == 0 && local.Minute() == 0 {
		return reader.Date(at.Add(-time.Minute), zone)
	}
	return reader.DateTime(at, zone)
}

// addressOf is the page of the one link or product that a code is for, with the code in it.
func addressOf(scope *frame.Scope, code string, targets []coupon.Target) string {
	if len(targets) != 1 || targets[0].Path == "" {
		return ""
	}
	id, handle := string(scope.Business.ID), scope.Business.Handle
	switch t := targets[0]; t.Kind {
	case coupon.ToLink:
		return scope.Addresses.OfLink(id, t.Domain, address.Link(handle, t.Path).With("code", code))
	case coupon.ToProduct:
		return scope.Addresses.Of(id, address.Product(handle, t.Path).With("code", code))
	}
	return ""
}

// iconOf shows what kind of reduction it is.
func iconOf(c coupon.Coupon) string {
	switch {
	case c.Percent == 100_00:
		return "gift"
	case c.Percent > 0:
		return "percent"
	case c.Amount.Currency == "EUR":
		return "euro"
	}
	return "banknote"
}

// offOf is what a coupon takes off.
func offOf(reader frame.Reader, c coupon.Coupon) string {
	if c.Percent > 0 {
		return reader.T("{{.Percent}}% off", "Percent", money.WithPoint(checkout.WritePercent(c.Percent), reader.Lang()))
	}
	return reader.T("{{.Amount}} off", "Amount", reader.Money(c.Amount))
}

// whatOf says in a line what a coupon takes off, for what and within which bounds.
func whatOf(reader frame.Reader, c coupon.Coupon, targets []coupon.Target) string {
	parts := append([]string{offOf(reader, c)}, reachOf(reader, c, targets)...)
	if c.Minimum != nil {
		parts = append(parts, reader.T("From {{.Amount}} upwards", "Amount", reader.Money(*c.Minimum)))
	}
	if c.Max > 0 {
		parts = append(parts, reader.N(c.Max, "{{.Count}} use in all", "{{.Count}} uses in all"))
	}
	return reader.Line(parts...)
}

// namesShown is how many of what a coupon is for are named before the rest is counted.
const namesShown = 3

// reachOf says what a coupon is for.
func reachOf(reader frame.Reader, c coupon.Coupon, targets []coupon.Target) (parts []string) {
	if c.Everywhere {
		return []string{reader.T("Everything you sell")}
	}
	var tags, names []string
	for _, t := range targets {
		switch {
		case t.Name == "":
		case t.Kind == coupon.ToTag:
			tags = append(tags, t.Name)
		default:
			names = append(names, t.Name)
		}
	}
	if len(names) > 0 {
		parts = append(parts, listed(names))
	}
	if len(tags) > 0 {
		parts = append(parts, reader.T("Links tagged {{.Tags}}", "Tags", listed(tags)))
	}
	if len(parts) == 0 {
		parts = []string{reader.T("For nothing: what it was for was deleted")}
	}
	return parts
}

// listed are the first of some names, and how many more there are.
func listed(names []string) string {
	if len(names) <= namesShown {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:namesShown], ", ") + " +" + strconv.Itoa(len(names)-namesShown)
}
