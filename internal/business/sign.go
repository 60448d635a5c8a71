package business

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// signatureVersion begins each signature, so that a later form can be told apart.
const signatureVersion = "v2,"

// SigningOverlap is how long a signing secret that was changed signs beside the
// new one, unless it is ended at once.
const SigningOverlap = 7 * 24 * time.Hour

// Sign returns the signatures of a message by the business's signing secret, parted
// by blanks: "v2," and the HMAC-SHA256 in hex, two of them while a changed secret
// overlaps. They prove to the merchant's site that a redirect after payment came
// from here.
func (s *Businesses) Sign(ctx context.Context, id ID, message string) (string, error) {
	keys, err := s.signingSecrets(ctx, id)
	if err != nil {
		return "", err
	}
	var signatures []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(message))
		signatures = append(signatures, signatureVersion+hex.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(signatures, " "), nil
}

// SigningSecret returns the secret that Sign uses, for the merchant's site. Show
// it to owners only.
func (s *Businesses) SigningSecret(ctx context.Context, id ID) (string, error) {
	keys, err := s.signingSecrets(ctx, id)
	if errors.Is(err, secret.ErrSealed) {
		return "", fault.Wrap(err, fault.Conflict, "The secret that is stored can’t be read any more. Change it, and give the new one to your site.")
	}
	if err != nil {
		return "", err
	}
	return keys[0], nil
}

// signingSecrets are the secrets that sign now, the present one first.
func (s *Businesses) signingSecrets(ctx context.Context, id ID) ([]string, error) {
	var r struct {
		SigningSecret, SigningSecretBefore string
		SigningSecretUntil                 db.Time
	}
	if err := s.db.Get(ctx, &r, `SELECT signing_secret, signing_secret_before, signing_secret_until FROM businesses WHERE id = $1`, id); err != nil {
		return nil, orMissing(err)
	}
	sealed := []string{r.SigningSecret}
	if r.SigningSecretBefore != "" && s.db.Clock().Wall().Before(r.SigningSecretUntil.Time) {
		sealed = append(sealed, r.SigningSecretBefore)
	}
	keys := make([]string, 0, len(sealed))
	for i, text := range sealed {
		plain, err := s.sealer.Open(text, signingContext(id))
		if i > 0 && errors.Is(err, secret.ErrSealed) {
			break // it was changed because it can't be opened
		}
		if err != nil {
			return nil, fmt.Errorf("open the signing secret of %s: %w", id, err)
		}
		keys = append(keys, string(plain))
	}
	return keys, nil
}

// ChangeSigningSecret makes a new signing secret. The present one signs beside it
// for the overlap; one that overlapped already ends.
func (s *Businesses) ChangeSigningSecret(ctx context.Context, id ID, overlap time.Duration) error {
	plain, err := secret.Token(s.db.Random())
	if err != nil {
		return err
	}
	sealed, err := s.sealer.Seal([]byte(plain), signingContext(id))
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE businesses SET signing_secret_before = signing_secret, signing_secret_until = $2, signing_secret = $3 WHERE id = $1`,
			id, db.At(s.db.Clock().Wall().Add(overlap)), sealed)
		if err == nil && n == 0 {
			err = missing()
		}
		return err
	})
}

func signingContext(id ID) string { return "business/" + string(id) + "/signing" }
