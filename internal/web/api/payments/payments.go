package payments

import (
	"context"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/api/frame"
)

// payments are the operations on payments and on attempts to pay.
func (a Handlers) payments() {
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/payments", ID: "list-payments", Summary: "List payments", Group: frame.GroupPayments,
		About: "Attempts that were not paid are among them; status tells.", Scope: account.PaymentsRead}, a.listPayments)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/payments/{id}", ID: "get-payment", Summary: "Read a payment", Group: frame.GroupPayments,
		Scope: account.PaymentsRead, Object: a.itsPayment}, a.getPayment)
}

// PaymentView is an attempt to pay, and the payment that it became.
type PaymentView struct {
	ID          attempt.ID     `json:"id" example:"pay_…"`
	Code        string         `json:"code" example:"P-7KQ2-M4XD" doc:"Short: what payers quote, on receipts and in mails. q finds it, with or without its dashes."`
	Status      history.Status `json:"status" enum:"open,pending,paid,failed,canceled,expired,refunded,partially_refunded,overflow,review" doc:"overflow: paid when no slot was left, and given back. review: somebody must look at it in the dashboard."`
	Late        bool           `json:"late" doc:"Whether the money came after its hold had ended."`
	Mode        business.Mode  `json:"mode" enum:"live,test"`
	Source      attempt.Source `json:"source" enum:"link,page,product" doc:"Where it was paid: by a link, on the payment page, in the shop."`
	LinkID      *string        `json:"link_id"`
	ProductID   *string        `json:"product_id"`
	Title       string         `json:"title" doc:"What was paid for, as it was then."`
	Description string         `json:"description"`
	Reference   string         `json:"reference"`
	AnswersView
	Amount      frame.Amount     `json:"amount" doc:"What was asked: list_amount − discount + tip + fee_covered."`
	Refunded    frame.Amount     `json:"refunded"`
	Lost        frame.Amount     `json:"lost" doc:"What disputes took."`
	Net         frame.Amount     `json:"net" doc:"What was kept; zero for money that never counted."`
	Dispute     *string          `json:"dispute" enum:"open,won,lost" doc:"How the worst of its disputes stands."`
	Receipt     *string          `json:"receipt" example:"2026-00001" doc:"The number of the receipt, from a series without gaps; null until it is paid."`
	ReceiptPDF  *string          `json:"receipt_pdf" doc:"Where the receipt can be downloaded as PDF/A, by whoever has this address; null until it is paid."`
	CreditNotes []creditNoteView `json:"credit_notes" nullable:"false" doc:"One for each refund that went through, the oldest first."`
	Provider    string           `json:"provider" enum:"stripe,mollie,sandbox,manual,bank_transfer,none" doc:"Who moved the money. manual: a member recorded it by hand. none: a code took off everything, and nobody was asked."`
	Method      *string          `json:"method" doc:"How it was paid, as the provider calls it; by hand: cash, bank_transfer or other."`
	Customer    Payer            `json:"customer"`
	Notes       string           `json:"notes" doc:"By the payer."`
	Channel     string           `json:"channel" doc:"What led the payer here: direct, email, sms, reminder, recovery, qr, social, referral or campaign; by_hand for what was recorded."`
	Campaign    *string          `json:"campaign"`
	Reason      *string          `json:"reason" doc:"Why it was not paid, or must be looked at."`
	CreatedAt   time.Time        `json:"created_at"`
	PaidAt      *time.Time       `json:"paid_at" doc:"null until it is paid."`
	// Recovery is told where somebody asks for what was not finished.
	Recovery *recoveryView `json:"recovery,omitempty" doc:"With unfinished=true alone: whether its payer can be asked again, and was."`
}

// Payer is who paid, as typed, and the customer that they are.
type Payer struct {
	ID    *string `json:"id" doc:"null until it is paid, and when the customer was deleted."`
	Name  string  `json:"name"`
	Email string  `json:"email"`
}

func (a Handlers) PaymentOf(v history.View) PaymentView {
	view := PaymentView{
		ID: v.ID, Code: v.ID.Code(), Status: v.Status(), Late: v.Late(), Mode: v.Mode, Source: v.Source,
		LinkID: frame.Pointer(string(v.LinkID)), ProductID: frame.Pointer(string(v.ProductID)),
		Title: v.Title, Description: v.Description, Reference: v.Reference,
		AnswersView: answersView(v),
		Amount:      frame.AmountOf(v.Amount), Refunded: frame.AmountOf(v.Refunded()), Lost: frame.AmountOf(v.Lost()), Net: frame.AmountOf(v.Kept()),
		Dispute: frame.Pointer(string(v.Dispute())), Receipt: frame.Pointer(v.Receipt), Provider: v.Provider, Method: frame.Pointer(v.Method),
		Customer: Payer{frame.Pointer(string(v.CustomerID)), v.Payer.Name, v.Payer.Email}, Notes: v.Payer.Notes,
		Channel: v.Channel, Campaign: frame.Pointer(v.Campaign), Reason: frame.Pointer(v.Reason),
		CreatedAt: v.CreatedAt.UTC(), PaidAt: frame.UTC(v.PaidAt), CreditNotes: []creditNoteView{},
	}
	file := func(p address.Path) string { return a.Addresses.OfLink(string(v.BusinessID), v.Host, p) }
	if v.Receipt != "" {
		view.ReceiptPDF = frame.Pointer(file(address.ReceiptFile(v.ID, v.ReceiptToken)))
	}
	for _, number := range v.CreditNotes() {
		view.CreditNotes = append(view.CreditNotes, creditNoteView{number, file(address.CreditNoteFile(v.ID, number, v.ReceiptToken))})
	}
	return view
}

