package dashboard

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui"
)

// refundForm is what a merchant types to give money back.
type refundForm struct {
	Amount, Reason string
	ReturnSlot     bool
	Open           bool // shown at once: no script opened it, or something was wrong
	problems
}

// giveBack refunds what was typed.
func (d *Dashboard) giveBack(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	ctx := r.Context()
	p, err := d.Payments.Get(ctx, at.Business.ID, payment.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	form := refundForm{Amount: r.FormValue("amount"), Reason: r.FormValue("reason"), ReturnSlot: r.FormValue("return_slot") != ""}
	var unread fault.Fields
	amount := amountFrom(form.Amount, p.Amount.Currency, "amount", &unread)
	made := payment.Refund{}
	if err = unread.Err(); err == nil {
		made, err = d.Payments.Refund(ctx, at.Business.ID, p.ID, payment.RefundRequest{
			Amount: &amount, Reason: form.Reason, ReturnSlot: form.ReturnSlot, AskedBy: at.Member.Name,
		})
	}
	if err != nil {
		var formError bool
		if form.problems, formError = problemsOf(err, nil); !formError {
			return err
		}
		form.Open = true
		return d.transactionPage(w, r, at, http.StatusUnprocessableEntity, p, form)
	}
	d.say(r, refundToast(made, p))
	return redirect(w, r, at.Base+"/transactions/"+string(p.ID))
}

func refundToast(made payment.Refund, p payment.View) ui.ToastProps {
	given := asMoney(made.Amount)
	switch made.State {
	case payment.RefundDone:
		return ui.ToastProps{Text: given + " refunded"}
	case payment.RefundRejected:
		return ui.ToastProps{Text: providerName(p.Provider) + " did not take the refund", More: "No money moved. The reason is in its timeline.", Bad: true}
	}
	return ui.ToastProps{Text: given + " is on its way back", More: providerName(p.Provider) + " has not confirmed it yet. We keep asking."}
}

// refundAgain asks anew for money that goes back by itself.
func (d *Dashboard) refundAgain(w http.ResponseWriter, r *http.Request, at *room) error {
	id := payment.ID(r.PathValue("id"))
	err := d.Payments.RefundAgain(r.Context(), at.Business.ID, id)
	toast := ui.ToastProps{Text: "The refund was asked for again"}
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Unavailable):
		toast = ui.ToastProps{Text: fault.Of(err).Message, Bad: true}
	case err != nil:
		return err
	}
	d.say(r, toast)
	return redirect(w, r, at.Base+"/transactions/"+string(id))
}

// refundRow is a refund as the page shows it.
type refundRow struct {
	Amount, Who, Reason, Problem string
	Time, ISO                    string
	Badge                        ui.BadgeProps
	ReturnsSlot                  bool
}

func refundRowOf(at *room, r payment.Refund) refundRow {
	row := refundRow{
		Amount: asMoney(r.Amount), Reason: r.Reason, Problem: r.Problem, ReturnsSlot: r.ReturnSlot,
		Time: dateTime(r.CreatedAt, at.Business.Location()), ISO: isoTime(r.CreatedAt),
	}
	switch r.Origin {
	case payment.ByOverflow:
		row.Who = "By itself, because no place was left"
	case payment.AtProvider:
		row.Who = "At the provider"
	default:
		row.Who = "By " + firstOf(r.AskedBy, "the API")
	}
	switch r.State {
	case payment.RefundDone:
		row.Badge, row.Problem = ui.BadgeProps{Label: "Refunded", Tone: ui.Grey}, ""
	case payment.RefundRejected:
		row.Badge = ui.BadgeProps{Label: "Failed", Tone: ui.Red}
	default:
		row.Badge = ui.BadgeProps{Label: "On its way", Tone: ui.Orange}
	}
	return row
}

// disputeRow is a dispute as the page shows it.
type disputeRow struct {
	Amount, Reason, Ref, Time, ISO string
	Badge                          ui.BadgeProps
}

func disputeRowOf(at *room, d payment.Dispute) disputeRow {
	return disputeRow{
		Amount: asMoney(d.Amount), Reason: d.Reason, Ref: d.Ref, Time: dateTime(d.OpenedAt, at.Business.Location()), ISO: isoTime(d.OpenedAt),
		Badge: disputeBadge(d.State),
	}
}

func disputeBadge(s payment.DisputeState) ui.BadgeProps {
	switch s {
	case payment.DisputeWon:
		return ui.BadgeProps{Label: "Dispute won", Tone: ui.Green}
	case payment.DisputeLost:
		return ui.BadgeProps{Label: "Dispute lost", Tone: ui.Red}
	}
	return ui.BadgeProps{Label: "Disputed", Tone: ui.Orange}
}

// fillMoney adds what was done with the money afterwards.
func (d *Dashboard) fillMoney(r *http.Request, at *room, p payment.View, v *transactionView) error {
	refunds, err := d.Payments.Refunds(r.Context(), at.Business.ID, p.ID)
	if err != nil {
		return err
	}
	for _, one := range refunds {
		v.Refunds = append(v.Refunds, refundRowOf(at, one))
	}
	disputes, err := d.Payments.Disputes(r.Context(), at.Business.ID, p.ID)
	for _, one := range disputes {
		v.Disputes = append(v.Disputes, disputeRowOf(at, one))
	}
	return err
}
