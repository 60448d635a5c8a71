package payment

import (
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

// StartRequest is a payer who pressed Pay.
type StartRequest struct {
	Business    business.Business
	Source      Source
	Link        *link.Link       // nil without a link
	Product     *product.Product // nil when an amount is paid
	Version     int64            // of what is sold, as the payer saw it
	Amount      money.Amount     // as the payer saw or chose it
	Title       string
	Description string
	Payer       Payer
	BrowserKey  string   // of the browser, "" without a cookie
	Request     *Request // that led here, nil without one
	// OnceMore is the code of the payer's newest payment for the same: they were
	// told of it and pay once more. "" when they were told of none.
	OnceMore    string
	Attribution Attribution
}

// attempt is the snapshot of what the payer asked for.
func (r StartRequest) attempt(id ID, now time.Time) Attempt {
	a := Attempt{
		ID: id, BusinessID: r.Business.ID, Source: r.Source, Version: r.Version, Title: r.Title, Description: r.Description,
		Amount: r.Amount, Mode: r.Business.Mode, Provider: r.Business.Provider, State: Creating,
		HoldUntil: now.Add(HoldFor), Payer: r.Payer, BrowserKey: r.BrowserKey, Attribution: r.Attribution, CreatedAt: now, UpdatedAt: now,
	}
	if a.Channel == "" {
		a.Channel = "direct"
	}
	if r.Link != nil {
		a.LinkID, a.Reference, a.HoldsSlot = r.Link.ID, r.Link.Reference, true
		a.InstantOnly = r.Business.InstantOnly && r.Link.Limit.Limited()
	}
	if r.Product != nil {
		a.ProductID = r.Product.ID
	}
	return a
}

// What a payer may type. Notes hold, behind what was typed, what the page's URL said.
var (
	payerName  = text.Rule{Most: 120, Required: true}
	payerNotes = text.Rule{Most: 1600, Lines: true}
)

// clean tidies what the payer typed, and tells all that is wrong at once.
func (r *StartRequest) clean() error {
	var wrong fault.Fields
	r.Payer.Name = payerName.Clean("name", r.Payer.Name, func(name, code, message string) {
		if code == text.Missing {
			code, message = "name.missing", "Enter your full name."
		}
		wrong.Add(name, code, message)
	})
	r.Payer.Notes = payerNotes.Clean("notes", r.Payer.Notes, wrong.Add)
	address, err := mailaddr.Parse(r.Payer.Email)
	var refusal *mailaddr.Refusal
	switch {
	case errors.As(err, &refusal):
		wrong.Add("email", refusal.Code, refusal.Message)
	case err != nil:
		return err
	default:
		r.Payer.Email = address.Typed
	}
	return wrong.Err()
}

// foldedEmail is how addresses are compared: a mailbox written in two ways is
// one. The address is clean already.
func foldedEmail(email string) string {
	if address, err := mailaddr.Parse(email); err == nil {
		return address.Folded
	}
	return text.Fold(email)
}
