package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// code is what people are shown of a promotion code.
type code struct {
	ID           string     `json:"id"`
	Code         string     `json:"code"`
	CouponID     string     `json:"coupon_id"`
	Status       string     `json:"status"`
	Max          *int64     `json:"max_redemptions"`
	Starts       *time.Time `json:"starts_at"`
	Ends         *time.Time `json:"ends_at"`
	OncePerEmail bool       `json:"once_per_email"`
	Used         int64      `json:"used"`
	Held         int64      `json:"held"`
	TakenOff     []money    `json:"taken_off"`
	Brought      []money    `json:"brought"`
}

// uses are how often it was used, of how often it can be.
func (c code) uses() string {
	if c.Max == nil {
		return strconv.FormatInt(c.Used, 10)
	}
	return fmt.Sprintf("%d/%d", c.Used, *c.Max)
}

// status is the code's in words.
func (c code) status() string { return strings.ReplaceAll(c.Status, "_", " ") }

func sums(amounts []money) string {
	all := make([]string, len(amounts))
	for i, a := range amounts {
		all[i] = a.String()
	}
	return strings.Join(all, " + ")
}

// coupon is what a code gives.
type coupon struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Percent *string `json:"percent"`
	Amount  *money  `json:"amount"`
	Minimum *money  `json:"minimum"`
	// Everywhere is for all that is sold; else it is for these alone, and for nothing when
	// all of them were deleted.
	Everywhere bool     `json:"everywhere"`
	Links      []string `json:"links"`
	Products   []string `json:"products"`
	Tags       []string `json:"tags"`
}

// off is what it takes off.
func (c coupon) off() string {
	switch {
	case c.Percent != nil:
		return *c.Percent + " %"
	case c.Amount != nil:
		return c.Amount.String()
	}
	return ""
}

// least is what must be bought for it, if anything.
func (c coupon) least() string {
	if c.Minimum == nil {
		return ""
	}
	return c.Minimum.String()
}

type codesCommand struct {
	server `group:"The server:"`
	page
	Search string `help:"Part of the code, or of its coupon's name."`
}

// Run lists codes.
func (c codesCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	codes, answer, more, err := pages[code](ctx, at, "/promotion-codes", set(url.Values{}, "q", c.Search), c.Most)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	if len(codes) == 0 {
		_, err = fmt.Fprintln(to.Out, "No codes.")
		return err
	}
	coupons, _, _, err := pages[coupon](ctx, at, "/coupons", url.Values{}, 0)
	if err != nil {
		return err
	}
	of := map[string]coupon{}
	for _, one := range coupons {
		of[one.ID] = one
	}
	var rows [][]string
	for _, one := range codes {
		rows = append(rows, []string{one.Code, of[one.CouponID].off(), of[one.CouponID].Name, one.status(), one.uses(), sums(one.TakenOff), sums(one.Brought), one.ID})
	}
	if err := table(to.Out, []string{"CODE", "OFF", "COUPON", "STATUS", "USED", "TAKEN OFF", "BROUGHT", "ID"}, rows); err != nil {
		return err
	}
	return sayMore(to.Out, more)
}

type createCodeCommand struct {
	server   `group:"The server:"`
	Code     string `arg:"" optional:"" help:"What payers type, such as SUMMER10; one that nobody guesses when left out."`
	Coupon   string `help:"Id of a coupon that it gives; else a coupon is made with it, by the flags below."`
	Percent  string `help:"What it takes off, such as 10."`
	Amount   string `help:"What it takes off, such as 5 or 12.50, in place of a percentage."`
	Currency string `help:"Of the amount and of --minimum, such as EUR; the business's when left out."`
	Name     string `help:"The coupon's name, for yourselves; the code when left out."`
	Link     string `help:"Links that it is for, separated by commas: their ids, paths or addresses. It is for everything without --link, --product and --tag."`
	Product  string `help:"Ids of products that it is for, separated by commas."`
	Tag      string `help:"Tags of links that it is for, separated by commas."`
	Minimum  string `help:"What must be bought at least, such as 49."`
	Max      *int64 `help:"How often the code can be used; any number when left out."`
	Starts   string `help:"It counts from then on: RFC 3339, like 2026-06-01T00:00:00Z."`
	Ends     string `help:"It counts until then."`
	Once     bool   `help:"Once for each e-mail address."`
}

