package mollie

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"smartlinks/internal/payment/provider"
)

// call is one exchange with the API.
type call struct {
	method, path string
	idempotency  string // the Idempotency-Key of a POST
	in, out      any
}

// apiError is an answer that is no success ("Handling errors"). It is as
// payment.ErrAccount, ErrUnknown or ErrRefused where it is definite; what else
// it may be, 409, 429 and 5xx among them, decides nothing.
type apiError struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
}

func (e *apiError) Error() string {
	text := fmt.Sprintf("mollie answers %d %s: %s", e.Status, e.Title, e.Detail)
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	return text
}

// Unwrap is what the answer means.
func (e *apiError) Unwrap() error {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return provider.ErrAccount
	case http.StatusNotFound, http.StatusGone:
		return provider.ErrUnknown
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if e.Field == "amount" || strings.HasPrefix(e.Field, "amount.") {
			return &provider.AmountRefusal{Code: provider.NotTaken, Said: e.Detail}
		}
		return provider.ErrRefused
	}
	return nil
}

// do asks once. Trying again is decided where the attempt is, with the same
// Idempotency-Key.
func (m *Mollie) do(ctx context.Context, key string, c call) error {
	request, err := m.request(ctx, key, c)
	if err != nil {
		return err
	}
	answer, err := m.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body) // bounded by the client
	if err != nil {
		return err
	}
	switch {
	case answer.StatusCode == http.StatusNoContent:
		return nil
	case answer.StatusCode/100 != 2:
		return refusal(answer.StatusCode, body)
	}
	if c.out == nil {
		return nil
	}
	if err := json.Unmarshal(body, c.out); err != nil {
		return fmt.Errorf("mollie's answer can't be read: %w", err)
	}
	return nil
}

func (m *Mollie) request(ctx context.Context, key string, c call) (*http.Request, error) {
	var body io.Reader
	if c.in != nil {
		text, err := json.Marshal(c.in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, c.method, m.base+c.path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Accept", "application/hal+json")
	request.Header.Set("User-Agent", "SmartLinks")
	if c.in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.idempotency != "" {
		request.Header.Set("Idempotency-Key", c.idempotency)
	}
	return request, nil
}

// refusal is the error of a status that is no success. Only Mollie's own JSON
// is believed: a proxy's page with the same status says nothing definite.
func refusal(status int, body []byte) error {
	var e apiError
	if err := json.Unmarshal(body, &e); err != nil || e.Status != status {
		return fmt.Errorf("mollie answers %d without saying why", status)
	}
	return &e
}
