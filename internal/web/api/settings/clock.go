package settings

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/api/frame"
)

// clock are the operations on the test clock.
func (a handlers) clock() {
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/sandbox/clock", ID: "get-clock", Summary: "Read the test clock", Group: frame.GroupSandbox,
		Scope: account.SandboxScope}, a.readClock)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/sandbox/clock", ID: "advance-clock", Summary: "Move the test clock", Group: frame.GroupSandbox,
		About: "Forward, or back to the real time. Answers when what fell due has been done.", Scope: account.SandboxScope}, a.moveClock)
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

func (a handlers) readClock(context.Context, business.Business, *struct{}) (*clockView, error) {
	return clockAt(a.DB.Clock().Now()), nil
}

type clockBody struct {
	Body struct {
		Advance string `json:"advance,omitempty" example:"48h" doc:"How far forward, in h, m and s: at most 50 years ahead of the real time in all."`
		Reset   bool   `json:"reset,omitempty" doc:"In place of advance: back to the real time."`
	}
}

func (a handlers) moveClock(ctx context.Context, _ business.Business, in *clockBody) (*clockView, error) {
	var wrong fault.Fields
	by, err := time.ParseDuration(in.Body.Advance)
	switch {
	case in.Body.Reset && in.Body.Advance != "":
		wrong.Add("reset", "", "Send either advance or reset.")
	case !in.Body.Reset && (err != nil || by < 0):
		wrong.Add("advance", "", "Give a time forward, like 48h, or reset: true.")
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	move := func() (time.Time, error) { return a.TestClock.Advance(ctx, by) }
	if in.Body.Reset {
		move = func() (time.Time, error) { return a.TestClock.Reset(ctx) }
	}
	at, err := move()
	if err != nil {
		return nil, err
	}
	return clockAt(at), nil
}
