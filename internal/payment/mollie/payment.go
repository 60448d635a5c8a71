package mollie

import (
	"encoding/json"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// amount is money as Mollie writes it: a decimal string with exactly the
// currency's digits ("Common data types").
type amount struct {
	Currency string `json:"currency"`
	Value    string `json:"value"`
}

func amountOf(a money.Amount) amount { return amount{string(a.Currency), a.Decimal()} }

func (a amount) money() (money.Amount, error) {
	c, err := money.ReadCurrency(a.Currency)
	if err != nil {
		return money.Amount{}, err
	}
	if a.Value != "" && strings.Trim(a.Value, "0.") == "" {
		return money.Amount{Currency: c}, nil // a card that others check ("Recurring payments"), or nothing refunded
	}
	return money.Parse(a.Value, c)
}

// order is the request that makes a payment ("Create payment").
type order struct {
	Amount      amount            `json:"amount"`
	Description string            `json:"description"`
	RedirectURL string            `json:"redirectUrl"`
	WebhookURL  string            `json:"webhookUrl,omitempty"`
	Locale      string            `json:"locale,omitempty"`
	Method      []string          `json:"method,omitempty"` // all that the account has when empty
	Metadata    map[string]string `json:"metadata"`
	Lines       []line            `json:"lines,omitempty"`
}

// line is a part of an order ("payment-line-item").
type line struct {
	Type           string  `json:"type,omitempty"`
	Description    string  `json:"description"`
	Quantity       int64   `json:"quantity"`
	UnitPrice      amount  `json:"unitPrice"`
	DiscountAmount *amount `json:"discountAmount,omitempty"`
	TotalAmount    amount  `json:"totalAmount"`
}

// linesOf are the lines of an order, none where it is one thing: Mollie shows its
// description then.
func linesOf(o provider.Order) (lines []line) {
	if len(o.Lines) == 1 && o.Lines[0].Quantity == 1 && o.Lines[0].Discount.IsZero() {
		return nil
	}
	for _, l := range o.Lines {
		total := money.Amount{Minor: l.Total(), Currency: l.Unit.Currency}
		made := line{Type: lineTypes[l.Kind], Description: l.Name, Quantity: l.Quantity, UnitPrice: amountOf(l.Unit), TotalAmount: amountOf(total)}
		if !l.Discount.IsZero() {
			off := amountOf(l.Discount)
			made.DiscountAmount = &off
		}
		lines = append(lines, made)
	}
	return lines
}

// lineTypes are the types of lines ("payment-line-type"); goods are of Mollie's own default.
// Its type tip can't be used here: it "is not available when creating a payment".
var lineTypes = map[checkout.Kind]string{checkout.TipLine: "surcharge", checkout.FeeLine: "surcharge"}

// remote is a payment as Mollie tells it ("Get payment").
type remote struct {
	ID           string          `json:"id"`
	Mode         string          `json:"mode"`
	Status       string          `json:"status"`
	Amount       amount          `json:"amount"`
	Method       string          `json:"method"`
	Metadata     json.RawMessage `json:"metadata"` // whatever others put there, too
	IsCancelable bool            `json:"isCancelable"`
	Description  string          `json:"description"`
	CreatedAt    time.Time       `json:"createdAt"`
	ExpiresAt    *time.Time      `json:"expiresAt"`
	PaidAt       *time.Time      `json:"paidAt"`
	Refunded     *amount         `json:"amountRefunded"`    // only where refunds are possible
	ChargedBack  *amount         `json:"amountChargedBack"` // only where there is some
	Links        struct {
		Checkout *struct {
			Href string `json:"href"`
		} `json:"checkout"` // only while the payer may pay
	} `json:"_links"`
}

// attempt is our attempt's id, "" for payments that are not ours.
func (r remote) attempt() attempt.ID {
	var ours struct {
		Attempt attempt.ID `json:"attempt"`
	}
	if json.Unmarshal(r.Metadata, &ours) != nil {
		return ""
	}
	return ours.Attempt
}

// source is what the order told of itself, nil for payments that are not ours.
func (r remote) source() (source map[string]string) {
	if json.Unmarshal(r.Metadata, &source) != nil {
		return nil
	}
	return source
}

// checkout is where the payer goes; back to us when there is nothing to pay any
// more.
func (r remote) checkout(returnURL string) provider.Checkout {
	c := provider.Checkout{Ref: r.ID, URL: returnURL}
	if r.Links.Checkout != nil && r.Links.Checkout.Href != "" {
		c.URL = r.Links.Checkout.Href
	}
	return c
}

// payment is the payment as the payment room sees it.
func (r remote) payment() (provider.Remote, error) {
	asked, err := r.Amount.money()
	if err != nil {
		return provider.Remote{}, err
	}
	reported := provider.Remote{
		Ref: r.ID, AttemptID: r.attempt(), Status: status(r.Status), Amount: asked, Mode: business.Mode(r.Mode), Method: methodName(r.Method),
	}
	if r.PaidAt != nil {
		reported.PaidAt = r.PaidAt.UTC()
	}
	for _, back := range []*amount{r.Refunded, r.ChargedBack} {
		if back == nil {
			continue
		}
		gone, err := back.money()
		if err != nil {
			return provider.Remote{}, err
		}
		reported.Moved = reported.Moved || !gone.IsZero()
	}
	return reported, nil
}

// status follows "Handling payment status". Authorized money waits to be
// captured. What Mollie adds one day comes out as its own word, which decides
// nothing.
func status(s string) provider.RemoteStatus {
	switch s {
	case "open":
		return provider.RemoteOpen
	case "pending", "authorized":
		return provider.RemotePending
	case "paid":
		return provider.RemotePaid
	case "failed":
		return provider.RemoteFailed
	case "canceled":
		return provider.RemoteCanceled
	case "expired":
		return provider.RemoteExpired
	}
	return provider.RemoteStatus("mollie's " + s)
}
