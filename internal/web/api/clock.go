package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// clock are the operations on the test clock.
func (a *rooms) clock() {
	register(a, operation{method: http.MethodGet, path: "/sandbox/clock", id: "get-clock", summary: "Read the test clock", group: groupSandbox,
		scope: account.SandboxScope}, a.readClock)
	register(a, operation{method: http.MethodPost, path: "/sandbox/clock", id: "advance-clock", summary: "Move the test clock", group: groupSandbox,
		about: "Answers when what fell due has been done.", scope: account.SandboxScope}, a.advanceClock)
}

type clockView struct {
	Body struct {
		Now time.Time `json:"now"`
	}
}

func clockAt(at time.Time) *clockView {
	var v clockView
	v.Body.Now = at.UTC()
	return &v
}

func (a *rooms) readClock(context.Context, business.Business, *struct{}) (*clockView, error) {
	return clockAt(a.DB.Clock().Now()), nil
}

type clockBody struct {
	Body struct {
		Advance string `json:"advance" example:"48h" doc:"How far forward, in h, m and s."`
	}
}

func (a *rooms) advanceClock(ctx context.Context, _ business.Business, in *clockBody) (*clockView, error) {
	by, err := time.ParseDuration(in.Body.Advance)
	if err != nil || by < 0 {
		var wrong fault.Fields
		wrong.Add("advance", "", "Give a time forward, like 48h.")
		return nil, wrong.Err()
	}
	at, err := a.Advance(ctx, by)
	if err != nil {
		return nil, err
	}
	return clockAt(at), nil
}
