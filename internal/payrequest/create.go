package payrequest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/publish"
	"smartlinks/internal/webhook"
)

// Call is what a program asks for. All of it is as it was sent.
type Call struct {
	Token       string // names the program
	Type        string // paymentlink, direct or link; "" is paymentlink
	Title       string // what the program knows it by, such as an invoice's number
	Amount      string // 12.25 or 12,25
	Currency    string // "" is the business's
	Name, Email string // of who is to pay; may be empty
	Description string
	Reference   string // "" is the title
	Response    string // where the payer goes after payment; may be empty
	Callback    string // what is told of the payment; may be empty
	TestMode    string // yes or no, in the words that forms have for it
}

// maxTitle is how many characters of a title are kept. Programs send whole invoices as a
// description: what is too long for a link is cut for payers, and the title comes back
// whole in the callback.
const maxTitle = 500

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// Create makes a one-time link and returns its address. The same token, type, title,
// amount, currency and e-mail get the same link while it can be paid, and then the
// page of its payment; the callback and the response are those of the last call.
// Errors: Invalid with the fields as they are called in a request.
func (c *Calls) Create(ctx context.Context, b business.Business, in Call) (address string, id link.ID, err error) {
	in.Type = cmp.Or(in.Type, "paymentlink")
	d, err := c.read(b, in)
	if err != nil {
		return "", "", err
	}
	for range 3 {
		err = c.DB.InTx(ctx, func(tx *db.Tx) error {
			address, id, err = c.create(ctx, tx, b, in, d)
			return err
		})
		if !errors.Is(err, errTwin) {
			return address, id, renamed(err)
		}
	}
	return "", "", fault.Wrap(err, fault.Conflict, "This was asked for twice at once. Ask again in a moment.")
}

// errTwin says that the same call was quicker elsewhere.
var errTwin = errors.New("payrequest: the call is answered already")

func (c *Calls) create(ctx context.Context, tx *db.Tx, b business.Business, in Call, d link.Fields) (string, link.ID, error) {
	key := in.key(*d.Amount)
	var known struct{ LinkID link.ID }
	err := tx.Get(ctx, &known, `UPDATE payrequest_links SET callback = $3 WHERE business_id = $1 AND call = $2 RETURNING link_id`, b.ID, key, in.Callback)
	if err == nil {
		l, err := c.Links.GetTx(ctx, tx, b, known.LinkID)
		if !fault.Is(err, fault.NotFound) {
			return c.again(ctx, tx, b, l, d, err)
		}
		// The link was deleted, so the call makes another one.
		if _, err := tx.Exec(ctx, `DELETE FROM payrequest_links WHERE business_id = $1 AND call = $2`, b.ID, key); err != nil {
			return "", "", err
		}
	} else if !errors.Is(err, db.ErrNoRows) {
		return "", "", err
	}
	return c.first(ctx, tx, b, in, d, key)
}

// again is the answer to a call that has a link.
func (c *Calls) again(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, d link.Fields, err error) (string, link.ID, error) {
	if err != nil {
		return "", "", err
	}
	if l.Status() == link.LimitReached {
		var paid string
		err := tx.Get(ctx, &paid, `SELECT id FROM payments WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND receipt IS NOT NULL ORDER BY paid_at DESC, id DESC LIMIT 1`,
			b.ID, l.ID, b.Mode)
		if err == nil {
			return c.Addresses.OfLink(string(b.ID), l.Domain, address.Payment(paid)), l.ID, nil
		}
		if !errors.Is(err, db.ErrNoRows) {
			return "", "", err
		}
	}
	if l.After.RedirectURL != d.After.RedirectURL {
		if _, err := c.Links.EditTx(ctx, tx, b, l.ID, 0, func(f *link.Fields) { f.After.RedirectURL = d.After.RedirectURL }); err != nil {
			return "", "", err
		}
	}
	return c.linkURL(b, l.Domain, l.Path), l.ID, nil
}

// first makes the link of a call.
func (c *Calls) first(ctx context.Context, tx *db.Tx, b business.Business, in Call, d link.Fields, key string) (string, link.ID, error) {
	// What a stranger can guess from the number of an invoice is no address of it.
	chance, err := tx.NewID("lnk")
	if err != nil {
		return "", "", err
	}
	d.Path = pathOf(d.Name, b.Locale, chance[len(chance)-10:])
	made, err := c.Publish.CreateTx(ctx, tx, b, d, publish.With{Customer: func(ctx context.Context, tx *db.Tx) (customer.ID, error) {
		who, _, err := c.Customers.MatchOrCreate(ctx, tx, b.ID, customer.Payer{Name: in.Name, Email: in.Email})
		return who, err
	}})
	if err != nil {
		return "", "", err
	}
	l := made.Link
	n, err := tx.Exec(ctx, `INSERT INTO payrequest_links (link_id, business_id, call, title, callback, due_on, created_at) VALUES ($1, $2, $3, $4, $5, '', $6)
		ON CONFLICT DO NOTHING`, l.ID, b.ID, key, in.Title, in.Callback, db.At(tx.Now()))
	if err == nil && n == 0 {
		err = errTwin
	}
	return c.linkURL(b, l.Domain, l.Path), l.ID, err
}

