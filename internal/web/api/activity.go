package api

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
)

type activityQuery struct {
	ByID
	Paging
	Kind string `query:"kind" enum:"all,view,payment,reminder" default:"all"`
}

// activityRow is one thing that happened: a view or a payment.
type activityRow struct {
	Kind visit.Kind `json:"kind" enum:"view,payment"`
	At   time.Time  `json:"at"`
	*ViewRow
	*PaymentRow
}

// ViewRow is what is told of a view.
type ViewRow struct {
	Browser  string      `json:"browser"`
	OS       string      `json:"os"`
	IP       string      `json:"ip" example:"192.168.1.xxx"`
	Referrer *string     `json:"referrer"`
	Channel  string      `json:"channel"`
	Campaign *string     `json:"campaign"`
	Class    visit.Class `json:"class" enum:"human,bot,preview"`
}

// PaymentRow is what is told of a payment.
type PaymentRow struct {
	ID       string `json:"id"`
	Customer person `json:"customer"`
	Receipt  string `json:"receipt" example:"2026-00001"`
	Amount   amount `json:"amount"`
	Refunded amount `json:"refunded"`
	Method   string `json:"method"`
	Status   string `json:"status"`
}

// person is who paid, as typed.
type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func (a *rooms) listActivity(ctx context.Context, b business.Business, in *activityQuery) (*listed[activityRow], error) {
	if in.Kind == "reminder" { // this version has none
		return pageOf([]visit.Row{}, "", rowOf), nil
	}
	rows, next, err := visit.Activity(ctx, a.DB, string(b.ID), in.ID, string(b.Mode),
		visit.ActivityQuery{Kind: visit.Kind(in.Kind), Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return pageOf(rows, next, rowOf), nil
}

func rowOf(r visit.Row) activityRow {
	row := activityRow{Kind: r.Kind, At: r.At.UTC()}
	if v := r.View; v != nil {
		row.ViewRow = &ViewRow{
			Browser: v.Browser, OS: v.OS, IP: v.IP, Referrer: pointer(v.Referrer),
			Channel: v.Channel, Campaign: pointer(v.Campaign), Class: v.Class,
		}
	}
	if p := r.Payment; p != nil {
		c := money.Currency(p.Currency)
		row.PaymentRow = &PaymentRow{
			ID: p.ID, Customer: person{p.PayerName, p.PayerEmail}, Receipt: p.Receipt,
			Amount: minorOf(p.AmountMinor, c), Refunded: minorOf(p.RefundedMinor, c), Method: p.Method, Status: p.Status,
		}
	}
	return row
}
