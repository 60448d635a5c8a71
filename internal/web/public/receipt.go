package public

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment"
	"smartlinks/internal/receipt"
)

// receiptView is a receipt as it is shown and printed.
type receiptView struct {
	frame
	receipt.Document
	Notes []action // its credit notes, as files
	File  string   // the receipt as a file
	Back  string   // the page of the payment
}

// showReceipt is the receipt of an accepted payment, for its payer. It is made to
// be printed.
func (p *Public) showReceipt(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	t := p.localizerIn(r, &b, v.Payer.Language)
	document, err := p.Receipts.Receipt(r.Context(), t, b, v)
	if err != nil {
		return err
	}
	if !p.isPayers(r, v) {
		return p.showState(w, r, &b, privateState(p.localizer(r, &b), v))
	}
	w.Header().Set("Cache-Control", "no-store")
	key := r.URL.Query().Get(receiptKey)
	view := receiptView{
		frame: p.asked(p.frame(t, &b, document.Title), r), Document: document,
		File: address.ReceiptFile(v.ID, key).String(), Back: address.PaymentByMail(v.ID, key).String(),
	}
	view.Script = true
	for _, number := range v.CreditNotes() {
		view.Notes = append(view.Notes, secondary("download", t.T("receipt.credit_note", "Number", number), address.CreditNoteFile(v.ID, number, key).String()))
	}
	return render(w, r, http.StatusOK, receiptPage(view))
}

// receiptFile is the receipt as PDF, for its payer.
func (p *Public) receiptFile(w http.ResponseWriter, r *http.Request) error {
	return p.document(w, r, p.Receipts.Receipt)
}

// creditNoteFile is a credit note as PDF, for the payer.
func (p *Public) creditNoteFile(w http.ResponseWriter, r *http.Request) error {
	number := strings.TrimSuffix(r.PathValue("file"), receipt.FileName(""))
	return p.document(w, r, func(ctx context.Context, t receipt.Localizer, b business.Business, v payment.View) (receipt.Document, error) {
		return p.Receipts.CreditNote(ctx, t, b, v, number)
	})
}

func (p *Public) document(w http.ResponseWriter, r *http.Request, of func(context.Context, receipt.Localizer, business.Business, payment.View) (receipt.Document, error)) error {
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	t := p.localizerIn(r, &b, v.Payer.Language)
	document, err := of(r.Context(), t, b, v)
	if err != nil {
		return err
	}
	if !p.isPayers(r, v) {
		return p.showState(w, r, &b, privateState(p.localizer(r, &b), v))
	}
	file, err := p.Receipts.PDF(r.Context(), document)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(receipt.FileName(document.Number))+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(file)))
	_, err = w.Write(file)
	return err
}

// privateState is a receipt in front of somebody who may be anybody.
func privateState(t i18n.Localizer, v payment.View) state {
	return state{
		Status: http.StatusForbidden, Tone: calm, Icon: "lock", Title: t.T("receipt.private"), Text: t.T("paid.elsewhere"),
		Actions: []action{secondary("", t.T("receipt.back"), address.Payment(v.ID).String())},
	}
}

// partsOf are what the amount of an attempt is made of; none where it is a price alone.
func partsOf(t i18n.Localizer, a payment.Attempt) (facts []fact) {
	for _, l := range a.Parts().Lines(t) {
		facts = append(facts, fact{l.Label, l.Amount, true})
	}
	return facts
}

// shown are the lines of a document as the page shows them.
func shown(all []receipt.Fact) []fact {
	facts := make([]fact, len(all))
	for i, f := range all {
		facts[i] = fact(f)
	}
	return facts
}
