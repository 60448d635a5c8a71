package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/payment"
	"smartlinks/internal/recovery"
)

// recovering are the operations on payments that were not finished.
func (a *handlers) recovering() {
	register(a, operation{method: http.MethodPost, path: "/payments/{id}/recover", id: "recover-payment", summary: "Ask again who did not finish a payment", group: groupPayments,
		about: "One mail for each attempt, whose link brings back what the payer typed for seven days. 409 says why somebody is not asked: they have paid or tried again since, " +
			"get reminders of the link, want no mail, were asked already, or nothing can be paid there now. GET /payments?unfinished=true says so beforehand.",
		scope: account.PaymentsWrite, status: http.StatusAccepted, object: a.itsPayment}, a.recoverPayment)
}

// recoveryView is how the mail about an attempt stands.
type recoveryView struct {
	PaymentID payment.ID         `json:"payment_id"`
	Status    *recovery.State    `json:"status" enum:"planned,sent,left_out" doc:"null while nothing is planned or was sent."`
	SendAt    *time.Time         `json:"send_at" doc:"When it goes out by itself, or when it was to."`
	SentAt    *time.Time         `json:"sent_at"`
	EndsAt    *time.Time         `json:"ends_at" doc:"Until then its link brings back what the payer typed, unless they pay."`
	Obstacle  *recovery.Obstacle `json:"obstacle" enum:"not_ended,no_email,tried_again,paid,reminded,opted_out,bounced,closed,asked,transfer,other_mode,no_gateway,mails_of_day" doc:"Why they can't be asked now; null when they can."`
	Why       *string            `json:"why" doc:"The same as a sentence."`
}

func recoveryViewOf(id payment.ID, r *recovery.Recovery, against recovery.Obstacle) recoveryView {
	v := recoveryView{PaymentID: id, Why: pointer(against.Sentence())}
	if against != recovery.None {
		v.Obstacle = &against
	}
	if r != nil {
		v.Status, v.SendAt, v.SentAt, v.EndsAt = &r.State, utc(r.SendAt), utcPtr(r.SentAt), utcPtr(r.EndsAt)
	}
	return v
}

func (a *handlers) recoverPayment(ctx context.Context, b business.Business, in *ByID) (*struct{ Body recoveryView }, error) {
	asked, err := a.Recovery.Ask(ctx, b, payment.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &struct{ Body recoveryView }{recoveryViewOf(asked.AttemptID, &asked, recovery.Asked)}, nil
}

// listUnfinished are the payments that were not finished, each with whether its payer can
// be asked.
func (a *handlers) listUnfinished(ctx context.Context, b business.Business, f payment.Filter) (*listed[PaymentView], error) {
	all, next, err := a.Recovery.List(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return pageOf(all, next, func(s recovery.Unfinished) PaymentView {
		v, asked := a.paymentOf(s.View), recoveryViewOf(s.ID, s.Recovery, s.Against)
		v.Recovery = &asked
		return v
	}), nil
}
