package business

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Sign returns the HMAC-SHA256 of the message in hex, by the business's signing
// secret. It proves to the merchant's site that a redirect after payment came
// from here.
func (s *Businesses) Sign(ctx context.Context, id ID, message string) (string, error) {
	key, err := s.SigningSecret(ctx, id)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// SigningSecret returns the secret that Sign uses, for the merchant's site. Show
// it to owners only.
func (s *Businesses) SigningSecret(ctx context.Context, id ID) (string, error) {
	var sealed string
	if err := s.db.Get(ctx, &sealed, `SELECT signing_secret FROM businesses WHERE id = $1`, id); err != nil {
		return "", orMissing(err)
	}
	plain, err := s.sealer.Open(sealed, signingContext(id))
	if err != nil {
		return "", fmt.Errorf("open the signing secret of %s: %w", id, err)
	}
	return string(plain), nil
}

func signingContext(id ID) string { return "business/" + string(id) + "/signing" }
