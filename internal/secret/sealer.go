package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a sealing key in bytes: AES-256.
const KeySize = 32

// version leads every sealed text, so that a later format can be told apart.
const version = "v1."

// ErrSealed says that a sealed text can't be opened: it was altered, belongs to
// another context, or was sealed with another key.
var ErrSealed = errors.New("secret: this was not sealed here, or with another key")

// Sealer encrypts and authenticates with AES-256-GCM. It is safe for
// concurrent use.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a sealer for a key of KeySize bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("secret: the key has %d bytes, not %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	// A random nonce of 96 bits per text is safe for 2³² texts (NIST SP
	// 800-38D); an installation seals a handful per business.
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return &Sealer{aead: aead}, nil
}

// Seal encrypts plain for the context, which names where the text is kept
// ("business/biz_…/signing") and must be given again to open it. A sealed text
// that is copied to another place doesn't open there.
func (s *Sealer) Seal(plain []byte, context string) (string, error) {
	sealed := s.aead.Seal(nil, nil, plain, []byte(context))
	return version + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Open returns what Seal was given, or ErrSealed.
func (s *Sealer) Open(sealed, context string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(sealed, version)
	if !ok {
		return nil, ErrSealed
	}
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(context))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
