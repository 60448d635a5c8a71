package importer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// values are the cells of a line by their fields.
type values map[string]string

func valuesOf(fields, cells []string) values {
	v := values{}
	for i, name := range fields {
		if name != "" && i < len(cells) {
			v[name] = cells[i]
		}
	}
	return v
}

func (v values) customer() customer.Fields {
	d := customer.Fields{
		Name: v["name"], Email: firstOf(v["email"]), Phone: firstOf(v["phone"]), Language: language(v["language"]), Notes: v["notes"], Tags: tag.Named(groupsOf(v["tags"])...),
	}
	if d.Name == "" {
		d.Name = strings.TrimSpace(v["first_name"] + " " + v["last_name"])
	}
	if d.Name == "" {
		d.Name = v["company"]
	}
	return d
}

// several parts the values of one cell in the address books of Google.
const several = ":::"

// firstOf is the first value of a cell that may hold several.
func firstOf(cell string) string {
	first, _, _ := strings.Cut(cell, several)
	return strings.TrimSpace(first)
}

// groupsOf are the tags of a cell. Those of Google that begin with a star, such as
// "* myContacts", are its own and nobody's words.
func groupsOf(cell string) []string {
	if !strings.Contains(cell, several) && !strings.HasPrefix(cell, "* ") {
		return spreadsheet.SplitList(cell)
	}
	var groups []string
	for group := range strings.SplitSeq(cell, several) {
		if group = strings.TrimSpace(group); group != "" && !strings.HasPrefix(group, "* ") {
			groups = append(groups, group)
		}
	}
	return groups
}

// edit changes what the line says something of.
func (v values) edit(known *customer.Fields) {
	said := v.customer()
	for to, one := range map[*string]string{&known.Name: said.Name, &known.Phone: said.Phone, &known.Language: said.Language, &known.Notes: said.Notes} {
		if one != "" {
			*to = one
		}
	}
	known.Tags = slices.Concat(known.Tags, said.Tags)
}

// language reads a code, with a country or without: nl, nl-NL, nl_NL. Another
// word stays as it is, to be refused.
func language(typed string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(typed), "_", "-"), "-")
	if i18n.Supported(base) {
		return base
	}
	return typed
}

// link reads a line. What can't be read, or isn't there, is noted in unread.
func (s *Imports) link(ctx context.Context, r db.Reader, b business.Business, v values, unread *fault.Fields) (link.Fields, error) {
	d := link.Defaults()
	d.Name, d.Type, d.Description, d.Path, d.Notes, d.Reference = v["name"], link.Amount, v["description"], v["path"], v["notes"], v["reference"]
	d.Tags, d.Active = tag.Named(spreadsheet.SplitList(v["tags"])...), yesNo(v, "active", true, unread)
	d.Limit = limitOf(v["limit"], v["limit_counts"], unread)
	d.Limit.Counts = countsOf(v["limit_counts"], unread)
	d.Checkout = askedOf(v, b, unread)
	d.StartsAt = instant(v["starts_at"], b, false, "starts_at", unread)
	d.EndsAt = instant(v["ends_at"], b, true, "ends_at", unread)
	d.ShowRemaining, d.DueOn, d.Thanks = yesNo(v, "show_remaining", true, unread), v["due_on"], v["thanks"]
	d.WaitingList, d.OfferHours = yesNo(v, "waiting_list", false, unread), hoursOf(v["offer_hours"], unread)
	d.WhenClosed = link.WhenClosed{Message: v["when_closed_message"], URL: v["when_closed_url"], Redirect: yesNo(v, "when_closed_redirect", false, unread)}
	d.After = link.AfterPayment{RedirectURL: v["redirect_url"], ApplyTag: v["apply_tag"], RemoveTag: v["remove_tag"]}
	if v["customer"] != "" {
		if err := s.isFor(ctx, r, b, v["customer"], &d, unread); err != nil {
			return d, err
		}
	}
	if v["product"] != "" {
		err := s.sell(ctx, r, b, v, &d, unread)
		return d, err
	}
	currency := b.Currency
	if v["currency"] != "" {
		currency = money.Currency(strings.ToUpper(v["currency"]))
	}
	if err := currency.Check(); err != nil {
		unread.Add("currency", "", err.Error())                // a sentence for people
		d.Amount = &money.Amount{Minor: 1, Currency: currency} // what it asks is not the question any more
		return d, nil
	}
	amount, err := money.ParseTypedIn(v["amount"], currency, b.Locale)
	if err != nil {
		unread.Add("amount", "", err.Error()) // a sentence for people
		amount = money.Amount{Minor: 1, Currency: currency}
	}
	d.Amount = &amount
	d.PayerAmount = between(v, currency, b.Locale, unread)
	return d, nil
}

// between are the bounds within which the payer chooses, nil for a fixed amount.
func between(v values, c money.Currency, locale string, unread *fault.Fields) *link.Range {
	if v["least"] == "" && v["most"] == "" {
		if v["suggestions"] != "" {
			unread.Add("suggestions", "", "Write between which amounts the payer may choose, too.")
		}
		return nil
	}
	bounds := &link.Range{}
	for field, to := range map[string]*money.Amount{"least": &bounds.Min, "most": &bounds.Max} {
		read, err := money.ParseTypedIn(v[field], c, locale)
		if err != nil {
			unread.Add(field, "", err.Error()) // a sentence for people
			read = money.Amount{Minor: 1, Currency: c}
		}
		*to = read
	}
	for _, typed := range spreadsheet.SplitList(v["suggestions"]) {
		read, err := money.ParseTypedIn(typed, c, locale)
		if err != nil {
			unread.Add("suggestions", "", err.Error()) // a sentence for people
			break
		}
		bounds.Suggested = append(bounds.Suggested, read)
	}
	return bounds
}

