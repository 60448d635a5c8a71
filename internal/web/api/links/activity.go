package links

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api/frame"
)

type activityQuery struct {
	frame.ByID
	frame.Paging
	Kind string `query:"kind" enum:"all,view,payment,send,reminder" default:"all"`
}

// activityRow is one thing that happened: a view, a payment, a send or a
// reminder.
type activityRow struct {
	Kind     visit.Kind `json:"kind" enum:"view,payment,send,reminder"`
	At       time.Time  `json:"at"`
	Customer *person    `json:"customer,omitempty" doc:"Who paid, for a token with payments:read; to whom it was sent, with customers:read."`
	Status   string     `json:"status,omitempty" doc:"Of a payment as in /payments; of a send or reminder queued, sent, failed, upcoming or skipped."`
	*ViewRow
	*PaymentRow
	*SendRow
}

// TransformSchema says that what is told of a row depends on its kind.
func (activityRow) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Required = []string{"kind", "at"}
	return s
}

// ViewRow is what is told of a view.
type ViewRow struct {
	Browser  string      `json:"browser"`
	OS       string      `json:"os"`
	Device   *string     `json:"device" enum:"phone,tablet,desktop"`
	Country  *string     `json:"country" example:"NL" doc:"Two letters of ISO 3166-1; null where the installation has no file that tells it."`
	IP       string      `json:"ip" example:"192.168.1.xxx"`
	Referrer *string     `json:"referrer"`
	Channel  string      `json:"channel"`
	Campaign *string     `json:"campaign"`
	Class    visit.Class `json:"class" enum:"human,bot,preview"`
}

// PaymentRow is what is told of a payment.
type PaymentRow struct {
	ID       string       `json:"id"`
	Late     bool         `json:"late" doc:"Whether the money came after its hold had ended."`
	Receipt  *string      `json:"receipt" example:"2026-00001" doc:"null for money that must go back."`
	Amount   frame.Amount `json:"amount"`
	Refunded frame.Amount `json:"refunded"`
	Method   string       `json:"method"`
}

// person is who paid, as typed, or the customer to whom a link was sent.
type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func (a Handlers) listActivity(ctx context.Context, b business.Business, in *activityQuery) (*frame.Listed[activityRow], error) {
	coming, more, err := a.upcoming(ctx, b, in)
	a.hideNames(ctx, coming)
	if err != nil || more != "" {
		return frame.PageOf(coming, more, asItIs), err
	}
	q := visit.ActivityQuery{Kind: visit.Kind(in.Kind), Cursor: in.Cursor, Limit: in.Limit - len(coming)}
	if in.Kind == string(visit.KindReminder) && cursorOfUpcoming(in.Cursor) {
		q.Cursor = ""
	}
	rows, next, err := visit.Activity(ctx, a.DB, string(b.ID), in.ID, string(b.Mode), q)
	if err != nil {
		return nil, err
	}
	sends, err := a.sendsOf(ctx, b, rows)
	if err != nil {
		return nil, err
	}
	page := frame.PageOf(rows, next, sends.row)
	a.hideNames(ctx, page.Body.Data)
	page.Body.Data = slices.Insert(page.Body.Data, 0, coming...)
	return page, nil
}

func asItIs(row activityRow) activityRow { return row }

func rowOf(r visit.Row) activityRow {
	row := activityRow{Kind: r.Kind, At: r.At.UTC()}
	if v := r.View; v != nil {
		row.ViewRow = &ViewRow{
			Browser: v.Browser, OS: v.OS, Device: frame.Pointer(v.Device), Country: frame.Pointer(v.Country), IP: v.IP, Referrer: frame.Pointer(v.Referrer),
			Channel: v.Channel, Campaign: frame.Pointer(v.Campaign), Class: v.Class,
		}
	}
	if p := r.Payment; p != nil {
		c := money.Currency(p.Currency)
		row.Customer = &person{p.PayerName, p.PayerEmail}
		row.Status = string(history.StatusOfMoney(p.Receipt, attempt.MoneyStatus(p.Status), p.AmountMinor, p.RefundedMinor))
		row.PaymentRow = &PaymentRow{
			ID: p.ID, Late: p.Late, Receipt: frame.Pointer(p.Receipt), Amount: frame.MinorOf(p.AmountMinor, c), Refunded: frame.MinorOf(p.RefundedMinor, c), Method: p.Method,
		}
	}
	return row
}

// hideNames takes from the rows what the caller may not see.
func (a Handlers) hideNames(ctx context.Context, rows []activityRow) {
	for i := range rows {
		switch row := &rows[i]; {
		case row.PaymentRow != nil && !frame.SeesPayers(ctx):
			row.Customer = nil
		case row.SendRow != nil && !frame.SeesCustomers(ctx):
			row.Customer, row.Deliveries = nil, hideNames(row.Deliveries)
		}
	}
}
