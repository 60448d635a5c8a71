// Package secret makes tokens that can't be guessed, keeps only their hashes,
// and seals what must be kept readable with a key from outside the database.
package secret

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

// tokenBytes is 256 bits: twice what ASVS 5.0 asks of a session token.
const tokenBytes = 32

// Token returns 256 bits from random as 43 characters of URL-safe base64
// (RFC 4648, section 5, without padding).
func Token(random io.Reader) (string, error) {
	var raw [tokenBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("secret: read randomness: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// Hash returns the SHA-256 of a token in hex, the form in which tokens are
// stored. It is only fit for tokens with full entropy, not for passwords.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
