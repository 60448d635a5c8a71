package payments

import (
	"time"

	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/api/frame"
)

// AnswersView is what a payer bought and answered.
type AnswersView struct {
	Quantity        int64             `json:"quantity" doc:"Units that were bought."`
	UnitAmount      frame.Amount      `json:"unit_amount" doc:"What one cost."`
	ListAmount      frame.Amount      `json:"list_amount" doc:"unit_amount × quantity."`
	Discount        *discountView     `json:"discount" doc:"null without a promotion code."`
	Tip             frame.Amount      `json:"tip" doc:"What the payer added."`
	FeeCovered      frame.Amount      `json:"fee_covered" doc:"What the payer took over of the payment's costs."`
	Fields          map[string]any    `json:"fields" nullable:"false" doc:"Answers by key: a text, an array of several, a boolean of a checkbox; numbers are decimal strings."`
	Consent         *agreedView       `json:"consent" doc:"What the payer agreed to."`
	Marketing       *optedIn          `json:"marketing" doc:"null when it was not asked."`
	Phone           *string           `json:"phone"`
	Address         *addressView      `json:"address"`
	Company         *string           `json:"company"`
	VATID           *string           `json:"vat_id"`
	Metadata        map[string]string `json:"metadata" nullable:"false" doc:"The link's, as it was then."`
	ClientReference *string           `json:"client_reference_id" doc:"Of the page's URL."`
	Campaigns       map[string]string `json:"utm" nullable:"false" doc:"utm_source and the like of the page's URL."`
}

type discountView struct {
	Code   string       `json:"code" example:"SUMMER10" doc:"As it was."`
	Amount frame.Amount `json:"amount" doc:"Taken off list_amount."`
}

type agreedView struct {
	Text    string    `json:"text"`
	Version int64     `json:"version" doc:"Of the link that asked."`
	At      time.Time `json:"at"`
}

type optedIn struct {
	Agreed bool      `json:"agreed"`
	At     time.Time `json:"at"`
}

type addressView struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Region     string `json:"region"`
	Country    string `json:"country" doc:"ISO 3166-1, two letters."`
}

func answersView(v history.View) AnswersView {
	a, p := v.Answers, v.Parts()
	view := AnswersView{
		Quantity: p.Quantity, UnitAmount: frame.AmountOf(v.Unit), ListAmount: frame.AmountOf(p.In(p.List())), Tip: frame.AmountOf(p.In(p.Tip)), FeeCovered: frame.AmountOf(p.In(p.Fee)),
		Fields: map[string]any{}, Consent: (*agreedView)(a.Consent), Marketing: (*optedIn)(a.Marketing), Phone: frame.Pointer(a.Phone), Address: (*addressView)(a.Address),
		Company: frame.Pointer(a.Company), VATID: frame.Pointer(a.VATID), Metadata: frame.PairsOf(a.Metadata), ClientReference: frame.Pointer(a.Reference), Campaigns: frame.PairsOf(a.Campaign),
	}
	if p.Code != "" {
		view.Discount = &discountView{p.Code, frame.AmountOf(p.In(p.Discount))}
	}
	for _, f := range a.Fields {
		view.Fields[f.Key] = f.JSON()
	}
	return view
}
