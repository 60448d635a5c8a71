package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
)

// Format is how an endpoint is told of events.
type Format string

// The formats.
const (
	Standard   Format = "standard"   // Standard Webhooks
	PayRequest Format = "payrequest" // as PayRequest wrote to its merchants
)

func (f Format) clean(wrong *fault.Fields) Format {
	switch f {
	case "":
		return Standard
	case Standard, PayRequest:
	default:
		wrong.Add("format", "format.unknown", "Choose the format standard or payrequest.")
	}
	return f
}

// payRequestHeader is where PayRequest had its signature.
const payRequestHeader = "X-PayRequest-Signature"

// write puts the body into the format, signs it, and returns the signature. PayRequest
// knows one secret only: while one changes, it is the new one, and what the endpoint
// refuses is tried again.
func (f Format) write(m *Message, secrets []Secret) (signature string, err error) {
	if f != PayRequest {
		signature = Sign(m.ID, m.At, m.Body, secrets...)
		m.Header = http.Header{"Webhook-Signature": {signature}}
		return signature, nil
	}
	if m.Body, err = payRequestBody(m.Body); err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(secrets[0].Text()))
	mac.Write(m.Body)
	signature = payRequestSigned + hex.EncodeToString(mac.Sum(nil))
	m.Header = http.Header{http.CanonicalHeaderKey(payRequestHeader): {signature}}
	return signature, nil
}

// payRequestSigned is how a signature in PayRequest's form begins.
const payRequestSigned = "sha256="

// Sent is the body of a message as it went out, and the name of the header with its
// signature, which tells the form that the endpoint had then. Body is the event's, as it
// is kept.
func Sent(body, signature string) (sent, header string) {
	if !strings.HasPrefix(signature, payRequestSigned) {
		return body, "webhook-signature"
	}
	if written, err := payRequestBody([]byte(body)); err == nil {
		body = string(written)
	}
	return body, strings.ToLower(payRequestHeader)
}

// PayRequestEvent is an event as PayRequest writes it. Data is PayRequestPayment in
// events about payments, else what it is in the standard format.
type PayRequestEvent struct {
	Event     Type      `json:"event"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// PayRequestPayment is a payment as PayRequest writes it. The amount is a number.
type PayRequestPayment struct {
	ID          string          `json:"id"`
	Amount      json.RawMessage `json:"amount"`
	Currency    string          `json:"currency"`
	Description string          `json:"description"`
	LinkID      *string         `json:"payment_link_id"`
	Method      *string         `json:"payment_method"`
	Reference   string          `json:"reference"`
	PaidAt      *time.Time      `json:"paid_at"`
	Customer    struct {
		ID    *string `json:"id"`
		Name  string  `json:"name"`
		Email string  `json:"email"`
	} `json:"customer"`
}

// payRequestBody is an event's body in PayRequest's form.
func payRequestBody(standard []byte) ([]byte, error) {
	var from struct {
		Type      Type
		Timestamp time.Time
		Data      json.RawMessage
	}
	if err := json.Unmarshal(standard, &from); err != nil {
		return nil, fmt.Errorf("webhook: read an event: %w", err)
	}
	to := PayRequestEvent{Event: from.Type, Timestamp: from.Timestamp, Data: from.Data}
	if strings.HasPrefix(string(from.Type), "payment.") {
		p, err := payRequestPayment(from.Data)
		if err != nil {
			return nil, err
		}
		to.Data = p
	}
	return json.Marshal(to)
}

func payRequestPayment(data json.RawMessage) (p PayRequestPayment, err error) {
	var amount struct {
		Amount struct{ Value, Currency string } `json:"amount"`
	}
	var from struct {
		PayRequestPayment
		Amount      json.RawMessage `json:"amount"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		LinkID      *string         `json:"link_id"`
		Method      *string         `json:"method"`
	}
	if err := json.Unmarshal(data, &amount); err != nil {
		return p, fmt.Errorf("webhook: read a payment's amount: %w", err)
	}
	if err := json.Unmarshal(data, &from); err != nil {
		return p, fmt.Errorf("webhook: read a payment: %w", err)
	}
	p = from.PayRequestPayment
	p.Amount, p.Currency = json.RawMessage(amount.Amount.Value), amount.Amount.Currency
	p.Description = attempt.Attempt{Title: from.Title, Description: from.Description}.Said()
	p.LinkID, p.Method = from.LinkID, from.Method
	return p, nil
}
