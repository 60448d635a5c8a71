package codes

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
)

// What a coupon takes off, and for what it is, as the form says it.
const (
	byPercent = "percent"
	byAmount  = "amount"

	forAll    = "all"
	forChosen = "chosen"
)

// couponValues are the fields of a coupon as they were typed.
type couponValues struct {
	Name, Max                 string
	Off                       string // byPercent or byAmount
	Percent, Amount, Currency string
	Minimum, MinimumCurrency  string
	For                       string   // forAll or forChosen
	Links, Products, Tags     []string // ids
}

func couponValuesFrom(form url.Values) couponValues {
	v := couponValues{
		Name: form.Get("name"), Max: form.Get("max"), Off: form.Get("off"), Percent: form.Get("percent"), Amount: form.Get("amount"), Currency: form.Get("currency"),
		Minimum: form.Get("minimum"), MinimumCurrency: form.Get("minimum_currency"), For: form.Get("for"),
		Links: frame.Distinct(form["link"]), Products: frame.Distinct(form["product"]), Tags: frame.Distinct(form["tag"]),
	}
	if v.Off != byAmount {
		v.Off = byPercent
	}
	if v.For != forChosen {
		v.For = forAll
	}
	return v
}

// couponValuesOf are a coupon's fields as the form shows them. What was deleted can't be
// chosen any more.
func couponValuesOf(c coupon.Coupon, home money.Currency, targets []coupon.Target) couponValues {
	v := couponValues{Name: c.Name, Max: numberInput(c.Max), Off: byPercent, Currency: string(home), MinimumCurrency: string(home), For: forChosen}
	if c.Percent > 0 {
		v.Percent = checkout.WritePercent(c.Percent)
	} else {
		v.Off, v.Amount, v.Currency = byAmount, c.Amount.Decimal(), string(c.Amount.Currency)
		v.MinimumCurrency = v.Currency
	}
	if c.Minimum != nil {
		v.Minimum, v.MinimumCurrency = c.Minimum.Decimal(), string(c.Minimum.Currency)
	}
	if c.Everywhere {
		v.For = forAll
	}
	for _, t := range targets {
		if t.Name != "" {
			list := v.chosen(t.Kind)
			*list = append(*list, t.TargetID)
		}
	}
	return v
}

// chosen are the ids of a kind.
func (v *couponValues) chosen(kind string) *[]string {
	switch kind {
	case coupon.ToLink:
		return &v.Links
	case coupon.ToProduct:
		return &v.Products
	}
	return &v.Tags
}

// off reads what is taken off. What can't be read is noted, and nothing.
func (v couponValues) off(reader frame.Reader, unread *fault.Fields) (percent int64, amount money.Amount) {
	if v.Off == byAmount {
		return 0, frame.AmountFrom(reader, v.Amount, money.Currency(v.Currency), "amount.value", unread)
	}
	percent, ok := checkout.ReadPercent(strings.TrimSpace(strings.TrimRight(strings.TrimSpace(v.Percent), "%٪")))
	if !ok || percent <= 0 || percent > 100_00 {
		unread.Add("percent", "coupon.percent", "Enter a percentage above 0 and up to 100, with at most two decimals.")
		return 0, money.Amount{}
	}
	return percent, amount
}

// edit reads the fields that may change.
func (v couponValues) edit(reader frame.Reader, unread *fault.Fields) func(*coupon.Fields) {
	most := numberFrom(v.Max, "max_redemptions", unread)
	c := v.MinimumCurrency
	if v.Off == byAmount {
		c = v.Currency
	}
	minimum := frame.OptionalAmount(reader, v.Minimum, money.Currency(c), "minimum.value", unread)
	if v.For == forChosen && len(v.Links)+len(v.Products)+len(v.Tags) == 0 {
		unread.Add("links", "coupon.none", "Choose at least one link, product or tag, or let it count for everything.")
	}
	return func(f *coupon.Fields) {
		f.Name, f.Max, f.Minimum, f.ForAll = v.Name, most, minimum, v.For == forAll
		f.Links, f.Products, f.Tags = nil, nil, nil
		if !f.ForAll {
			f.Links, f.Products, f.Tags = ids[link.ID](v.Links), ids[product.ID](v.Products), ids[tag.ID](v.Tags)
		}
	}
}

func ids[T ~string](typed []string) []T {
	all := make([]T, len(typed))
	for i, id := range typed {
		all[i] = T(id)
	}
	return all
}

