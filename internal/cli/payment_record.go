package cli

import (
	"context"
	"fmt"
	"net/http"
)

type recordCommand struct {
	server `group:"The server:"`
	one
	Amount   string `help:"What came; the link's amount when left out."`
	Method   string `enum:"cash,bank_transfer,other" default:"bank_transfer" help:"How it came: cash, bank_transfer or other."`
	On       string `placeholder:"DAY" help:"The day on which it came, like 2026-12-31; today when left out."`
	Name     string `help:"Name of who paid."`
	Email    string `help:"Their e-mail address."`
	Quantity int64  `default:"1" help:"How many they paid for, where a link sells several at once."`
	Note     string `help:"For yourselves."`
	Receipt  bool   `help:"Mail the receipt to the address."`
	Raise    bool   `help:"Raise the limit of a full link by what is missing."`
}

// Run records money that came outside any provider.
func (c recordCommand) Run(ctx context.Context, to Streams) error {
	switch {
	case c.Quantity < 1:
		return Misuse("--quantity takes a number from 1.")
	case c.Receipt && c.Email == "":
		return Misuse("--receipt needs --email: the address to mail it to.")
	}
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	came := amount(c.Amount, l.Amount.Currency)
	if came == nil {
		if l.PayerAmount != nil || c.Quantity > 1 {
			return Misuse("Say how much came, with --amount.")
		}
		came = &l.Amount
	}
	body := map[string]any{"amount": came, "method": c.Method, "quantity": c.Quantity, "send_receipt": c.Receipt, "raise_limit": c.Raise}
	for name, value := range map[string]string{"paid_on": c.On, "name": c.Name, "email": c.Email, "note": c.Note} {
		if value != "" {
			body[name] = value
		}
	}
	var p payment
	answer, err := at.ask(ctx, http.MethodPost, "/links/"+l.ID+"/payments", body, &p)
	if err != nil {
		return err
	}
	if c.JSON {
		return raw(to.Out, answer)
	}
	_, err = fmt.Fprintf(to.Out, "%s is recorded for %s: receipt %s, payment %s\n", p.Amount, plain(l.Name), text(p.Receipt), p.ID)
	return err
}
