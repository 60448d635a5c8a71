package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// payment is what people are shown of one, and of an attempt to pay.
type payment struct {
	ID       string     `json:"id"`
	Code     string     `json:"code"`
	Status   string     `json:"status"`
	Title    string     `json:"title"`
	Amount   money      `json:"amount"`
	Refunded money      `json:"refunded"`
	Lost     money      `json:"lost"`
	Dispute  *string    `json:"dispute"`
	Net      money      `json:"net"`
	Receipt  *string    `json:"receipt"`
	Method   *string    `json:"method"`
	Provider string     `json:"provider"`
	Reason   *string    `json:"reason"`
	Notes    string     `json:"notes"`
	Channel  string     `json:"channel"`
	Created  *time.Time `json:"created_at"`
	Paid     *time.Time `json:"paid_at"`
	Customer struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"customer"`
	Timeline []struct {
		At     *time.Time `json:"at"`
		State  string     `json:"state"`
		Cause  string     `json:"cause"`
		Detail string     `json:"detail"`
	} `json:"timeline"`
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type paymentsCommand struct {
	server `group:"The server:"`
	page
	Link   string `help:"Of this link: its id, path or address."`
	Search string `help:"A receipt number, reference, e-mail address, payment code or id."`
	Status string `help:"paid, open, pending, failed, canceled, expired, refunded, partially_refunded, overflow or review; several separated by commas."`
	From   string `help:"A day like 2026-02-18, or a time."`
	Until  string `help:"A day or a time; without it."`
}

// Run lists payments.
func (c paymentsCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	query := set(url.Values{}, "q", c.Search, "status", c.Status, "from", c.From, "to", c.Until)
	if c.Link != "" {
		l, _, err := at.find(ctx, c.Link)
		if err != nil {
			return err
		}
		query.Set("link_id", l.ID)
	}
	payments, answer, more, err := pages[payment](ctx, at, "/payments", query, c.Most)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	if len(payments) == 0 {
		_, err = fmt.Fprintln(to.Out, "No payments.")
		return err
	}
	var rows [][]string
	for _, p := range payments {
		at := p.Paid
		if at == nil {
			at = p.Created
		}
		rows = append(rows, []string{when(at), p.Title, p.Customer.Name, p.Amount.String(), p.Status, text(p.Receipt), p.ID})
	}
	if err := table(to.Out, []string{"WHEN", "FOR", "PAYER", "AMOUNT", "STATUS", "RECEIPT", "ID"}, rows); err != nil {
		return err
	}
	return sayMore(to.Out, more)
}

type paymentCommand struct {
	server  `group:"The server:"`
	Payment string `arg:"" help:"The payment's id, code or receipt number."`
}

// Run shows a payment.
func (c paymentCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	p, answer, err := at.payment(ctx, c.Payment)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	rows := [][2]string{
		{"Id", p.ID}, {"Code", p.Code}, {"Amount", p.Amount.String()}, {"Status", p.Status}, {"Why", text(p.Reason)}, {"Receipt", text(p.Receipt)},
		{"Payer", p.payer()}, {"Method", text(p.Method)}, {"By", p.Channel}, {"Notes", p.Notes}, {"Paid", when(p.Paid)},
	}
	if p.Dispute != nil {
		rows = append(rows, [2]string{"Dispute", *p.Dispute})
	}
	if p.Net.Value != p.Amount.Value && p.Paid != nil {
		rows = append(rows, [2]string{"Refunded", p.Refunded.String()})
		if strings.Trim(p.Lost.Value, "0.") != "" {
			rows = append(rows, [2]string{"Lost", p.Lost.String()})
		}
		rows = append(rows, [2]string{"Kept", p.Net.String()})
	}
	for _, e := range p.Timeline {
		rows = append(rows, [2]string{when(e.At), e.State + ", by " + e.Cause + sentence(e.Detail)})
	}
	return card(to.Out, p.Title, rows...)
}

// payer is who paid, "" for money of nobody known.
func (p payment) payer() string {
	who := p.Customer.Name
	if p.Customer.Email != "" {
		who += " <" + p.Customer.Email + ">"
	}
	return strings.TrimSpace(who)
}

func sentence(detail string) string {
	if detail == "" {
		return ""
	}
	return ": " + detail
}

// payment is the one that is meant, by its whole id, code or receipt number: money must not
// go back because a name, an amount or a part of a number was found once.
func (c *client) payment(ctx context.Context, ref string) (p payment, answer []byte, err error) {
	ref = strings.TrimSpace(ref)
	if strings.HasPrefix(ref, "pay_") {
		answer, err = c.get(ctx, "/payments/"+url.PathEscape(ref), nil, &p)
		return p, answer, err
	}
	found, _, _, err := pages[payment](ctx, c, "/payments", url.Values{"q": {ref}}, 0)
	if err != nil {
		return p, nil, err
	}
	found = slices.DeleteFunc(found, func(p payment) bool {
		return !strings.EqualFold(p.Code, ref) && !strings.EqualFold(text(p.Receipt), ref)
	})
	switch len(found) {
	case 1:
		return c.payment(ctx, found[0].ID)
	case 0:
		return p, nil, failed("There is no payment with the id, code or receipt number “%s”. Find it with `smartlinks payment list --search`.", plain(ref))
	}
	return p, nil, failed("There are several payments “%s”. Give the id of one, from `smartlinks payment list --search`.", plain(ref))
}

type refundCommand struct {
	server     `group:"The server:"`
	Payment    string `arg:"" help:"The payment's id, code or receipt number."`
	Amount     string `help:"What to give back; all that is left when left out."`
	Reason     string `help:"For yourselves."`
	ReturnSlot bool   `help:"Let somebody else pay in this place of a limited link."`
}

// Run gives money back.
func (c refundCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	p, _, err := at.payment(ctx, c.Payment)
	if err != nil {
		return err
	}
	body := map[string]any{"return_slot": c.ReturnSlot}
	if a := amount(c.Amount, p.Amount.Currency); a != nil {
		body["amount"] = a
	}
	if c.Reason != "" {
		body["reason"] = c.Reason
	}
	var r struct {
		Amount  money   `json:"amount"`
		Status  string  `json:"status"`
		Problem *string `json:"problem"`
	}
	answer, err := at.ask(ctx, http.MethodPost, "/payments/"+p.ID+"/refunds", body, &r)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	how := map[string]string{"done": "was given back", "pending": "is on its way back", "failed": "could not be given back"}[r.Status]
	if r.Status == "done" && (p.Provider == "bank_transfer" || p.Provider == "manual") {
		how = "is recorded as given back: send it yourself, no provider moves it"
	}
	if r.Problem != nil {
		how += ": " + *r.Problem
	}
	_, err = fmt.Fprintf(to.Out, "%s %s.\n", r.Amount, plain(how))
	return err
}
