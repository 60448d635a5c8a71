package paymentpage

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/receipt"
	"smartlinks/internal/web/public/frame"
)

// receiptView is a receipt as it is shown and printed.
type receiptView struct {
	frame.Frame
	receipt.Document
	Notes []frame.Action // its credit notes, as files
	File  string         // the receipt as a file
	Back  string         // the page of the payment
}

// ShowReceipt is the receipt of an accepted payment, for its payer. It is made to
// be printed.
func (p *Pages) ShowReceipt(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	t := p.LocalizerIn(r, &b, v.Payer.Language)
	document, err := p.receipts.Receipt(r.Context(), t, b, v)
	if err != nil {
		return err
	}
	if !p.isPayers(r, v) {
		return p.ShowState(w, r, &b, privateState(p.Localizer(r, &b), v))
	}
	w.Header().Set("Cache-Control", "no-store")
	key := r.URL.Query().Get(receiptKey)
	view := receiptView{
		Frame: p.KeepingQuery(p.Frame(t, &b, document.Title), r), Document: document,
		File: address.ReceiptFile(v.ID, key).String(), Back: address.PaymentByMail(v.ID, key).String(),
	}
	view.Script = true
	for _, number := range v.CreditNotes() {
		view.Notes = append(view.Notes, frame.Secondary("download", t.T("receipt.credit_note", "Number", number), address.CreditNoteFile(v.ID, number, key).String()))
	}
	return frame.Render(w, r, http.StatusOK, receiptPage(view))
}

// ReceiptFile is the receipt as PDF, for its payer.
func (p *Pages) ReceiptFile(w http.ResponseWriter, r *http.Request) error {
	return p.document(w, r, p.receipts.Receipt)
}

// CreditNoteFile is a credit note as PDF, for the payer.
func (p *Pages) CreditNoteFile(w http.ResponseWriter, r *http.Request) error {
	number := strings.TrimSuffix(r.PathValue("file"), receipt.FileName(""))
	return p.document(w, r, func(ctx context.Context, t receipt.Localizer, b business.Business, v history.View) (receipt.Document, error) {
		return p.receipts.CreditNote(ctx, t, b, v, number)
	})
}

func (p *Pages) document(w http.ResponseWriter, r *http.Request, of func(context.Context, receipt.Localizer, business.Business, history.View) (receipt.Document, error)) error {
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	t := p.LocalizerIn(r, &b, v.Payer.Language)
	document, err := of(r.Context(), t, b, v)
	if err != nil {
		return err
	}
	if !p.isPayers(r, v) {
		return p.ShowState(w, r, &b, privateState(p.Localizer(r, &b), v))
	}
	file, err := p.receipts.PDF(r.Context(), document)
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
func privateState(t i18n.Localizer, v history.View) frame.State {
	return frame.State{
		Status: http.StatusForbidden, Tone: frame.ToneCalm, Icon: "lock", Title: t.T("receipt.private"), Text: t.T("paid.elsewhere"),
		Actions: []frame.Action{frame.Secondary("", t.T("receipt.back"), address.Payment(v.ID).String())},
	}
}

// partsOf are what the amount of an attempt is made of; none where it is a price alone.
func partsOf(t i18n.Localizer, a attempt.Attempt) (facts []frame.Fact) {
	for _, l := range a.Parts().Lines(t) {
		facts = append(facts, frame.Fact{Label: l.Label, Value: l.Amount, Figure: true})
	}
	return facts
}

// shown are the lines of a document as the page shows them.
func shown(all []receipt.Fact) []frame.Fact {
	facts := make([]frame.Fact, len(all))
	for i, f := range all {
		facts[i] = frame.Fact(f)
	}
	return facts
}
