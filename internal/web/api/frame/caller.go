package frame

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// Caller is the program that asks, and the business that its token belongs to. Nothing
// outside this business can be reached.
type Caller struct {
	Business business.Business
	Scopes   account.Scopes
	// ID stands in the audit log as the actor, and Name as who it was: those of the token,
	// or of what a door of the program knows the caller by.
	ID, Name string
}

type callerKey struct{}

// As returns the context of a request that comes from the caller: the API asks for no
// token then. No request from outside has such a context.
func As(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is who asks. It is there for every operation, by authenticate.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// Authenticate lets programs with a token in.
func (a *API) Authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store") // payers' names, secrets that are shown once
		ctx := r.Context()
		if CallerOf(ctx).Business.ID != "" {
			next.ServeHTTP(w, r)
			return
		}
		c, err := a.recognize(ctx, r.Header.Get("Authorization"))
		if err != nil {
			a.Refused(ctx, err, "header").Send(w)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, callerKey{}, c)))
	})
}

func (a *API) recognize(ctx context.Context, authorization string) (Caller, error) {
	scheme, plain, _ := strings.Cut(authorization, " ")
	plain = strings.TrimSpace(plain)
	if !strings.EqualFold(scheme, "Bearer") || plain == "" {
		return Caller{}, fault.New(fault.Unauthenticated, "Send a token as “Authorization: Bearer TOKEN”.")
	}
	t, err := a.Accounts.TokenByPlain(ctx, plain)
	if err != nil {
		return Caller{}, err
	}
	b, err := a.Businesses.ByID(ctx, t.BusinessID)
	return Caller{Business: b, Scopes: t.Scopes, ID: string(t.ID), Name: t.Name}, err
}

// LimitBody reads the body before anything is done, so that one that is too
// large changes nothing.
func (a *API) LimitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			NewProblem(fault.TooLarge, "Send at most 1 MiB.").Send(w)
			return
		case err != nil:
			NewProblem(fault.Malformed, "The body ended too early. Send it again.").Send(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r = r.WithContext(WithBody(r.Context(), body))
		next.ServeHTTP(w, r)
	})
}

type bodyKey struct{}

// WithBody keeps what stands for the body of a request where repetitions are told apart.
func WithBody(ctx context.Context, body []byte) context.Context {
	return context.WithValue(ctx, bodyKey{}, body)
}
