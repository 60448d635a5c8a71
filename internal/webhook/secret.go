package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	secretPrefix = "whsec_"
	// newSecretBytes is what new secrets hold; Standard Webhooks allows 24 to 64.
	newSecretBytes                 = 32
	minSecretBytes, maxSecretBytes = 24, 64
)

// ErrSecret says that a text is no secret of Standard Webhooks.
var ErrSecret = errors.New("webhook: a secret is whsec_ and the base64 of 24 to 64 bytes")

// Secret is the key that an endpoint and we share. It prints as "whsec_…"
// without the key, so that it reaches no log; Text tells it.
type Secret struct{ key []byte }

// NewSecret draws a secret of 32 bytes.
func NewSecret(random io.Reader) (Secret, error) {
	key := make([]byte, newSecretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return Secret{}, fmt.Errorf("webhook: draw a secret: %w", err)
	}
	return Secret{key}, nil
}

// ParseSecret reads what Text wrote; anything else is ErrSecret.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, secretPrefix)
	if !ok {
		return Secret{}, ErrSecret
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < minSecretBytes || len(key) > maxSecretBytes {
		return Secret{}, ErrSecret
	}
	return Secret{key}, nil
}

// Text is the secret as its owner copies it.
func (s Secret) Text() string { return secretPrefix + base64.StdEncoding.EncodeToString(s.key) }

// String hides the key.
func (s Secret) String() string { return secretPrefix + "…" }

// GoString hides the key from %#v as well.
func (s Secret) GoString() string { return s.String() }

// Sign is the header webhook-signature for a message: one v1 signature for
// each secret, so that both are believed while an endpoint changes from one to
// the next (standardwebhooks.com, "Signature scheme").
func Sign(id string, at time.Time, body []byte, secrets ...Secret) string {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		mac := hmac.New(sha256.New, secret.key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}