// sell makes the draft sell the product that the line names. Our own export
// writes the price beside it, which comes from the product anyway.
func (s *Imports) sell(ctx context.Context, r db.Reader, b business.Business, v values, d *link.Fields, unread *fault.Fields) error {
	d.Type = link.Product
	found, err := s.Products.Named(ctx, r, b.ID, v["product"])
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		unread.Add("product", "", "No product of your catalogue has this name.")
	case len(found) > 1:
		unread.Add("product", "", "Several products have this name. Write the product’s id instead.")
	default:
		d.ProductID = found[0]
	}
	return nil
}

// isFor makes the draft one for the customer whom the line names. Our own export writes the
// name of who has no e-mail address.
func (s *Imports) isFor(ctx context.Context, r db.Reader, b business.Business, who string, d *link.Fields, unread *fault.Fields) (err error) {
	if d.CustomerID, err = s.Customers.WithEmail(ctx, r, b.ID, who); err != nil || d.CustomerID != "" {
		return err
	}
	found, err := s.Customers.Unaddressed(ctx, r, b.ID, who)
	switch {
	case err != nil:
		return err
	case len(found) == 1:
		d.CustomerID = found[0]
	case len(found) > 1:
		unread.Add("customer", "", "Several customers have this name. Write an email address instead.")
	case strings.Contains(who, "@"):
		unread.Add("customer", "", "No customer has this email address. Import your customers first.")
	default:
		unread.Add("customer", "", "No customer without an email address has this name. Write an email address, or import your customers first.")
	}
	return nil
}

// countsOf reads what a limit counts.
func countsOf(typed string, unread *fault.Fields) link.Counts {
	switch counts := link.Counts(text.Fold(typed)); counts {
	case "":
		return link.Payments
	case link.Payments, link.Units:
		return counts
	}
	unread.Add("limit_counts", "", "Write payments or units.")
	return link.Payments
}

// askedOf reads what payers are asked, with amounts in the currency of the line.
func askedOf(v values, b business.Business, unread *fault.Fields) checkout.Rules {
	if v["asked"] == "" {
		return checkout.Rules{}
	}
	rules, err := checkout.Read(v["asked"], cmp.Or(money.Currency(strings.ToUpper(v["currency"])), b.Currency))
	if err != nil {
		unread.Add("asked", "", err.Error()) // a sentence for people
	}
	return rules
}

// limitOf reads once, unlimited, or how many. A 1 alone is once; beside what is counted it is
// a number like any other, as our own export writes it.
func limitOf(typed, counts string, unread *fault.Fields) link.Limit {
	switch text.Fold(typed) {
	case "", "unlimited", "no limit", "none":
		return link.Limit{Kind: link.Unlimited}
	case "once", "one-time":
		return link.Limit{Kind: link.Once}
	case "1":
		if counts == "" {
			return link.Limit{Kind: link.Once}
		}
	}
	n, err := text.Whole(typed)
	if err != nil {
		unread.Add("limit", "", "Write once, a number of payments, or nothing for no limit.")
		return link.Limit{Kind: link.Unlimited}
	}
	return link.Limit{Kind: link.Multiple, Max: n}
}

// instant reads a day or a day with a time, in the business's time zone. A day
// that ends something is included.
func instant(typed string, b business.Business, end bool, field string, unread *fault.Fields) *time.Time {
	if typed == "" {
		return nil
	}
	if first, err := time.Parse(time.DateOnly, typed); err == nil {
		day := calendar.Local(first.Year(), first.Month(), first.Day(), 0, 0, b.Location())
		if end {
			day = calendar.Day(day, 1)
		}
		return &day
	}
	if at, err := calendar.ParseLocal(strings.Replace(typed, " ", "T", 1), b.Location()); err == nil {
		return &at
	}
	unread.Add(field, "", "Write a day like 2026-03-01, or a day and a time like 2026-03-01 09:00.")
	return nil
}

// hoursOf reads for how long a place is kept, 0 for as long as it is without a word.
func hoursOf(typed string, unread *fault.Fields) int64 {
	if typed == "" {
		return 0
	}
	n, err := text.Whole(typed)
	if err != nil || n < 1 {
		unread.Add("offer_hours", "", fmt.Sprintf("Choose from 1 to %d hours.", link.MaxOfferHours))
		return 0
	}
	return n
}

// yesNo reads a switch that is as otherwise says when the line says nothing.
func yesNo(v values, field string, otherwise bool, unread *fault.Fields) bool {
	if v[field] == "" {
		return otherwise
	}
	yes, ok := switchOf(v[field])
	if !ok {
		unread.Add(field, "", "Write yes or no.")
		return otherwise
	}
	return yes
}

// What people and spreadsheets write for yes and no in the languages of the dashboard, bare.
var (
	yesWords = []string{"yes", "y", "true", "t", "1", "on", "active", "ja", "waar", "wahr", "oui", "vrai", "si", "verdadero", "نعم"}
	noWords  = []string{"no", "n", "false", "f", "0", "off", "inactive", "nee", "onwaar", "nein", "falsch", "non", "faux", "falso", "لا"}
)

// switchOf reads yes or no, and reports false for what is neither.
func switchOf(said string) (yes, ok bool) {
	word := bare(said)
	yes = slices.Contains(yesWords, word)
	return yes, yes || slices.Contains(noWords, word)
}
