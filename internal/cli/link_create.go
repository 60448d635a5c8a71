package cli

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// terms are what can be said of a link when it is made and when it is changed. What is
// not said is nil.
type terms struct {
	Amount      string  `help:"What it asks, such as 49 or 12.50."`
	Currency    string  `help:"Of the amount, such as EUR; the business's when left out."`
	Path        *string `help:"Its part of the address; made from the name when left out."`
	Description *string `help:"Payers read it on the page."`
	Notes       *string `help:"For yourselves: payers never see them."`
	Reference   *string `help:"Of yours, such as an invoice's number."`
	Limit       string  `help:"How many payments it takes: once, none for no limit, or a number."`
	Tag         *string `help:"Tags, separated by commas."`
	Starts      *string `help:"Payments are taken from then on: RFC 3339, like 2026-12-01T09:00:00Z."`
	Ends        *string `help:"Payments are taken until then."`
	Due         *string `placeholder:"DAY" help:"The day by which it wants to be paid, like 2026-12-31."`
	Redirect    *string `help:"Where payers go after payment."`
	Reminders   string  `help:"How often recipients are reminded: daily, every_2_days, every_3_days, weekly, monthly, or none."`
}

// fields are the members of a link that say so.
func (t terms) fields() (map[string]any, error) {
	f := map[string]any{}
	for name, value := range map[string]*string{
		"path": t.Path, "description": t.Description, "notes": t.Notes, "reference": t.Reference, "starts_at": t.Starts, "ends_at": t.Ends, "due_on": t.Due,
	} {
		if value != nil {
			f[name] = *value
			if *value == "" && (strings.HasSuffix(name, "_at") || name == "due_on") {
				f[name] = nil
			}
		}
	}
	if a := amount(t.Amount, t.Currency); a != nil {
		f["amount"] = a
	} else if t.Currency != "" {
		return nil, Misuse("--currency is that of an amount. Give --amount too.")
	}
	if t.Tag != nil {
		f["tags"] = words(*t.Tag)
	}
	if t.Redirect != nil {
		f["after_payment"] = map[string]any{"redirect_url": *t.Redirect}
	}
	switch t.Reminders {
	case "":
	case "none":
		f["reminders"] = nil
	default:
		f["reminders"] = map[string]any{"frequency": t.Reminders, "max": 5}
	}
	switch n, err := strconv.Atoi(t.Limit); {
	case t.Limit == "":
	case t.Limit == "once":
		f["limit"] = map[string]any{"kind": "once"}
	case t.Limit == "none":
		f["limit"] = nil
	case err == nil:
		f["limit"] = map[string]any{"kind": "multiple", "max": n}
	default:
		return nil, Misuse("--limit takes once, none or a number of payments, not “" + t.Limit + "”.")
	}
	return f, nil
}

// words are texts separated by commas, without blanks around them.
func words(list string) []string {
	all := []string{}
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// currency is the business's.
func (c *client) currency(ctx context.Context) (string, error) {
	var business struct {
		Currency string `json:"currency"`
	}
	_, err := c.get(ctx, "/business", nil, &business)
	return business.Currency, err
}

type createCommand struct {
	server `group:"The server:"`
	terms
	Name    string `arg:"" help:"What is paid for, such as \"Summer Sale\"."`
	Product string `help:"Id of a product that it sells, in place of an amount."`
	Paused  bool   `help:"Leave it switched off until link resume."`
	To      string `help:"Send it at once: an e-mail address, a phone number with country code, or a customer's id."`
	By      string `help:"How to send it: email, sms, or both separated by a comma; what the recipient has when left out."`
	Message string `help:"Words of your own for that."`
}

// Run makes the link, sends it if asked, and shows it.
func (c createCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if c.To == "" && c.By+c.Message != "" {
		return Misuse("--by and --message are about sending the link. Say to whom with --to, or leave them out.")
	}
	if a, ok := fields["amount"].(*money); ok && a.Currency == "" {
		if a.Currency, err = at.currency(ctx); err != nil {
			return fmt.Errorf("give --currency, because the business's is not known: %w", err)
		}
	}
	fields["name"], fields["type"] = c.Name, "amount"
	if c.Product != "" {
		fields["type"], fields["product_id"] = "product", c.Product
	}
	if c.Paused {
		fields["active"] = false
	}
	if c.To != "" {
		who, err := at.recipient(ctx, c.To, "")
		if err != nil {
			return fmt.Errorf("%s: %w", plain(c.To), err)
		}
		fields["customer_id"], fields["deliver"] = who.ID, who.channels(c.By)
		if c.Message != "" {
			fields["message"] = c.Message
		}
	}
	var l link
	answer, err := at.ask(ctx, http.MethodPost, "/links", fields, &l)
	if err != nil {
		return err
	}
	if err := c.answer(to.Out, l, answer); err != nil {
		return err
	}
	if why := unsent(l.Deliveries); why != "" {
		return failed("The link was made, but not sent. %s", why)
	}
	return nil
}
