package payments

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/recovery"
	"smartlinks/internal/web/api/frame"
)

// recovering are the operations on payments that were not finished.
func (a Handlers) recovering() {
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/payments/{id}/recover", ID: "recover-payment", Summary: "Ask again who did not finish a payment", Group: frame.GroupPayments,
		About: "One mail for each attempt, whose link brings back what the payer typed for seven days. 409 says why somebody is not asked: they have paid or tried again since, " +
			"get reminders of the link, want no mail, were asked already, or nothing can be paid there now. GET /payments?unfinished=true says so beforehand.",
		Scope: account.PaymentsWrite, Status: http.StatusAccepted, Object: a.itsPayment}, a.recoverPayment)
}

// recoveryView is how the mail about an attempt stands.
type recoveryView struct {
	PaymentID attempt.ID         `json:"payment_id"`
	Status    *recovery.State    `json:"status" enum:"planned,sent,left_out" doc:"null while nothing is planned or was sent."`
	SendAt    *time.Time         `json:"send_at" doc:"When it goes out by itself, or when it was to."`
	SentAt    *time.Time         `json:"sent_at"`
	EndsAt    *time.Time         `json:"ends_at" doc:"Until then its link brings back what the payer typed, unless they pay."`
	Obstacle  *recovery.Obstacle `json:"obstacle" enum:"not_ended,no_email,tried_again,paid,reminded,opted_out,bounced,closed,asked,transfer,other_mode,no_gateway,mails_of_day" doc:"Why they can't be asked now; null when they can."`
	Why       *string            `json:"why" doc:"The same as a sentence."`
}

func recoveryViewOf(id attempt.ID, r *recovery.Recovery, against recovery.Obstacle) recoveryView {
	v := recoveryView{PaymentID: id, Why: frame.Pointer(against.Sentence())}
	if against != recovery.None {
		v.Obstacle = &against
	}
	if r != nil {
		v.Status, v.SendAt, v.SentAt, v.EndsAt = &r.State, frame.UTC(r.SendAt), frame.UTCPointer(r.SentAt), frame.UTCPointer(r.EndsAt)
	}
	return v
}

func (a Handlers) recoverPayment(ctx context.Context, b business.Business, in *frame.ByID) (*struct{ Body recoveryView }, error) {
	asked, err := a.Recovery.Ask(ctx, b, attempt.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &struct{ Body recoveryView }{recoveryViewOf(asked.AttemptID, &asked, recovery.Asked)}, nil
}

// listUnfinished are the payments that were not finished, each with whether its payer can
// be asked.
func (a Handlers) listUnfinished(ctx context.Context, b business.Business, f history.Filter) (*frame.Listed[PaymentView], error) {
	all, next, err := a.Recovery.List(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, func(s recovery.Unfinished) PaymentView {
		v, asked := a.PaymentOf(s.View), recoveryViewOf(s.ID, s.Recovery, s.Against)
		v.Recovery = &asked
		return v
	}), nil
}
