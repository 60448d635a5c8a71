package payments

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/web/api/frame"
)

// refunds are the operations that give money back.
func (a Handlers) refunds() {
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/payments/{id}/refunds", ID: "refund-payment", Summary: "Refund a payment", Group: frame.GroupPayments,
		About: "Gives money back, the way it came. No provider moves the money of a bank transfer, or of a payment recorded by hand: there the refund records that you gave it back yourself. The refund may still be on its way when it is answered; its status tells. Send an Idempotency-Key: without one, asking twice refunds twice. Of a payment of nothing it cancels it, once, with an amount of 0 or none, and may give its place back.",
		Scope: account.PaymentsWrite, Status: http.StatusCreated, Object: a.itsPayment}, a.refundPayment)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/payments/{id}/refunds", ID: "list-refunds", Summary: "List the refunds of a payment", Group: frame.GroupPayments,
		Scope: account.PaymentsRead, Object: a.itsPayment}, a.listRefunds)
}

func (a Handlers) itsPayment(ctx context.Context, b business.Business, id string) error {
	_, err := a.Payments.Get(ctx, b.ID, attempt.ID(id))
	return err
}

// refundBody is what a merchant asks for.
type refundBody struct {
	Amount      *frame.Amount `json:"amount,omitempty" doc:"What to give back; all that is left when left out."`
	Reason      string        `json:"reason,omitempty" maxLength:"200" doc:"For the merchant alone."`
	ReturnSlot  bool          `json:"return_slot,omitempty" doc:"Whether somebody else may pay in this place of a limited link."`
	Part        checkout.Kind `json:"part,omitempty" enum:"goods,tip,fee_covered" doc:"Which part of the payment goes back. Left out: goods first, then the fee, then the tip."`
	ReturnUnits int64         `json:"return_units,omitempty" minimum:"0" doc:"How many of its units somebody else may buy instead; all of them are its place."`
}

// RefundView is a refund.
type RefundView struct {
	ID          payment.RefundID `json:"id" example:"rfd_…"`
	PaymentID   attempt.ID       `json:"payment_id" example:"pay_…"`
	Status      string           `json:"status" enum:"pending,done,failed" doc:"pending until the provider has confirmed it."`
	Amount      frame.Amount     `json:"amount"`
	Reason      string           `json:"reason"`
	Problem     *string          `json:"problem" doc:"Why it waits or failed."`
	Origin      string           `json:"origin" enum:"merchant,overflow,provider" doc:"overflow: money that came when no place was left; provider: made at the provider."`
	ReturnSlot  bool             `json:"return_slot" doc:"Whether the link may be paid once more instead."`
	Part        *string          `json:"part" enum:"goods,tip,fee_covered" doc:"null for none in particular."`
	ReturnUnits int64            `json:"return_units" doc:"How many of its units may be bought instead."`
	CreditNote  *string          `json:"credit_note" example:"CN-2026-00001" doc:"null until it went through, and for money that came when no place was left."`
	CreatedAt   time.Time        `json:"created_at"`
	UpdatedAt   time.Time        `json:"updated_at"`
}

func RefundOf(r payment.Refund) RefundView {
	v := RefundView{
		ID: r.ID, PaymentID: r.PaymentID, Status: string(r.State), Amount: frame.AmountOf(r.Amount), Reason: r.Reason, Problem: frame.Pointer(r.Problem),
		Origin: string(r.Origin), ReturnSlot: r.ReturnSlot, ReturnUnits: r.ReturnUnits, Part: frame.Pointer(string(r.Part)), CreditNote: frame.Pointer(r.CreditNote), CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
	if r.State == provider.RefundAsked {
		v.Status = string(provider.RefundUnderway)
	}
	return v
}

func (a Handlers) refundPayment(ctx context.Context, b business.Business, in *struct {
	frame.ByID
	Body refundBody
}) (*struct{ Body RefundView }, error) {
	var wrong fault.Fields
	r := payment.RefundRequest{Reason: in.Body.Reason, ReturnSlot: in.Body.ReturnSlot, ReturnUnits: in.Body.ReturnUnits, Part: in.Body.Part, AskedBy: frame.CallerOf(ctx).Name}
	if in.Body.Amount != nil {
		v, err := a.Payments.Get(ctx, b.ID, attempt.ID(in.ID))
		if err != nil {
			return nil, err
		}
		read := in.Body.Amount.Read
		if v.Free() {
			read = in.Body.Amount.ReadOrNothing // which cancels it
		}
		r.Amount = read("amount", v.Amount.Currency, &wrong)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	made, err := a.Payments.Refund(ctx, b.ID, attempt.ID(in.ID), r)
	if err != nil {
		return nil, frame.Renamed(err, func(f fault.Field) string {
			switch {
			case f.Name == "amount" && f.Code == payment.OtherCurrency:
				return "amount.currency"
			case f.Name == "amount":
				return "amount.value"
			}
			return f.Name
		})
	}
	return &struct{ Body RefundView }{RefundOf(made)}, nil
}

func (a Handlers) listRefunds(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Listed[RefundView], error) {
	refunds, err := a.Payments.Refunds(ctx, b.ID, attempt.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return frame.PageOf(refunds, "", RefundOf), nil
}
