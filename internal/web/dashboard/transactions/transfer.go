package transactions

import (
	"net/http"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/sepa"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// transferFacts are how a bank transfer stands, and what may be done about it.
type transferFacts struct {
	Reference, Until string
	MayBook          bool   // it was not booked yet
	MayRelease       bool   // its place is held still
	MustReturn       bool   // it was too much, and nobody said that it went back
	SendTo           string // the IBAN of who must get money back, where a statement told it
	Came             string // another amount than was asked for, which somebody must decide on; else ""
}

func (d pages) transferOf(r *http.Request, scope *frame.Scope, p history.View) (*transferFacts, error) {
	if p.Provider != banktransfer.Name || !scope.MayManage() {
		return nil, nil
	}
	t, err := d.Transfers.Of(r.Context(), d.DB, scope.Business.ID, p.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	zone, came := scope.Business.Location(), ""
	if t.Doubtful {
		came = scope.Money(money.Amount{Minor: t.ReceivedMinor, Currency: t.Amount.Currency})
	}
	sendTo, err := d.Statements.IBANOf(r.Context(), scope.Business.ID, p.ID)
	return &transferFacts{
		SendTo: sepa.FormatIBAN(sendTo), Came: came,
		Reference: sepa.FormatReference(t.Reference), Until: scope.Date(t.ExpiresAt, zone),
		MayBook: p.PaidAt.IsZero(), MayRelease: p.Status() == history.StatusPending,
		MustReturn: p.Status() == history.StatusOverflow && p.Refunded().Minor == 0 && !t.Returned,
	}, err
}

// arrivedForm is what a merchant types of money that arrived.
type arrivedForm struct {
	Amount, PaidOn string
	frame.Problems
}

// arrivedFormOf proposes what was asked for, today.
func arrivedFormOf(scope *frame.Scope, p history.View) arrivedForm {
	return arrivedForm{Amount: scope.AmountInput(&p.Amount), PaidOn: scope.Now.In(scope.Business.Location()).Format(time.DateOnly)}
}

// bookTransfer takes in that a transfer arrived. What was typed wrong is shown again: the
// amount that was asked for in its place would be booked by the next click.
func (d pages) bookTransfer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	ctx, id := r.Context(), attempt.ID(r.PathValue("id"))
	p, err := d.Payments.Get(ctx, scope.Business.ID, id)
	if err != nil {
		return err
	}
	form := arrivedForm{Amount: r.PostForm.Get("amount"), PaidOn: r.PostForm.Get("paid_on")}
	var unread fault.Fields
	amount := frame.AmountFrom(scope.Reader, form.Amount, p.Amount.Currency, "amount", &unread)
	if err = unread.Err(); err == nil {
		err = d.Transfers.Book(ctx, scope.Business, id, banktransfer.Booked{Amount: amount, Day: form.PaidOn})
	}
	if err == nil {
		_, err = d.Payments.Sync(ctx, scope.Business.ID, id, attempt.CauseMerchant)
	}
	toast := ui.ToastProps{Text: scope.T("{{.Amount}} arrived", "Amount", scope.Money(amount))}
	if err != nil {
		var formError bool
		if form.Problems, formError = frame.ProblemsOf(scope.Reader, err, nil); !formError {
			return err
		}
		if len(form.Errors) > 0 && p.PaidAt.IsZero() { // else the page has no form any more
			return d.transactionPage(w, r, scope, http.StatusUnprocessableEntity, p, refundForm{Amount: scope.AmountInput(new(p.Refundable()))}, form)
		}
		toast = ui.ToastProps{Text: scope.T("Nothing was booked"), More: form.Problem, Bad: true}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/transactions/"+string(id))
}

// bookKind makes one button of the card the first: whoever must decide does that.
func (t transferFacts) bookKind() ui.Kind {
	if t.Came != "" {
		return ui.Secondary
	}
	return ui.Primary
}
