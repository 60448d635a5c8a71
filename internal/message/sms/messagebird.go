package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/clock"
)

// messageBirdAPI is where its SMS API is ("SMS API", API endpoint).
const messageBirdAPI = "https://rest.messagebird.com"

// MessageBird is an account at Bird with a classic key of MessageBird's, which is
// taken until ClassicUntil.
type MessageBird struct {
	wire
	account Account
	clock   *clock.Clock
}

// outgoingText is the body of POST /messages ("Send outbound SMS").
type outgoingText struct {
	Originator string   `json:"originator"`
	Body       string   `json:"body"`
	Recipients []string `json:"recipients"`
	Reference  string   `json:"reference"`
	ReportURL  string   `json:"reportUrl,omitempty"`
	DataCoding string   `json:"datacoding"`
}

// messageObject is what we need of "The message object".
type messageObject struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
}

// SendSMS implements Gateway.
func (m *MessageBird) SendSMS(ctx context.Context, t Message) (string, error) {
	coding := "plain"
	if Count(t.Text).Encoding == UCS2 {
		coding = "unicode"
	}
	body, err := json.Marshal(outgoingText{
		Originator: strings.TrimPrefix(t.From, "+"), Body: t.Text, Recipients: []string{strings.TrimPrefix(t.To, "+")},
		Reference: t.ID, ReportURL: t.ReportURL, DataCoding: coding,
	})
	if err != nil {
		return "", err
	}
	var made messageObject
	if err := m.ask(ctx, http.MethodPost, "/messages", body, &made); err != nil {
		return "", err
	}
	if made.ID == "" {
		return "", m.garbled(errors.New("a message without an id"))
	}
	return made.ID, nil
}

// FindSMS implements Finder: our id is the reference, which can't be searched
// for, so the latest messages to the phone are looked through.
func (m *MessageBird) FindSMS(ctx context.Context, t Message) (string, error) {
	query := url.Values{"recipient": {strings.TrimPrefix(t.To, "+")}, "direction": {"mt"}, "limit": {"50"}}
	var list struct {
		Items []messageObject `json:"items"`
	}
	if err := m.ask(ctx, http.MethodGet, "/messages?"+query.Encode(), nil, &list); err != nil {
		return "", err
	}
	for _, item := range list.Items {
		if item.Reference == t.ID {
			return item.ID, nil
		}
	}
	return "", nil
}

// ask makes one exchange.
func (m *MessageBird) ask(ctx context.Context, method, path string, body []byte, out any) error {
	request, err := http.NewRequest(method, m.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "AccessKey "+m.account.Key)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	status, answer, err := m.do(ctx, request)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return m.refusal(status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return m.garbled(err)
	}
	return nil
}

// The codes of "API errors" that need more than their status; its own client
// for PHP knows the same (Common/ResponseError).
const (
	noPermission = 2  // "Request not allowed": a wrong key
	wrongValue   = 10 // "Invalid params"
	noBalance    = 25 // "Not enough balance"
)

// refusal reads {"errors": [{"code", "description", "parameter"}]}. Without it
// the status may come from something in between.
func (m *MessageBird) refusal(status int, answer []byte) *Refusal {
	var said struct {
		Errors []struct {
			Code        int    `json:"code"`
			Description string `json:"description"`
			Parameter   string `json:"parameter"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || len(said.Errors) == 0 {
		return m.unexplained(status)
	}
	first := said.Errors[0]
	switch first.Code {
	case noPermission:
		status = http.StatusUnauthorized
	case noBalance:
		status = http.StatusPaymentRequired
	}
	r := m.answered(status, first.Description)
	r.BadNumber = r.Final && first.Code == wrongValue && strings.HasPrefix(first.Parameter, "recipient")
	return r
}
