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

// Bird is an account at Bird by the API that replaces MessageBird's (see
// docs/decisions/0034): keys of its dashboard, one message for each request,
// signed events.
type Bird struct {
	wire
	account Account
	clock   *clock.Clock
}

// birdAPI is where the API for a key is: keys bk_{region}_… belong to a region
// and its host, the others to the common one.
func birdAPI(key string) string {
	if found := birdRegionKey.FindStringSubmatch(key); found != nil {
		return "https://" + found[1] + ".platform.bird.com"
	}
	return "https://api.bird.com"
}

const birdMessages = "/v1/sms/messages"

// birdText is the body of POST /v1/sms/messages.
type birdText struct {
	From string `json:"from"`
	To   string `json:"to"`
	Text string `json:"text"`
	// Category says why it is sent. A request to pay and its reminders are a
	// service that the customer has asked for, and no marketing.
	Category string `json:"category"`
	// Metadata is echoed in every event: it is how a report finds its message.
	Metadata birdMetadata `json:"metadata"`
}

type birdMetadata struct {
	Business string `json:"smartlinks_business,omitempty"`
	Message  string `json:"smartlinks_message,omitempty"`
}

// birdMessage is what we need of a message of Bird's.
type birdMessage struct {
	ID        string       `json:"id"`
	Status    string       `json:"status"`
	LastError *birdFailure `json:"last_error"`
	Metadata  birdMetadata `json:"metadata"`
}

// SendSMS implements Gateway. The same Key within a day brings the same message
// back, so that a lost answer doubles nothing.
func (b *Bird) SendSMS(ctx context.Context, t Message) (string, error) {
	body, err := json.Marshal(birdText{
		From: t.From, To: t.To, Text: t.Text, Category: "service", Metadata: birdMetadata{t.BusinessID, t.ID},
	})
	if err != nil {
		return "", err
	}
	var made birdMessage
	if err := b.ask(ctx, http.MethodPost, birdMessages, t.Key, body, &made); err != nil {
		return "", err
	}
	switch made.Status {
	case "rejected", "failed", "undelivered", "expired", "canceled":
		return "", &Refusal{Final: true, BadNumber: made.LastError.badNumber(), sentence: made.LastError.sentence()}
	}
	if made.ID == "" {
		return "", b.garbled(errors.New("a message without an id"))
	}
	return made.ID, nil
}

// findPages bounds how far back FindSMS looks, in pages of findLimit messages to
// one phone.
const findPages, findLimit = 4, "50"

// FindSMS implements Finder: our id is in the metadata, which can't be searched
// for, so the latest messages to the phone are looked through.
func (b *Bird) FindSMS(ctx context.Context, t Message) (string, error) {
	query := url.Values{"to": {t.To}, "limit": {findLimit}}
	for range findPages {
		var page struct {
			Data       []birdMessage `json:"data"`
			NextCursor string        `json:"next_cursor"`
		}
		if err := b.ask(ctx, http.MethodGet, birdMessages+"?"+query.Encode(), "", nil, &page); err != nil {
			return "", err
		}
		for _, found := range page.Data {
			if found.Metadata.Message == t.ID {
				return found.ID, nil
			}
		}
		if page.NextCursor == "" {
			break
		}
		query.Set("starting_after", page.NextCursor)
	}
	return "", nil
}

// Check reports why the account can't send: its key is refused, is of another
// region or lacks a right, or Bird can't be reached. Nothing is sent: the list is
// read, and a message is asked for that has neither recipient nor text, which is
// refused as incomplete where sending is allowed.
func (b *Bird) Check(ctx context.Context) error {
	var page struct {
		Data []json.RawMessage `json:"data"`
	}
	if err := b.ask(ctx, http.MethodGet, birdMessages+"?limit=1", "", nil, &page); err != nil {
		return err
	}
	var none struct{}
	err := b.ask(ctx, http.MethodPost, birdMessages, checkKey, []byte(`{"category":"service"}`), &none)
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Account {
		return err
	}
	return nil
}

// checkKey is the idempotency key of a message that is never sent.
const checkKey = "smartlinks-check"

// ask makes one exchange; key is the idempotency key of a POST.
func (b *Bird) ask(ctx context.Context, method, path, key string, body []byte, out any) error {
	request, err := http.NewRequest(method, b.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+b.account.Key)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", key)
	}
	status, answer, err := b.do(ctx, request)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return b.refusal(status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return b.garbled(err)
	}
	return nil
}

// birdProblem is the one shape of Bird's errors, bare or as {"error": …}.
type birdProblem struct {
	Type    string `json:"type"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Param   string `json:"param"`
	Details []struct {
		Param   string `json:"param"`
		Message string `json:"message"`
	} `json:"details"`
}

// about reports whether a problem is with a field.
func (p birdProblem) about(field string) bool {
	for _, d := range p.Details {
		if d.Param == field {
			return true
		}
	}
	return p.Param == field
}

// said is what Bird says of it: the field's own words where there are some.
func (p birdProblem) said() string {
	if len(p.Details) > 0 && p.Details[0].Message != "" {
		return p.Details[0].Message
	}
	return p.Message
}

// noSender is the name of the refusal of a sender that the account doesn't have.
const noSender = "SMSNoEligibleSender"

// refusal reads an error by its type, which tells more than the status. Without
// one the status may come from something in between.
func (b *Bird) refusal(status int, answer []byte) *Refusal {
	var said struct {
		birdProblem
		Error *birdProblem `json:"error"`
	}
	err := json.Unmarshal(answer, &said)
	p := said.birdProblem
	if said.Error != nil {
		p = *said.Error
	}
	if err != nil || p.Type == "" && p.Message == "" {
		return b.unexplained(status)
	}
	switch kind := strings.TrimSuffix(p.Type, "_error"); kind {
	case "auth", "authentication":
		status = http.StatusUnauthorized
	case "billing":
		status = http.StatusPaymentRequired
	case "permission":
		status = http.StatusForbidden
	case "misdirected":
		status = http.StatusMisdirectedRequest
	case "precondition":
		status = http.StatusPreconditionFailed
	case "rate_limit":
		status = http.StatusTooManyRequests
	case "conflict":
		status = http.StatusConflict
	case "internal", "unavailable", "service_unavailable", "not_implemented":
		status = max(status, http.StatusInternalServerError)
	}
	r := b.answered(status, p.said())
	switch status {
	case http.StatusConflict: // the same message is under way
		r.Final, r.Doubtful, r.Away = false, true, false
	case http.StatusPreconditionFailed:
		r.Final, r.Account, r.Away = false, true, true
	}
	if !r.Final {
		return r
	}
	r.BadNumber = p.about("to")
	if p.Name == noSender || p.Code == noSender || strings.Contains(p.Message, noSender) {
		r.sentence = "Bird has no such sender for this phone. Add it in Bird’s dashboard, or set another sender in Settings, SMS"
	}
	return r
}
