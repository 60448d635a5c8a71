package coupon

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// The bounds of what a business may make.
const (
	MaxUses    = 1_000_000
	maxCoupons = 500    // of a business
	maxCodes   = 10_000 // of a business
	maxTargets = 100    // of each kind

	// MaxAtOnce is how many codes are made by one form.
	MaxAtOnce = 100
)

// The codes of what may be wrong.
const (
	BadCode   = "code.form"
	TakenCode = "code.taken"
)

var nameRule = text.Rule{Most: 120, Required: true}

func (f *Fields) clean(wrong *fault.Fields) {
	f.Name = nameRule.Clean("name", f.Name, wrong.Add)
	checkMax(f.Max, wrong)
	if m := f.Minimum; m != nil {
		if err := m.Currency.Check(); err != nil {
			wrong.Add("minimum.currency", "minimum.currency", err.Error())
		} else if m.Minor <= 0 || m.Cmp(money.Max(m.Currency)) > 0 {
			wrong.Add("minimum.value", "minimum.value", "Enter an amount above zero, or leave the minimum out.")
		}
	}
	for name, n := range map[string]int{"links": len(f.Links), "products": len(f.Products), "tags": len(f.Tags)} {
		if n > maxTargets {
			wrong.Add(name, "coupon.targets", fmt.Sprintf("Choose at most %d. A tag stands for any number of links.", maxTargets))
		}
	}
}

func checkMax(most int64, wrong *fault.Fields) {
	if most < 0 || most > MaxUses {
		wrong.Add("max_redemptions", "coupon.max", "Enter a number from 1 to 1,000,000, or leave it out for any number.")
	}
}

// cleanOff checks what is taken off.
func (c Coupon) cleanOff(wrong *fault.Fields) {
	switch a := c.Amount; {
	case c.Percent == 0 && a == money.Amount{}:
		wrong.Add("percent", "coupon.nothing", "Enter a percentage, or an amount to take off.")
	case c.Percent != 0 && a != money.Amount{}:
		wrong.Add("percent", "coupon.both", "Enter a percentage or an amount, not both.")
	case c.Percent < 0 || c.Percent > 100_00:
		wrong.Add("percent", "coupon.percent", "Enter a percentage above 0 and up to 100, with at most two decimals.")
	case c.Percent == 0:
		if err := a.Currency.Check(); err != nil {
			wrong.Add("amount.currency", "amount.currency", err.Error())
		} else if a.Minor <= 0 || a.Cmp(money.Max(a.Currency)) > 0 {
			wrong.Add("amount.value", string(money.NotPositive), "Enter an amount above zero.")
		} else if m := c.Minimum; m != nil && m.Currency != a.Currency {
			wrong.Add("minimum.currency", "minimum.currency", "Give the minimum in "+string(a.Currency)+", as the amount.")
		}
	}
}

func (f *CodeFields) clean(wrong *fault.Fields) {
	checkMax(f.Max, wrong)
	// The year 1 would be stored as no time, and a code that ends then have no end.
	for name, at := range map[string]*time.Time{"starts_at": f.StartsAt, "ends_at": f.EndsAt} {
		if at != nil && !calendar.Sane(*at) {
			wrong.Add(name, name+".range", "Choose a time between the years 2 and 9999, or leave it out.")
			return
		}
	}
	if f.StartsAt != nil && f.EndsAt != nil && !f.StartsAt.Before(*f.EndsAt) {
		wrong.Add("ends_at", "ends_at.order", "Choose an end behind the beginning.")
	}
}

// How long a code is, in characters.
const (
	minCode = 3
	maxCode = 40
)

// Plain is a code as it is compared: in capitals, without blanks around it.
func Plain(typed string) string {
	return capitals(strings.TrimFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }))
}

func capitals(s string) string { return strings.ToUpper(norm.NFKC.String(text.Digits(s))) }

// readCode reads a code that a business makes.
func readCode(typed string, wrong *fault.Fields) string {
	code := Plain(typed)
	n := utf8.RuneCountInString(code)
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	}
	if n < minCode || n > maxCode || !utf8.ValidString(typed) || strings.ContainsFunc(code, odd) {
		wrong.Add("code", BadCode, fmt.Sprintf("Use %d to %d letters and digits, like SUMMER10; -, _ and . may stand between them.", minCode, maxCode))
	}
	return code
}

// alphabet has no characters that are taken for others.
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// made is a code that nobody guesses, like 7KQ2-M4XD.
func made(random io.Reader) (string, error) {
	var drawn [8]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return "", err
	}
	for i, b := range drawn {
		drawn[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(drawn[:4]) + "-" + string(drawn[4:]), nil
}

// checkTargets refuses what is not the business's.
func checkTargets(ctx context.Context, tx *db.Tx, businessID business.ID, f Fields, wrong *fault.Fields) error {
	for _, kind := range []struct {
		name, query string
		ids         []any
		refuse      func()
	}{
		{"links", `SELECT COUNT(*) FROM links WHERE business_id = $1 AND deleted_at IS NULL AND id IN (`, anys(f.Links), func() {
			wrong.Add("links", "coupon.unknown", "One of these links does not exist any more. Choose again.")
		}},
		{"products", `SELECT COUNT(*) FROM products WHERE business_id = $1 AND deleted_at IS NULL AND id IN (`, anys(f.Products), func() {
			wrong.Add("products", "coupon.unknown", "One of these products does not exist any more. Choose again.")
		}},
		{"tags", `SELECT COUNT(*) FROM tags WHERE business_id = $1 AND kind = 'link' AND id IN (`, anys(f.Tags), func() {
			wrong.Add("tags", "coupon.unknown", "One of these tags is none of your links' tags. Choose again.")
		}},
	} {
		if len(kind.ids) == 0 || wrong.Has(kind.name) {
			continue
		}
		var n int
		if err := tx.Get(ctx, &n, kind.query+db.In(len(kind.ids), 2)+`)`, append([]any{businessID}, kind.ids...)...); err != nil {
			return err
		}
		if n != len(kind.ids) {
			kind.refuse()
		}
	}
	return nil
}

func anys[T ~string](ids []T) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}

// unique keeps each id once, in order.
func unique[T link.ID | product.ID | tag.ID](ids []T) []T {
	var kept []T
	seen := map[T]bool{}
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}