// creditNoteView is the numbered document of a refund.
type creditNoteView struct {
	Number string `json:"number" example:"CN-2026-00001" doc:"From a series of its own without gaps."`
	PDF    string `json:"pdf" doc:"Where it can be downloaded, by whoever has this address."`
}

type paymentQuery struct {
	frame.Paging
	LinkID     string           `query:"link_id"`
	CustomerID string           `query:"customer_id"`
	Provider   string           `query:"provider"`
	Said       string           `query:"description" doc:"A part of what was paid for, whatever its case."`
	Query      string           `query:"q" doc:"A whole receipt number, reference, e-mail address, payment code or id."`
	Mode       business.Mode    `query:"mode" enum:"live,test" doc:"The business's own when left out."`
	Status     []history.Status `query:"status" enum:"open,pending,paid,failed,canceled,expired,refunded,partially_refunded,overflow,review" doc:"One or several, separated by commas."`
	Unfinished bool             `query:"unfinished" doc:"Attempts that failed, were canceled or expired, with an email address, whose payers have neither paid for nor begun the same since; each with recovery."`
	From       string           `query:"from" doc:"A time, or a day in the business's zone: when the attempt started."`
	To         string           `query:"to" doc:"A time, or a day in the business's zone; exclusive."`
}

func (a Handlers) listPayments(ctx context.Context, b business.Business, in *paymentQuery) (*frame.Listed[PaymentView], error) {
	var wrong fault.Fields
	f := history.Filter{
		LinkID: link.ID(in.LinkID), CustomerID: customer.ID(in.CustomerID), Provider: in.Provider, Query: in.Query, Said: strings.TrimSpace(in.Said), Statuses: in.Status, Cursor: in.Cursor, Limit: in.Limit,
		From: frame.ReadInstant("from", in.From, b.Location(), &wrong), To: frame.ReadInstant("to", in.To, b.Location(), &wrong),
	}
	if in.Said != "" && f.Said == "" {
		frame.AddMissing("description", &wrong)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	mode := b.Mode
	if in.Mode != "" {
		mode = in.Mode
	}
	if in.Unfinished {
		b.Mode = mode
		return a.listUnfinished(ctx, b, f)
	}
	views, next, err := a.Payments.List(ctx, b.ID, mode, f)
	if err != nil {
		return nil, err
	}
	return frame.PageOf(views, next, a.PaymentOf), nil
}

// paymentDetail is a payment with all that happened to it.
type paymentDetail struct {
	PaymentView
	Recorded *recordedView  `json:"recorded" doc:"What a member said of it; null of what a provider told."`
	Timeline []paymentEvent `json:"timeline" nullable:"false" doc:"The oldest first."`
	Refunds  []RefundView   `json:"refunds" nullable:"false" doc:"The oldest first."`
}

// paymentEvent is a line of the timeline.
type paymentEvent struct {
	At     time.Time     `json:"at"`
	State  attempt.State `json:"state"`
	Cause  attempt.Cause `json:"cause" enum:"payer,webhook,return,poller,merchant" doc:"How it became known."`
	Detail string        `json:"detail"`
}

func (a Handlers) getPayment(ctx context.Context, b business.Business, in *frame.ByID) (*struct{ Body paymentDetail }, error) {
	v, err := a.Payments.Get(ctx, b.ID, attempt.ID(in.ID))
	if err != nil {
		return nil, err
	}
	body, err := a.paymentDetail(ctx, v)
	return &struct{ Body paymentDetail }{body}, err
}

// paymentDetail adds what happened to a payment.
func (a Handlers) paymentDetail(ctx context.Context, v history.View) (paymentDetail, error) {
	body := paymentDetail{PaymentView: a.PaymentOf(v)}
	events, err := a.Payments.Timeline(ctx, v.BusinessID, v.ID)
	if err != nil {
		return body, err
	}
	refunds, err := a.Payments.Refunds(ctx, v.BusinessID, v.ID)
	if err != nil {
		return body, err
	}
	if body.Recorded, err = a.recordOf(ctx, v); err != nil {
		return body, err
	}
	body.Timeline, body.Refunds = make([]paymentEvent, len(events)), make([]RefundView, len(refunds))
	for i, r := range refunds {
		body.Refunds[i] = RefundOf(r)
	}
	for i, e := range events {
		body.Timeline[i] = paymentEvent{e.At.UTC(), e.State, e.Cause, e.Detail}
	}
	return body, nil
}
