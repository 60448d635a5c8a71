package sms

import (
	"context"
	"net/http"
)

// Check reports why the account can't send: its key is refused, or the gateway
// can't be reached. Nothing is sent ("Balance API", read balance).
func (m *MessageBird) Check(ctx context.Context) error {
	var balance struct{ Payment string }
	return m.ask(ctx, http.MethodGet, "/balance", nil, &balance)
}

// Check reports why the account can't send: its token is refused, or the gateway
// can't be reached. Nothing is sent ("Account resource", fetch an account).
func (t *Twilio) Check(ctx context.Context) error {
	var account struct{ Status string }
	if err := t.ask(ctx, http.MethodGet, "/2010-04-01/Accounts/"+t.account.User+".json", nil, &account); err != nil {
		return err
	}
	if account.Status != "active" {
		return &Refusal{Away: true, Account: true, sentence: "The account at Twilio is " + clipped(account.Status) + ". Look there for the reason"}
	}
	return nil
}
