package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/text"
)

// HandMethod is how money came that is recorded by hand.
type HandMethod string

// The ways.
const (
	HandCash     HandMethod = "cash"
	HandTransfer HandMethod = "bank_transfer"
	HandOther    HandMethod = "other"
)

// What a member may type of a payment.
var (
	handName = text.Rule{Most: 120}
	handNote = text.Rule{Most: 500}
)

// completeRecord cleans a request, and tells all that is wrong with it at once.
func (p *Payments) completeRecord(ctx context.Context, r *RecordRequest) error {
	l, err := p.Links.Get(ctx, r.Business, r.LinkID)
	if err != nil {
		return err
	}
	var wrong fault.Fields
	if r.Quantity == 0 {
		r.Quantity = 1
	}
	if r.Quantity < 1 || r.Quantity > link.MaxLimit {
		wrong.Add("quantity", "quantity.range", fmt.Sprintf("Enter a number from 1 to %d.", link.MaxLimit))
	} else if r.Amount.Minor%r.Quantity != 0 {
		wrong.Add("quantity", "quantity.parts", fmt.Sprintf("This amount can't be divided by %d. Record what each paid by itself.", r.Quantity))
	}
	switch {
	case r.Amount.Currency != l.Currency:
		wrong = append(wrong, fault.Of(errHandCurrency(l.Currency)).Fields...)
	case r.Amount.Minor <= 0:
		wrong.Add("amount", string(money.NotPositive), "Enter an amount above zero.")
	case r.Amount.Minor > money.Max(r.Amount.Currency).Minor:
		wrong.Add("amount", string(money.TooLarge), "This amount is too large.")
	}
	if r.Method != HandCash && r.Method != HandTransfer && r.Method != HandOther {
		wrong.Add("method", "method.unknown", "Say how it came: cash, bank_transfer or other.")
	}
	now, zone := p.DB.Clock().Now(), r.Business.Location()
	if r.PaidOn == "" {
		r.PaidOn = now.In(zone).Format(time.DateOnly)
	}
	at, ok := dayOfPayment(r.PaidOn, now, zone)
	if r.paidAt = at; !ok {
		wrong.Add("paid_on", "paid_on.day", "Enter the day on which the money came, like 2026-12-31, not later than today.")
	}
	r.Name = handName.Clean("name", r.Name, wrong.Add)
	r.Note = handNote.Clean("note", r.Note, wrong.Add)
	if r.Email != "" {
		address, err := mailaddr.Parse(r.Email)
		if refusal := new(mailaddr.Refusal); errors.As(err, &refusal) {
			wrong.Add("email", refusal.Code, refusal.Message)
		}
		r.Email = address.Typed
	}
	if r.CustomerID != "" {
		there, err := p.Customers.Exists(ctx, p.DB, r.Business.ID, r.CustomerID)
		if err != nil {
			return err
		}
		if !there {
			wrong.Add("customer_id", "customer.unknown", "There is no such customer.")
		}
	}
	return wrong.Err()
}

func errHandCurrency(c money.Currency) error {
	var wrong fault.Fields
	wrong.Add("amount", OtherCurrency, "This link asks for "+string(c)+". Give the amount in "+string(c)+".")
	return wrong.Err()
}

// Recorded is what a member said of a payment that they recorded.
type Recorded struct {
	PaidOn     string // the day, 2026-12-31
	Note       string
	RecordedBy string
}

// RecordOf is what a member said of a payment; nil of one that a provider told of.
func (p *Payments) RecordOf(ctx context.Context, businessID business.ID, id attempt.ID) (*Recorded, error) {
	var found Recorded
	err := p.DB.Get(ctx, &found, `SELECT paid_on, note, recorded_by FROM recorded_payments WHERE business_id = $1 AND payment_id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	return &found, err
}

// NextReceipt is the receipt's number that the next payment in the mode gets, as long as
// nobody is quicker.
func (p *Payments) NextReceipt(ctx context.Context, b business.Business) (string, error) {
	series := receipts{year: p.DB.Clock().Now().In(b.Location()).Year(), mode: b.Mode, taken: 1}
	err := p.DB.Get(ctx, &series.last, `SELECT last FROM receipt_series WHERE business_id = $1 AND mode = $2 AND year = $3`, b.ID, b.Mode, series.year)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return "", err
	}
	series.last++
	return series.next(), nil
}