// longestPath is how much of a title its link's path keeps.
const longestPath = 60

func pathOf(title, language, chance string) string {
	path := link.SuggestPath(title, language)
	return strings.Trim(path[:min(len(path), longestPath)], "-") + "-" + chance
}

// key names the call among those of the business: what makes it another one.
func (in Call) key(amount money.Amount) string {
	email := in.Email
	if address, err := mailaddr.Parse(email); err == nil {
		email = address.Folded
	}
	hash := sha256.Sum256([]byte(strings.Join([]string{in.Token, in.Type, in.Title, amount.Decimal(), string(amount.Currency), email}, "\x00")))
	return hex.EncodeToString(hash[:])
}

// read checks the call and returns its link.
func (c *Calls) read(b business.Business, in Call) (link.Fields, error) {
	var wrong fault.Fields
	switch in.Type {
	case "paymentlink", "direct", "link":
	default:
		wrong.Add("type", "type.unknown", "Send the type paymentlink, direct or link.")
	}
	checkTestMode(b, in.TestMode, &wrong)
	d := link.Defaults()
	d.Name, d.Type, d.Description = cut(strings.TrimSpace(in.Title), link.MaxName), link.Amount, cut(in.Description, link.MaxDescription)
	d.Reference, d.Limit, d.After.RedirectURL = strings.TrimSpace(in.Reference), link.Limit{Kind: link.Once}, strings.TrimSpace(in.Response)
	if d.Reference == "" && len([]rune(d.Name)) <= link.MaxReference {
		d.Reference = d.Name
	}
	switch n := len([]rune(in.Title)); {
	case d.Name == "":
		wrong.Add("title", "title.missing", "Send a title.")
	case n > maxTitle:
		wrong.Add("title", "title.long", "Send a title of at most 500 characters.")
	}
	d.Amount = readAmount(b, in, &wrong)
	if in.Callback != "" {
		if why := webhook.CheckURL(in.Callback, c.Webhooks.AllowPrivate); why != "" {
			wrong.Add("callback", "url.refused", why)
		}
	}
	if refusal := (*mailaddr.Refusal)(nil); in.Email != "" {
		if _, err := mailaddr.Parse(in.Email); errors.As(err, &refusal) {
			wrong.Add("email", refusal.Code, refusal.Message)
		}
	}
	return d, wrong.Err()
}

func readAmount(b business.Business, in Call, wrong *fault.Fields) *money.Amount {
	currency := b.Currency
	if in.Currency != "" {
		var err error
		if currency, err = money.ParseCurrency(strings.ToUpper(strings.TrimSpace(in.Currency))); err != nil {
			wrong.Add("currency", string(money.BadCurrency), "Send a currency by its three letters, like EUR.")
			return nil
		}
	}
	amount, err := money.ParseTyped(in.Amount, currency)
	if refusal := (*money.ParseError)(nil); errors.As(err, &refusal) {
		wrong.Add("amount", string(refusal.Reason), refusal.Message)
		return nil
	}
	return &amount
}

// checkTestMode refuses play money where real money moves: whoever tries something
// out must not be charged.
func checkTestMode(b business.Business, s string, wrong *fault.Fields) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "false", "off", "no":
	case "1", "true", "on", "yes":
		if b.Mode == business.Live {
			wrong.Add("testmode", "testmode.live", "This business takes real money. Switch testmode off, or try out with a business in test mode.")
		}
	default:
		wrong.Add("testmode", "testmode.unknown", "Send true or false.")
	}
}

// renamed calls the fields of a link as a call does.
func renamed(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var wrong fault.Fields
	for _, f := range fault.Of(err).Fields {
		name, known := map[string]string{
			"name": "title", "path": "title", "amount.value": "amount", "amount.currency": "currency", "after_payment.redirect_url": "response", "reference": "id",
		}[f.Name]
		if !known {
			name = f.Name
		}
		wrong.Add(name, f.Code, f.Message)
	}
	return wrong.Err()
}
