package account

import (
	"context"
	_ "embed" // the common passwords
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// The bounds of a password, in characters: ASVS 5.0, 6.2.1 and 6.2.9.
const (
	minPassword = 8
	maxPassword = 512
)

// common holds passwords that are tried first, one a line.
//
//go:embed common.txt
var common string

// hashesAtOnce bounds the memory of sign-ins under attack to twice 19 MiB;
// whoever comes later waits.
const hashesAtOnce = 2

// passwords hashes and compares with argon2id.
type passwords struct {
	params *argon2id.Params
	places chan struct{}
}

// Cost is what trying one password costs.
type Cost struct{ MemoryKiB, Passes uint32 }

// usualCost is the OWASP Password Storage Cheat Sheet's: 19 MiB, two passes.
func usualCost() Cost { return Cost{MemoryKiB: 19 * 1024, Passes: 2} }

func newPasswords(c Cost) *passwords {
	return &passwords{
		params: &argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		places: make(chan struct{}, hashesAtOnce),
	}
}

// unknown is a hash that no password has, at the cost of a true one, so that
// an address without an account takes as long to refuse as one with.
func (p *passwords) unknown() string {
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", p.params.Memory, p.params.Iterations)
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	return argon2id.CreateHash(composed(password), p.params)
}

func (p *passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > maxPassword {
		return false, nil // no password that was ever accepted
	}
	if err := p.enter(ctx); err != nil {
		return false, err
	}
	defer p.leave()
	match, err := argon2id.ComparePasswordAndHash(composed(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return match, nil
}

func (p *passwords) enter(ctx context.Context) error {
	select {
	case p.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *passwords) leave() { <-p.places }

// composed makes keyboards that compose accents differently agree: NIST SP
// 800-63B, 3.1.1.2.
func composed(password string) string { return norm.NFKC.String(password) }

// checkPassword notes a password that is too easily guessed. known are words
// about its owner, such as the e-mail address.
func checkPassword(password string, fields *fault.Fields, known ...string) {
	wrong := func(code, message string) { fields.Add("password", code, message) }
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		wrong("password.short", "Use at least 8 characters. A few words in a row are easy to remember.")
	case utf8.RuneCountInString(password) > maxPassword || !utf8.ValidString(password):
		wrong("password.long", "Use at most 512 characters.")
	case guessable(text.Fold(password), known):
		wrong("password.common", "This password is among the first that are tried. Choose another; a few words in a row are easy to remember.")
	}
}

func guessable(folded string, known []string) bool {
	for line := range strings.Lines(common) {
		if strings.TrimSpace(line) == folded {
			return true
		}
	}
	for _, word := range known {
		if text.Fold(word) == folded {
			return true
		}
	}
	_, size := utf8.DecodeRuneInString(folded)
	return strings.Repeat(folded[:size], utf8.RuneCountInString(folded)) == folded // one character over and over
}
