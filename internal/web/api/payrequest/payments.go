package payrequest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/payments"
)

// itsPayments lists payments as PayRequest does. It is what GET /payments answers
// for a business that comes from there.
const itsPayments = "/payment-links/payments"

// itsStatuses are PayRequest's words for ours. Its programs grant what was paid for
// when paid answers with anything: refunded, overflow and review are no answer to it.
var itsStatuses = map[string][]history.Status{
	"paid":    {history.StatusPaid, history.StatusPartiallyRefunded},
	"open":    {history.StatusOpen},
	"pending": {history.StatusPending},
	"failed":  {history.StatusFailed, history.StatusCanceled, history.StatusExpired},
}

// itsStatus is PayRequest's word, or our own where it has none.
func itsStatus(s history.Status) string {
	for _, word := range frame.SortedKeys(itsStatuses) {
		if slices.Contains(itsStatuses[word], s) {
			return word
		}
	}
	return string(s)
}

// itsPayment is a payment as PayRequest writes it.
type itsPayment struct {
	ID          attempt.ID     `json:"id" example:"pay_…"`
	Status      string         `json:"status" enum:"paid,open,pending,failed,refunded,overflow,review" doc:"paid also when a part was refunded; failed also when it was canceled or expired."`
	Description string         `json:"description"`
	Amount      number         `json:"amount"`
	Currency    money.Currency `json:"currency"`
	LinkID      *string        `json:"payment_link_id"`
	Method      *string        `json:"payment_method" doc:"As the provider calls it; null until it is known."`
	Reference   string         `json:"reference"`
	Customer    payments.Payer `json:"customer"`
	Name        string         `json:"customer_name"`
	Email       string         `json:"customer_email"`
	CreatedAt   time.Time      `json:"created_at"`
	PaidAt      *time.Time     `json:"paid_at" doc:"null until it is paid."`
}

func itsPaymentOf(v history.View) itsPayment {
	return itsPayment{
		ID: v.ID, Status: itsStatus(v.Status()), Description: v.Said(), Amount: number(v.Amount.Decimal()), Currency: v.Amount.Currency,
		LinkID: frame.Pointer(string(v.LinkID)), Method: frame.Pointer(v.Method), Reference: v.Reference,
		Customer: payments.Payer{ID: frame.Pointer(string(v.CustomerID)), Name: v.Payer.Name, Email: v.Payer.Email}, Name: v.Payer.Name, Email: v.Payer.Email,
		CreatedAt: v.CreatedAt.UTC(), PaidAt: frame.UTC(v.PaidAt),
	}
}

type itsPaymentQuery struct {
	NumberedPaging
	Description string `query:"description" doc:"A part of the description, whatever its case."`
	Status      string `query:"status" enum:"paid,open,pending,failed"`
	From        string `query:"from" format:"date" doc:"The first day on which attempts started, in the business's zone."`
	To          string `query:"to" format:"date" doc:"The last day, which is within."`
	LinkID      string `query:"link_id"`
	CustomerID  string `query:"customer_id"`
}

func (in itsPaymentQuery) filter(b business.Business) (history.Filter, error) {
	var wrong fault.Fields
	f := history.Filter{LinkID: link.ID(in.LinkID), CustomerID: customer.ID(in.CustomerID), Said: strings.TrimSpace(in.Description), Statuses: itsStatuses[in.Status]}
	if in.Description != "" && f.Said == "" {
		frame.AddMissing("description", &wrong)
	}
	f.From = readDay("from", in.From, b.Location(), &wrong)
	if last := readDay("to", in.To, b.Location(), &wrong); !last.IsZero() {
		f.To = calendar.Day(last, 1)
	}
	return f, wrong.Err()
}

func (a handlers) listItsPayments(ctx context.Context, b business.Business, in *itsPaymentQuery) (*pagedList[itsPayment], error) {
	f, wrong := in.filter(b)
	page, wrongPage := in.read()
	if err := cmp.Or(wrong, wrongPage); err != nil {
		return nil, err
	}
	total, err := a.Payments.Count(ctx, b.ID, b.Mode, f)
	if err != nil {
		return nil, err
	}
	f.Cursor, f.Offset, f.Limit = page.cursor, page.offset, page.size
	views, next, err := a.Payments.List(ctx, b.ID, b.Mode, f)
	if err != nil {
		return nil, err
	}
	return pagedOf(page, views, total, next, itsPaymentOf), nil
}

// readDay is the start of a day in the zone; zero when none is asked for.
func readDay(name, s string, zone *time.Location, wrong *fault.Fields) time.Time {
	if s == "" {
		return time.Time{}
	}
	day, ok := calendar.ParseDay(s, zone)
	if !ok {
		wrong.Add(name, "", "Write a day like 2026-02-18.")
	}
	return day
}