// Run makes the code, with its coupon if none is named.
func (c createCodeCommand) Run(ctx context.Context, to Streams) error {
	if c.Max != nil && *c.Max < 1 { // before a coupon is made for it
		return Misuse("--max is how often the code can be used, 1 or more. Leave it out for any number.")
	}
	at, err := c.client(to)
	if err != nil {
		return err
	}
	if c.Coupon != "" && c.ofCoupon() {
		return Misuse("--coupon names a coupon that is there. Leave out what describes another one.")
	}
	made := coupon{ID: c.Coupon}
	if c.Coupon == "" {
		if made, err = c.makeCoupon(ctx, at); err != nil {
			return err
		}
	}
	body := map[string]any{"coupon_id": made.ID, "once_per_email": c.Once}
	for name, value := range map[string]string{"code": c.Code, "starts_at": c.Starts, "ends_at": c.Ends} {
		if value != "" {
			body[name] = value
		}
	}
	if c.Max != nil {
		body["max_redemptions"] = *c.Max
	}
	var one code
	answer, err := at.ask(ctx, http.MethodPost, "/promotion-codes", body, &one)
	if err != nil {
		if c.Coupon == "" { // a coupon without a code is of no use
			if _, undone := at.ask(ctx, http.MethodDelete, "/coupons/"+made.ID, nil, nil); undone != nil {
				err = errors.Join(err, fmt.Errorf("the coupon %s stays, delete it in the dashboard: %w", made.ID, undone))
			}
		}
		return err
	}
	if c.Coupon == "" && c.Name == "" && made.Name != one.Code { // the server drew the code, or wrote it in capitals
		if _, err := at.ask(ctx, http.MethodPatch, "/coupons/"+made.ID, map[string]any{"name": one.Code}, nil); err != nil {
			return err
		}
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	return at.showCode(ctx, to, one)
}

// ofCoupon tells whether a coupon is described.
func (c createCodeCommand) ofCoupon() bool {
	return c.Percent+c.Amount+c.Name+c.Link+c.Product+c.Tag+c.Minimum != ""
}

func (c createCodeCommand) makeCoupon(ctx context.Context, at *client) (made coupon, err error) {
	if (c.Percent == "") == (c.Amount == "") {
		return made, Misuse("Say what it takes off by --percent or --amount, or name a coupon by --coupon.")
	}
	currency := c.Currency
	if currency == "" && c.Amount+c.Minimum != "" {
		if currency, err = at.currency(ctx); err != nil {
			return made, fmt.Errorf("give --currency, because the business's is not known: %w", err)
		}
	}
	links := []string{}
	for _, ref := range words(c.Link) {
		l, _, err := at.find(ctx, ref)
		if err != nil {
			return made, err
		}
		links = append(links, l.ID)
	}
	body := map[string]any{"name": c.Name, "links": links, "products": words(c.Product), "tags": words(c.Tag)}
	if c.Name == "" {
		body["name"] = c.Code
		if c.Code == "" {
			body["name"] = "Code"
		}
	}
	if c.Percent != "" {
		body["percent"] = strings.Replace(c.Percent, ",", ".", 1)
	} else {
		body["amount"] = amount(c.Amount, currency)
	}
	if c.Minimum != "" {
		body["minimum"] = amount(c.Minimum, currency)
	}
	_, err = at.ask(ctx, http.MethodPost, "/coupons", body, &made)
	return made, err
}