// couponInputs maps fields to inputs where they differ.
func couponInputs() map[string]string {
	return map[string]string{
		"max_redemptions": "max", "amount.value": "amount", "amount.currency": "amount", "minimum.value": "minimum", "minimum.currency": "minimum",
		"links": "for", "products": "for", "tags": "for",
		"codes.code": "codes", "codes.max_redemptions": "code_max", "codes.starts_at": "starts_at", "codes.ends_at": "ends_at",
	}
}

// couponFields are what two members may change at the same time. names are those of what
// it may be for, by id.
func couponFields(reader frame.Reader, names map[string]string) []frame.FormField[couponValues] {
	type v = couponValues
	fields := []frame.FormField[v]{
		frame.TextField(reader.T("Name"), func(c *v) *string { return &c.Name }),
		frame.TextField(reader.T("Uses of all its codes"), func(c *v) *string { return &c.Max }),
		{
			Label: reader.T("Least that must be bought"),
			Show: func(c v) string {
				if c.Minimum == "" {
					return ""
				}
				return c.Minimum + " " + c.MinimumCurrency
			},
			Take: func(from v, to *v) { to.Minimum, to.MinimumCurrency = from.Minimum, from.MinimumCurrency },
		},
		{
			Label: reader.T("What it is for"),
			Show: func(c v) string {
				if c.For == forAll {
					return reader.T("Everything you sell")
				}
				var all []string
				for _, id := range slices.Concat(c.Links, c.Products, c.Tags) {
					all = append(all, names[id])
				}
				return frame.SortedList(all)
			},
			Take: func(from v, to *v) {
				to.For, to.Links, to.Products, to.Tags = from.For, from.Links, from.Products, from.Tags
			},
		},
	}
	return fields
}

// codeValues are the fields of codes as they were typed.
type codeValues struct {
	Codes        string // one a line; of new ones alone
	Max          string
	Starts, Ends string
	OncePerEmail bool
}

func codeValuesFrom(form url.Values) codeValues {
	return codeValues{Codes: form.Get("codes"), Max: form.Get("code_max"), Starts: form.Get("starts_at"), Ends: form.Get("ends_at"), OncePerEmail: frame.Ticked(form, "once_per_email")}
}

func codeValuesOf(c coupon.Code, zone *time.Location) codeValues {
	return codeValues{Max: numberInput(c.Max), Starts: frame.LocalTime(c.StartsAt, zone), Ends: frame.LocalTime(c.EndsAt, zone), OncePerEmail: c.OncePerEmail}
}

// typed are the codes, which stand in lines or apart by commas or blanks.
func (v codeValues) typed() []string {
	return strings.FieldsFunc(v.Codes, func(c rune) bool { return strings.ContainsRune(",;،؛ \t\r\n", c) })
}

// fields reads what all codes of the form share; unread names the fields behind the prefix.
func (v codeValues) fields(zone *time.Location, prefix string, unread *fault.Fields) coupon.CodeFields {
	return coupon.CodeFields{
		Max:      numberFrom(v.Max, prefix+"max_redemptions", unread),
		StartsAt: frame.InstantFrom(v.Starts, zone, prefix+"starts_at", unread), EndsAt: frame.InstantFrom(v.Ends, zone, prefix+"ends_at", unread),
		OncePerEmail: v.OncePerEmail,
	}
}

func codeInputs() map[string]string {
	return map[string]string{"code": "codes", "max_redemptions": "code_max"}
}

// codeFields are what two members may change at the same time.
func codeFields(reader frame.Reader) []frame.FormField[codeValues] {
	type v = codeValues
	return []frame.FormField[v]{
		frame.TextField(reader.T("Uses"), func(c *v) *string { return &c.Max }),
		frame.TextField(reader.T("From"), func(c *v) *string { return &c.Starts }),
		frame.TextField(reader.T("Until"), func(c *v) *string { return &c.Ends }),
		frame.SwitchField(reader, reader.T("Once per email address"), func(c *v) *bool { return &c.OncePerEmail }),
	}
}

func numberInput(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// numberFrom reads how often something can be used, 0 when nothing was typed. What is no
// such number is noted and becomes one that is refused.
func numberFrom(typed, name string, unread *fault.Fields) int64 {
	if typed = strings.TrimSpace(typed); typed == "" {
		return 0
	}
	n, err := text.Whole(typed)
	if err != nil || n < 1 || n > coupon.MaxUses {
		unread.Add(name, "coupon.max", "Enter a number from 1 to 1,000,000, or leave it out for any number.")
		return -1
	}
	return n
}
