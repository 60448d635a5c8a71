package paymentpage

import (
	"net/http"
	"net/url"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/qr"
	"smartlinks/internal/sepa"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// transferView tells a payer where to send the money.
type transferView struct {
	frame.Frame
	Business          business.Business
	Title             string // of what is paid
	Amount, Day       string
	Rows              []transferRow
	Code, Other, Mail string // the QR code's address, the way to another way to pay, and where it was mailed to, "" where it was not
	Due               string // by when the link wants to be paid, "" where it says nothing of that
	Test              bool
	Forget            bool // the visitor may say that it was not them
}

// transferRow is something to copy. Copy is what banks' forms take.
type transferRow struct{ Label, Shown, Copy string }

// showTransfer tells the payer of a waiting transfer what to send, on the transfer's own
// page.
func (p *Pages) showTransfer(w http.ResponseWriter, r *http.Request, o offer.Offer, v history.View) error {
	return p.showTransferIn(w, r, p.LocalizerIn(r, &o.Business, v.Payer.Language), o, v, http.StatusOK, false)
}

// ShowOwnTransfer does the same for who comes back to what they chose to transfer for: until
// the money is sent, nothing is on its way. False where no transfer of theirs waits.
func (p *Pages) ShowOwnTransfer(w http.ResponseWriter, r *http.Request, o offer.Offer, v *history.View, status int) (bool, error) {
	if v == nil || v.Provider != banktransfer.Name || v.Status() != history.StatusPending {
		return false, nil
	}
	return true, p.showTransferIn(w, r, p.Localizer(r, &o.Business), o, *v, status, true)
}

func (p *Pages) showTransferIn(w http.ResponseWriter, r *http.Request, t i18n.Localizer, o offer.Offer, v history.View, status int, forget bool) error {
	b := o.Business
	told, err := p.transfers.Of(r.Context(), p.DB, b.ID, v.ID)
	if err != nil {
		return err
	}
	mailed, err := p.messages.TransferTo(r.Context(), p.DB, b.ID, v.ID)
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
		Code: own + "/transfer.svg" + key, Other: own + "/another" + key, Mail: mailed, Due: o.Due(t), Forget: forget,
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
	view.Frame = p.KeepingQuery(p.Frame(t, &b, t.T("transfer.title", "Amount", view.Amount)), r)
	view.Script = true
	w.Header().Set("Cache-Control", "no-store")
	return frame.Render(w, r, status, transferPage(view))
}

// TransferCode is the QR code of a waiting transfer, for its payer alone.
func (p *Pages) TransferCode(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.waitingTransfer(r)
	if err != nil {
		return err
	}
	told, err := p.transfers.Of(r.Context(), p.DB, b.ID, v.ID)
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

// PayAnother ends a waiting transfer of its payer, and leads back to the form.
func (p *Pages) PayAnother(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.waitingTransfer(r)
	if err != nil {
		return err
	}
	l, err := p.linkOf(r, b, v)
	if err != nil {
		return err
	}
	if err := p.payments.CloseWaiting(r.Context(), b.ID, v.ID, attempt.CausePayer); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	http.Redirect(w, r, p.back(r, b, v, l, p.LocalizerIn(r, &b, v.Payer.Language), true), http.StatusSeeOther)
	return nil
}

// waitingTransfer is the transfer of the URL as long as it waits. For everybody but its
// payer there is none.
func (p *Pages) waitingTransfer(r *http.Request) (history.View, business.Business, error) {
	v, b, err := p.synced(r)
	if err == nil && (v.Provider != banktransfer.Name || v.Status() != history.StatusPending || !p.isPayers(r, v)) {
		err = fault.New(fault.NotFound, "There is no such transfer.")
	}
	return v, b, err
}
