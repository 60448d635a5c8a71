package transactions

import (
	"net/http"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// refundForm is what a merchant types to give money back.
type refundForm struct {
	Amount, Reason string
	ReturnSlot     bool
	ReturnUnits    string
	Open           bool // shown at once: no script opened it, or something was wrong
	frame.Problems
}

// giveBack refunds what was typed.
func (d pages) giveBack(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	ctx := r.Context()
	p, err := d.Payments.Get(ctx, scope.Business.ID, attempt.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	form := refundForm{Amount: r.FormValue("amount"), Reason: r.FormValue("reason"), ReturnSlot: r.FormValue("return_slot") != "", ReturnUnits: strings.TrimSpace(r.FormValue("return_units"))}
	var unread fault.Fields
	var amount *money.Amount // of a payment of nothing: all that it has
	if !p.Free() {
		amount = new(frame.AmountFrom(scope.Reader, form.Amount, p.Amount.Currency, "amount", &unread))
	}
	units := unitsFrom(form.ReturnUnits, &unread)
	made := payment.Refund{}
	if err = unread.Err(); err == nil {
		made, err = d.Payments.Refund(ctx, scope.Business.ID, p.ID, payment.RefundRequest{
			Amount: amount, Reason: form.Reason, ReturnSlot: form.ReturnSlot, ReturnUnits: units, AskedBy: scope.Member.Name,
		})
	}
	if err != nil {
		var formError bool
		if form.Problems, formError = frame.ProblemsOf(scope.Reader, err, nil); !formError {
			return err
		}
		if !p.TakesRefunds() { // somebody was faster: the page has no form any more
			d.Toast(r, ui.ToastProps{Text: scope.T("Nothing was refunded"), More: form.Problem, Bad: true})
			return frame.Redirect(w, r, scope.Base+"/transactions/"+string(p.ID))
		}
		form.Open = true
		return d.transactionPage(w, r, scope, http.StatusUnprocessableEntity, p, form, arrivedFormOf(scope, p))
	}
	d.Toast(r, refundToast(scope.Reader, made, p))
	return frame.Redirect(w, r, scope.Base+"/transactions/"+string(p.ID))
}

// unitsFrom reads how many units others may buy again; nothing typed is none.
func unitsFrom(typed string, wrong *fault.Fields) int64 {
	if typed == "" {
		return 0
	}
	n, err := strconv.ParseUint(text.Digits(typed), 10, 31)
	if err != nil {
		wrong.Add("return_units", "refund.units", "Enter a whole number, like 2, or leave it empty.")
	}
	return int64(n)
}

func refundToast(reader frame.Reader, made payment.Refund, p history.View) ui.ToastProps {
	given := reader.Money(made.Amount)
	switch made.State {
	case provider.RefundDone:
		if p.Free() {
			return ui.ToastProps{Text: reader.T("The payment was canceled")}
		}
		return ui.ToastProps{Text: reader.T("{{.Amount}} refunded", "Amount", given)}
	case provider.RefundRejected:
		return ui.ToastProps{Text: reader.T("The refund was refused by {{.Provider}}", "Provider", reader.ProviderName(p.Provider)), More: reader.T("No money moved. The reason is in the timeline."), Bad: true}
	}
	return ui.ToastProps{Text: reader.T("{{.Given}} is on its way back", "Given", given), More: reader.T("{{.Provider}} has not confirmed it yet. We keep asking.", "Provider", reader.ProviderName(p.Provider))}
}

// refundAgain asks anew for money that goes back by itself.
func (d pages) refundAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := attempt.ID(r.PathValue("id"))
	err := d.Payments.RefundAgain(r.Context(), scope.Business.ID, id)
	toast := ui.ToastProps{Text: scope.T("The refund was requested again")}
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Unavailable):
		toast = ui.ToastProps{Text: scope.Sentence(fault.Of(err).Message), Bad: true}
	case err != nil:
		return err
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/transactions/"+string(id))
}

// refundRow is a refund as the page shows it.
type refundRow struct {
	Amount, Who, Reason, Problem string
	Time, ISO                    string
	Badge                        ui.BadgeProps
	ReturnsSlot                  bool
	CreditNote, CreditNoteHref   string
}

func refundRowOf(scope *frame.Scope, p history.View, r payment.Refund) refundRow {
	row := refundRow{
		Amount: scope.Money(r.Amount), Reason: r.Reason, Problem: scope.Sentence(r.Problem), ReturnsSlot: r.ReturnSlot,
		Time: scope.DateTime(r.CreatedAt, scope.Business.Location()), ISO: frame.IsoTime(r.CreatedAt),
	}
	if r.CreditNote != "" {
		row.CreditNote, row.CreditNoteHref = r.CreditNote, scope.Addresses.Own(address.CreditNoteFile(r.PaymentID, r.CreditNote, "")) // where the member is signed in
	}
	switch r.Origin {
	case payment.ByOverflow:
		row.Who = scope.T("Automatic, because no place was left")
	case payment.AtProvider:
		row.Who = scope.T("At the provider")
	default:
		row.Who = scope.T("By the API")
		if r.AskedBy != "" {
			row.Who = scope.T("By {{.Or}}", "Or", r.AskedBy)
		}
	}
	switch r.State {
	case provider.RefundDone:
		row.Badge, row.Problem = ui.BadgeProps{Label: scope.T("Refunded"), Tone: ui.Grey}, ""
	case provider.RefundRejected:
		row.Badge = ui.BadgeProps{Label: scope.T("Failed"), Tone: ui.Red}
	default:
		row.Badge = ui.BadgeProps{Label: scope.T("On its way"), Tone: ui.Orange}
	}
	if overTransfer(p) && r.Origin == payment.ByOverflow {
		if row.Who = scope.T("Because no place was left"); r.State != provider.RefundDone {
			row.Badge, row.Problem = ui.BadgeProps{Label: scope.T("To be sent back"), Tone: ui.Orange}, ""
		}
	}
	return row
}

// disputeRow is a dispute as the page shows it.
type disputeRow struct {
	Amount, Reason, Ref, Time, ISO string
	Badge                          ui.BadgeProps
}

func disputeRowOf(scope *frame.Scope, d payment.Dispute) disputeRow {
	return disputeRow{
		Amount: scope.Money(d.Amount), Reason: d.Reason, Ref: d.Ref, Time: scope.DateTime(d.OpenedAt, scope.Business.Location()), ISO: frame.IsoTime(d.OpenedAt),
		Badge: disputeBadge(scope.Reader, d.State),
	}
}

func disputeBadge(reader frame.Reader, s provider.DisputeState) ui.BadgeProps {
	switch s {
	case provider.DisputeWon:
		return ui.BadgeProps{Label: reader.T("Dispute won"), Tone: ui.Green}
	case provider.DisputeLost:
		return ui.BadgeProps{Label: reader.T("Dispute lost"), Tone: ui.Red}
	}
	return ui.BadgeProps{Label: reader.T("Disputed"), Tone: ui.Orange}
}

// fillMoney adds what was done with the money afterwards.
func (d pages) fillMoney(r *http.Request, scope *frame.Scope, p history.View, v *transactionView) error {
	refunds, err := d.Payments.Refunds(r.Context(), scope.Business.ID, p.ID)
	if err != nil {
		return err
	}
	for _, one := range refunds {
		v.Refunds = append(v.Refunds, refundRowOf(scope, p, one))
	}
	disputes, err := d.Payments.Disputes(r.Context(), scope.Business.ID, p.ID)
	for _, one := range disputes {
		v.Disputes = append(v.Disputes, disputeRowOf(scope, one))
	}
	return err
}
