package sample

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/grant"
	"smartlinks/internal/secret"
	"smartlinks/internal/webhook"
)

// programs are those of the studio: an endpoint for its ticket shop, and an assistant. The
// endpoint is switched off, because a demo sends nothing to anybody. There is no own domain
// among them: a claimed one would be looked up in DNS.
func (h *history) programs(ctx context.Context, b business.Business, owner account.UserID) error {
	h.goTo(h.now.AddDate(0, 0, -16).Add(2 * time.Hour))
	shop := webhook.Draft{URL: "https://tickets.studio-noord.example/hooks/payments", Description: "Ticket shop", Events: webhook.Asked{webhook.PaymentSucceeded, webhook.PaymentRefunded}, Inactive: true}
	if _, _, err := h.System.Webhooks.Create(ctx, b.ID, shop); err != nil {
		return err
	}
	h.goTo(h.now.AddDate(0, 0, -9).Add(3 * time.Hour))
	return h.connect(ctx, b, owner)
}

// connect lets a program work for the owner as one does: it registers itself, is allowed to,
// and exchanges its code. It keeps its tokens to itself.
func (h *history) connect(ctx context.Context, b business.Business, owner account.UserID) error {
	grants := h.System.Grants
	const back = "http://127.0.0.1/callback"
	program, _, err := grants.Register(ctx, grant.Client{Name: "Desk assistant", RedirectURIs: []string{back}}, "127.0.0.1")
	if err != nil {
		return err
	}
	verifier, err := secret.Token(h.System.DB.Random())
	if err != nil {
		return err
	}
	challenge := sha256.Sum256([]byte(verifier))
	code, err := grants.Allow(ctx, owner, "127.0.0.1", grant.Authorization{
		BusinessID: b.ID, Client: program, RedirectURI: back, Challenge: base64.RawURLEncoding.EncodeToString(challenge[:]),
		Scopes: account.Scopes{account.LinksRead, account.LinksWrite, account.CustomersRead, account.PaymentsRead}, Drafts: true,
	})
	if err != nil {
		return err
	}
	_, err = grants.ExchangeCode(ctx, code, program.ID, back, verifier)
	return err
}
