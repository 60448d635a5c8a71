package public

import (
	"net/http"
	"net/url"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/qr"
	"smartlinks/internal/sepa"
)

// euro is the one currency that can be transferred.
const euro = money.Currency("EUR")

// transferView tells a payer where to send the money.
type transferView struct {
	frame
	Business          business.Business
	Title             string // of what is paid
	Amount, Day       string
	Rows              []transferRow
	Code, Other, Mail string // the QR code's address, the way to another way to pay, and where it was mailed to
	Due               string // by when the link wants to be paid, "" where it says nothing of that
	Test              bool
	Forget            bool // the visitor may say that it was not them
}

// transferRow is something to copy. Copy is what banks' forms take.
type transferRow struct{ Label, Shown, Copy string }

// unawaitedState is a transfer that can't be waited for, and why. Where the business takes
// nothing but transfers, it is to be asked.
func unawaitedState(t i18n.Localizer, o offer, status int, why, again string) state {
	s := state{
		Status: status, Tone: calm, Icon: "landmark",
		Title: t.T("unawaited.title"), Text: t.T(why), Well: &well{Title: o.Title},
	}
	if !o.byProvider() || o.Business.Provider == "" || o.Business.Provider == banktransfer.Name {
		return s.withContact(t, o.Business)
	}
	s.Actions = []action{primary("rotate-ccw", t.T("failed.other"), again)}
	return s
}

// offersTransfer reports whether payers of what is offered may send the money from their bank.
func (o offer) offersTransfer(c money.Currency) bool {
	b := o.Business
	return b.Transfers && o.Rules.TakesTransfers() && b.Provider != banktransfer.Name && c == euro && !(b.InstantOnly && o.Link != nil && o.Link.Limit.Limited())
}

// showTransfer tells the payer of a waiting transfer what to send, on the transfer's own
// page.
func (p *Public) showTransfer(w http.ResponseWriter, r *http.Request, o offer, v payment.View) error {
	return p.showTransferIn(w, r, p.localizerIn(r, &o.Business, v.Payer.Language), o, v, http.StatusOK, false)
}

// showOwnTransfer does the same for who comes back to what they chose to transfer for: until
// the money is sent, nothing is on its way. False where no transfer of theirs waits.
func (p *Public) showOwnTransfer(w http.ResponseWriter, r *http.Request, o offer, is payerStatus, status int) (bool, error) {
	v := is.Mine.UnderWay
	if v == nil || v.Provider != banktransfer.Name || v.Status() != payment.StatusPending {
		return false, nil
	}
	return true, p.showTransferIn(w, r, p.localizer(r, &o.Business), o, *v, status, true)
}

func (p *Public) showTransferIn(w http.ResponseWriter, r *http.Request, t i18n.Localizer, o offer, v payment.View, status int, forget bool) error {
	b := o.Business
	told, err := p.Transfers.Of(r.Context(), p.DB, b.ID, v.ID)
	if err != nil {
		return err
	}
	own := address.Payment(v.ID).String()
	key := ""
	if k := r.URL.Query().Get(receiptKey); k != "" {
		key = "?" + url.Values{receiptKey: {k}}.Encode()
	}
	view := transferView{
		Business: b, Title: v.Title, Amount: v.Amount.Format(t.Lang()), Day: calendar.Date(told.ExpiresAt, b.Location(), t.Lang()), Test: v.Mode == business.Test,
		Code: own + "/transfer.svg" + key, Other: own + "/another" + key, Mail: v.Payer.Email, Due: o.due(t), Forget: forget,
		Rows: []transferRow{
			{t.T("transfer.name"), told.Name, told.Name},
			{t.T("transfer.iban"), sepa.FormatIBAN(told.IBAN), told.IBAN},
			{t.T("pay.amount"), v.Amount.Format(t.Lang()), v.Amount.Decimal()},
			{t.T("paid.reference"), sepa.FormatReference(told.Reference), told.Reference},
		},
	}
	if told.BIC != "" {
		view.Rows = append(view.Rows, transferRow{t.T("transfer.bic"), told.BIC, told.BIC})
	}
	view.frame = p.asked(p.frame(t, &b, t.T("transfer.title", "Amount", view.Amount)), r)
	view.Script = true
	w.Header().Set("Cache-Control", "no-store")
	return render(w, r, status, transferPage(view))
}

// transferCode is the QR code of a waiting transfer, for its payer alone.
func (p *Public) transferCode(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.waitingTransfer(r)
	if err != nil {
		return err
	}
	told, err := p.Transfers.Of(r.Context(), p.DB, b.ID, v.ID)
	if err != nil {
		return err
	}
	text, err := told.Code()
	if err != nil {
		return err
	}
	code, err := qr.New(text)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(code.SVG())
	return err
}

// payAnother ends a waiting transfer of its payer, and leads back to the form.
func (p *Public) payAnother(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.waitingTransfer(r)
	if err != nil {
		return err
	}
	l, err := p.linkOf(r, b, v)
	if err != nil {
		return err
	}
	if err := p.Payments.CloseWaiting(r.Context(), b.ID, v.ID, payment.CausePayer); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	http.Redirect(w, r, p.back(r, b, v, l, p.localizerIn(r, &b, v.Payer.Language), true), http.StatusSeeOther)
	return nil
}

// waitingTransfer is the transfer of the URL as long as it waits. For everybody but its
// payer there is none.
func (p *Public) waitingTransfer(r *http.Request) (payment.View, business.Business, error) {
	v, b, err := p.synced(r)
	if err == nil && (v.Provider != banktransfer.Name || v.Status() != payment.StatusPending || !p.isPayers(r, v)) {
		err = fault.New(fault.NotFound, "There is no such transfer.")
	}
	return v, b, err
}
