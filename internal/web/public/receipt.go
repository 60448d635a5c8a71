package public

import (
	"net/http"
	"net/url"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui/i18n"
)

// receiptView is a receipt as it is shown and printed, SPEC [P4].
type receiptView struct {
	frame
	Business business.Business
	Number   string
	Amount   string
	What     []fact // what was paid for
	Payer    []fact
	Paid     []fact
	Issuer   []fact
	Back     string // the page of the payment
}

// showReceipt is the receipt of an accepted payment, for its payer. It is made to
// be printed.
func (p *Public) showReceipt(w http.ResponseWriter, r *http.Request) error {
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	if v.Receipt == "" {
		return fault.New(fault.NotFound, "There is no receipt for this payment.")
	}
	if !p.isPayers(r, v) {
		return p.showState(w, r, &b, privateState(p.textsIn(r, &b, v.Payer.Language), v))
	}
	issuer, err := message.IssuerOf(r.Context(), p.DB, b.ID, v.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	t := p.textsIn(r, &b, v.Payer.Language)
	view := p.receipt(t, b, v)
	view.frame = p.asked(view.frame, r)
	if key := r.URL.Query().Get(receiptKey); key != "" {
		view.Back += "?" + url.Values{receiptKey: {key}}.Encode()
	}
	view.Script = true
	view.Issuer = issuerFacts(t, b, issuer)
	if issuer.VATRate != nil {
		vat := money.Amount{Minor: issuer.VATRate.Included(v.Amount.Minor), Currency: v.Amount.Currency}
		view.Paid = append(view.Paid, fact{t.T("receipt.vat", "Rate", money.WithPoint(issuer.VATRate.String(), t.Lang())), vat.Format(t.Lang()), false})
	}
	return render(w, r, http.StatusOK, receiptPage(view))
}

// privateState is a receipt in front of somebody who may be anybody.
func privateState(t i18n.Texts, v payment.View) state {
	return state{
		Status: http.StatusForbidden, Tone: calm, Icon: "lock", Title: t.T("receipt.private"), Text: t.T("paid.elsewhere"),
		Actions: []action{secondary("", t.T("receipt.back"), path("pay", string(v.ID)))},
	}
}

func (p *Public) receipt(t i18n.Texts, b business.Business, v payment.View) receiptView {
	view := receiptView{
		frame: p.frame(t, &b, t.T("receipt.title", "Number", v.Receipt)), Business: b, Number: v.Receipt,
		Amount: v.Amount.Format(t.Lang()), Back: path("pay", string(v.ID)),
		What:  filled(fact{t.T("paid.for"), v.Title, false}, fact{t.T("receipt.description"), v.Description, false}, fact{t.T("paid.reference"), v.Reference, true}),
		Payer: filled(fact{t.T("receipt.payer"), v.Payer.Name, false}, fact{t.T("receipt.email"), v.Payer.Email, true}),
		Paid: filled(fact{t.T("paid.when"), calendar.DateTime(v.PaidAt, b.Location(), t.Lang()), false}, fact{t.T("paid.method"), v.Method, false},
			fact{t.T("receipt.code"), v.ID.Code(), true}),
	}
	if v.Refunded().Minor > 0 {
		view.Paid = append(view.Paid, fact{t.T("receipt.refunded"), v.Refunded().Format(t.Lang()), false})
	}
	return view
}

// issuerFacts say who gave the receipt.
func issuerFacts(t i18n.Texts, b business.Business, l business.Legal) []fact {
	if l.Name == "" {
		l.Name = b.Name
	}
	return filled(fact{t.T("receipt.issuer"), l.Name, false}, fact{t.T("receipt.address"), l.Address, false},
		fact{t.T("receipt.registration_number"), l.RegistrationNumber, true}, fact{t.T("receipt.vat_number"), l.VATNumber, true})
}

// filled leaves out what has no value.
func filled(all ...fact) []fact {
	var kept []fact
	for _, f := range all {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
