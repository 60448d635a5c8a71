package link

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// What the texts of a link may hold.
var (
	nameRule        = text.Rule{Most: MaxName, Required: true}
	descriptionRule = text.Rule{Most: MaxDescription, Lines: true}
	notesRule       = text.Rule{Most: MaxNotes, Lines: true}
	referenceRule   = text.Rule{Most: MaxReference}
)

// How long the texts of a link may be, in characters. Browsers all take a redirect URL
// of that length.
const (
	MaxName        = 120
	MaxDescription = 500
	MaxNotes       = 2000
	MaxReference   = 60
	MaxRedirect    = 2000
)

// validate cleans the link and returns everything that is wrong with it as one
// fault. It is the only place of these rules; forms and API both come here. A path that is left
// out is made by the rules of the business's language. A new link has none before.
func (s *Links) validate(ctx context.Context, r db.Reader, language string, before, l *Link) error {
	var wrong fault.Fields
	l.Name = nameRule.Clean("name", l.Name, wrong.Add)
	l.Description = descriptionRule.Clean("description", l.Description, wrong.Add)
	l.Notes = notesRule.Clean("notes", l.Notes, wrong.Add)
	l.Reference = referenceRule.Clean("reference", l.Reference, wrong.Add)
	if l.Path = trimPath(l.Path); l.Path == "" && !wrong.Has("name") {
		l.Path = SuggestPath(l.Name, language)
	}
	if l.Path != "" {
		checkPath(l.Path, &wrong)
	}
	checkLimit(&l.Limit, &wrong)
	if err := s.checkPrice(ctx, r, l, &wrong); err != nil {
		return err
	}
	checkPayerAmount(l, &wrong)
	checkCheckout(l, &wrong)
	if err := checkCustomer(ctx, r, l, &wrong); err != nil {
		return err
	}
	if err := checkDomain(ctx, r, l, &wrong); err != nil {
		return err
	}
	checkInstant("starts_at", l.StartsAt, &wrong)
	checkInstant("ends_at", l.EndsAt, &wrong)
	if l.StartsAt != nil && l.EndsAt != nil && !l.EndsAt.After(*l.StartsAt) {
		wrong.Add("ends_at", "ends_at.order", "Choose an end after the start.")
	}
	if err := checkDue(ctx, r, before, l, &wrong); err != nil {
		return err
	}
	l.After.RedirectURL = checkAddress("after_payment.redirect_url", strings.TrimSpace(l.After.RedirectURL), &wrong)
	l.Thanks = thanksRule.Clean("thanks", l.Thanks, wrong.Add)
	checkWhenClosed(&l.WhenClosed, &wrong)
	checkWaitingList(l, &wrong)
	return wrong.Err()
}

// checkInstant refuses a time that nobody means, such as the year 1, in which programs
// have the times that they miss.
func checkInstant(name string, at *time.Time, wrong *fault.Fields) {
	if at != nil && !calendar.Sane(*at) {
		wrong.Add(name, name+".range", "Choose a time between the years 2 and 9999, or leave it out.")
	}
}

// checkLimit completes the limit by its kind.
func checkLimit(l *Limit, wrong *fault.Fields) {
	switch l.Kind {
	case Unlimited:
		l.Max, l.Counts = 0, Payments
	case Once:
		l.Max = 1
		if l.Counts == Units {
			wrong.Add("limit.counts", "limit.counts", "A link for one payment can't count units. Choose multiple, or count payments.")
		}
	case Multiple:
		if l.Max < 1 || l.Max > MaxLimit {
			wrong.Add("limit.max", "limit.max", fmt.Sprintf("Choose a number from 1 to %d.", MaxLimit))
		}
	default:
		wrong.Add("limit.kind", "limit.kind", "Choose unlimited, once or multiple.")
	}
	switch l.Counts {
	case "":
		l.Counts = Payments
	case Payments, Units:
	default:
		wrong.Add("limit.counts", "limit.counts", "Choose payments or units.")
	}
}

// checkAddress accepts absolute http and https URLs, because payers are sent
// there.
func checkAddress(field, s string, wrong *fault.Fields) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case len(s) > MaxRedirect:
		wrong.Add(field, "redirect.long", fmt.Sprintf("Use at most %d characters.", MaxRedirect))
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		wrong.Add(field, "redirect.form", "Enter an address without spaces, like https://example.com/thanks.")
	case err == nil && u.Scheme == "" || err != nil && !strings.Contains(s, "://"):
		wrong.Add(field, "redirect.scheme", "Add https:// at the start of the address.")
	case err != nil || u.Hostname() == "" && isWeb(u):
		wrong.Add(field, "redirect.form", "Enter a full address, like https://example.com/thanks.")
	case !isWeb(u):
		wrong.Add(field, "redirect.scheme", "Use an address that starts with https:// or http://.")
	case u.User != nil:
		wrong.Add(field, "redirect.user", "Leave user name and password out of the address.")
	}
	return s
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }
