package payments

import (
	"context"
	"fmt"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/api/frame"
)

// byHand are the operations on money that came outside any provider.
func (a Handlers) byHand() {
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/{id}/payments", ID: "record-payment", Summary: "Record a payment by hand", Group: frame.GroupPayments,
		About: "For money that came as cash, by transfer or another way. It takes a place of the link, gets a receipt and causes all that a payment causes. " +
			"A checkout that the customer has open is closed first; 409 when it was paid meanwhile or can't be closed. 409 with missing when the link is full. " +
			"It can't be changed later, only refunded, which says that you gave the money back.",
		Scope: account.PaymentsWrite, Status: http.StatusCreated, Needs: []string{"amount", "method"},
		Object: func(ctx context.Context, b business.Business, id string) error {
			_, err := a.Links.Get(ctx, b, link.ID(id))
			return err
		}}, a.recordPayment)
}

// recordBody is what is known of the money.
type recordBody struct {
	Amount     *frame.Amount `json:"amount,omitempty" doc:"In the link's currency. Less or more than its price counts as the payment too."`
	Method     string        `json:"method,omitempty" enum:"cash,bank_transfer,other"`
	PaidOn     string        `json:"paid_on,omitempty" format:"date" doc:"The day on which it came, in the business's zone; today when left out, never later."`
	Quantity   *int64        `json:"quantity,omitempty" doc:"Units that were bought, 1 when left out; a limit that counts units counts them. The amount is divided among them."`
	CustomerID string        `json:"customer_id,omitempty" doc:"Whose it is. Without it, name and email say what is known."`
	Name       string        `json:"name,omitempty" maxLength:"120"`
	Email      string        `json:"email,omitempty"`
	Note       string        `json:"note,omitempty" maxLength:"500" doc:"For the business alone."`
	MailIt     bool          `json:"send_receipt,omitempty" doc:"Mail the receipt to the payer, where there is an address."`
	Raise      bool          `json:"raise_limit,omitempty" doc:"Raise the limit of a full link by what is missing."`
}

// recordedView is what a member said of a payment.
type recordedView struct {
	PaidOn string `json:"paid_on" format:"date"`
	Note   string `json:"note"`
	By     string `json:"by" doc:"Who recorded it."`
}

func (a Handlers) recordPayment(ctx context.Context, b business.Business, in *struct {
	frame.ByID
	Body recordBody
}) (*struct{ Body paymentDetail }, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	r := payment.RecordRequest{
		Business: b, LinkID: l.ID, Method: payment.HandMethod(in.Body.Method), PaidOn: in.Body.PaidOn, Quantity: 1, CustomerID: customer.ID(in.Body.CustomerID), Name: in.Body.Name,
		Email: in.Body.Email, Note: in.Body.Note, MailReceipt: in.Body.MailIt, RaiseLimit: in.Body.Raise, By: frame.CallerOf(ctx).Name,
	}
	if q := in.Body.Quantity; q != nil {
		if r.Quantity = *q; *q == 0 { // which the record takes as left out
			wrong.Add("quantity", "quantity.range", fmt.Sprintf("Enter a number from 1 to %d.", link.MaxLimit))
		}
	}
	if in.Body.Amount == nil {
		wrong.Add("amount", "amount.missing", "Send amount.")
	} else if read := in.Body.Amount.Read("amount", l.Currency, &wrong); read != nil {
		r.Amount = *read
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	v, err := a.Payments.Record(ctx, r)
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
	body, err := a.paymentDetail(ctx, v)
	return &struct{ Body paymentDetail }{body}, err
}

func (a Handlers) recordOf(ctx context.Context, v history.View) (*recordedView, error) {
	if v.Provider != payment.Manual {
		return nil, nil
	}
	found, err := a.Payments.RecordOf(ctx, v.BusinessID, v.ID)
	if err != nil || found == nil {
		return nil, err
	}
	return &recordedView{found.PaidOn, found.Note, found.RecordedBy}, nil
}
