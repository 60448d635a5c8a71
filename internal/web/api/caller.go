package api

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

// caller is the program that asks, and the business that its token belongs to.
// Nothing outside this business can be reached.
type caller struct {
	business business.Business
	scopes   account.Scopes
	token    account.TokenID
	name     string // of the token
}

type callerKey struct{}

// Caller is who asks, for doors of the program that know it in another way than by a
// token of the API, and act by the same operations.
type Caller struct {
	Business business.Business
	Scopes   account.Scopes
	// ID stands in the audit log as the actor, and Name as who it was.
	ID, Name string
}

// As returns the context of a request that comes from the caller: the API asks for no
// token then. No request from outside has such a context.
func As(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller{business: c.Business, scopes: c.Scopes, token: account.TokenID(c.ID), name: c.Name})
}

// callerOf is who asks. It is there for every operation, by authenticate.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// authenticate lets programs with a token in.
func (a *handlers) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store") // payers' names, secrets that are shown once
		ctx := r.Context()
		if callerOf(ctx).business.ID != "" {
			next.ServeHTTP(w, r)
			return
		}
		c, err := a.recognize(ctx, r.Header.Get("Authorization"))
		if err != nil {
			a.refused(ctx, err, "header").send(w)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, callerKey{}, c)))
	})
}

func (a *handlers) recognize(ctx context.Context, authorization string) (caller, error) {
	scheme, plain, _ := strings.Cut(authorization, " ")
	plain = strings.TrimSpace(plain)
	if !strings.EqualFold(scheme, "Bearer") || plain == "" {
		return caller{}, fault.New(fault.Unauthenticated, "Send a token as “Authorization: Bearer TOKEN”.")
	}
	t, err := a.Accounts.TokenByPlain(ctx, plain)
	if err != nil {
		return caller{}, err
	}
	b, err := a.Businesses.ByID(ctx, t.BusinessID)
	return caller{business: b, scopes: t.Scopes, token: t.ID, name: t.Name}, err
}

// limitBody reads the body before anything is done, so that one that is too
// large changes nothing.
func (a *handlers) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if takesFile(r) {
			a.readFile(next, w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			newProblem(fault.TooLarge, "Send at most 1 MiB.").send(w)
			return
		case err != nil:
			newProblem(fault.Malformed, "The body ended too early. Send it again.").send(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
		next.ServeHTTP(w, r)
	})
}

type bodyKey struct{}
