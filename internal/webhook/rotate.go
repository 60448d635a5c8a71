package webhook

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// Overlap is how long the secret before signs beside a new one.
const Overlap = 24 * time.Hour

// keptSecrets bounds how many secrets before the present one sign beside it.
const keptSecrets = 4

// Rotate gives an endpoint a new secret, shown this once. For Overlap messages
// bear the signatures of both, so that the receiver can change in its own time. Whoever
// has not copied the new one makes another: the receiver still has the one before both.
func (h *Webhooks) Rotate(ctx context.Context, businessID business.ID, id EndpointID) (e Endpoint, key Secret, err error) {
	if key, err = NewSecret(h.DB.Random()); err != nil {
		return Endpoint{}, Secret{}, err
	}
	sealed, err := h.Sealer.Seal([]byte(key.Text()), secretContext(id))
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	err = h.DB.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lockEndpoint(ctx, tx, businessID, id); err != nil {
			return err
		}
		var kept keptSecret
		if err := tx.Get(ctx, &kept, secretQuery, businessID, id); err != nil {
			return err
		}
		now := h.DB.Clock().Wall()
		old := kept.all(now)
		_, err := tx.Exec(ctx, `
			UPDATE webhook_endpoints SET old_secret = $6, secret = $3, old_until = $4, version = version + 1, updated_at = $5
			WHERE business_id = $1 AND id = $2`,
			businessID, id, sealed, db.At(now.Add(Overlap)), db.At(tx.Now()), strings.Join(old[:min(len(old), keptSecrets)], " "))
		if err != nil {
			return err
		}
		e, err = endpoint(ctx, tx, businessID, id)
		return err
	})
	return e, key, err
}

// keptSecret is what is stored: the present one, and those before it, sealed, separated by
// spaces, the newest first.
type keptSecret struct {
	Secret, OldSecret string
	OldUntil          db.Time
}

const secretQuery = `SELECT secret, old_secret, old_until FROM webhook_endpoints WHERE business_id = $1 AND id = $2`

// all are those that sign now, sealed, the present one first.
func (k keptSecret) all(now time.Time) []string {
	if !now.Before(k.OldUntil.Time) {
		return []string{k.Secret}
	}
	return append([]string{k.Secret}, strings.Fields(k.OldSecret)...)
}

// secrets are what a message to the endpoint is signed with now.
func (h *Webhooks) secrets(ctx context.Context, c claim) ([]Secret, error) {
	var kept keptSecret
	if err := h.DB.Get(ctx, &kept, secretQuery, c.BusinessID, c.EndpointID); err != nil {
		return nil, err
	}
	sealed := kept.all(h.DB.Clock().Wall())
	all := make([]Secret, 0, len(sealed))
	for i, s := range sealed {
		plain, err := h.Sealer.Open(s, secretContext(c.EndpointID))
		if i > 0 && errors.Is(err, secret.ErrSealed) {
			continue // it was changed because it can't be opened
		}
		if err != nil {
			return nil, err
		}
		key, err := ParseSecret(string(plain))
		if err != nil {
			return nil, err
		}
		all = append(all, key)
	}
	return all, nil
}

// ResealTx seals every secret anew. The secret key itself is changed by the
// caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var rows []struct {
		ID                EndpointID
		Secret, OldSecret string
	}
	if err := tx.Select(ctx, &rows, `SELECT id, secret, old_secret FROM webhook_endpoints`); err != nil {
		return err
	}
	for _, r := range rows {
		all := append([]string{r.Secret}, strings.Fields(r.OldSecret)...)
		for i, sealed := range all {
			fresh, err := reseal(sealed, secretContext(r.ID))
			if err != nil {
				return err
			}
			all[i] = fresh
		}
		if _, err := tx.Exec(ctx, `UPDATE webhook_endpoints SET secret = $2, old_secret = $3 WHERE id = $1`, r.ID, all[0], strings.Join(all[1:], " ")); err != nil {
			return err
		}
	}
	return nil
}
