package transactions

import (
	"net/http"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/sepa"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// transferFacts are how a bank transfer stands, and what may be done about it.
type transferFacts struct {
	Reference, Until, Today string
	MayBook                 bool   // it was not booked yet
	MayRelease              bool   // its place is held still
	MustReturn              bool   // it was too much, and nobody said that it went back
	SendTo                  string // the IBAN of who must get money back, where a statement told it
	Came                    string // another amount than was asked for, which somebody must decide on; else ""
}

func (d pages) transferOf(r *http.Request, scope *frame.Scope, p payment.View) (*transferFacts, error) {
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
		came = scope.Money(money.Amount{Minor: t.Came, Currency: t.Amount.Currency})
	}
	sendTo, err := d.Statements.IBANOf(r.Context(), scope.Business.ID, p.ID)
	return &transferFacts{
		SendTo: sepa.FormatIBAN(sendTo), Came: came,
		Reference: sepa.FormatReference(t.Reference), Until: scope.Date(t.ExpiresAt, zone), Today: scope.Now.In(zone).Format(time.DateOnly),
		MayBook: p.PaidAt.IsZero(), MayRelease: p.Status() == payment.StatusPending,
		MustReturn: p.Status() == payment.StatusOverflow && p.Refunded().Minor == 0 && !t.Returned,
	}, err
}

// bookKind makes one button of the card the first: whoever must decide does that.
func (t transferFacts) bookKind() ui.Kind {
	if t.Came != "" {
		return ui.Secondary
	}
	return ui.Primary
}
