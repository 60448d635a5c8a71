package account

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"smartlinks/internal/db/dbtest"
)

func TestUnknownAddressesCostAsMuchAsKnownOnes(t *testing.T) {
	a := New(dbtest.SQLite(t), rand.Reader, true)
	params, _, _, err := argon2id.DecodeHash(a.passwords.unknown())
	if err != nil || *params != *a.passwords.params {
		t.Errorf("the unknown are hashed by %+v, %v", params, err)
	}
	// While both places are taken, an unknown address waits for one, too.
	for range hashesAtOnce {
		a.passwords.places <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := a.SignIn(ctx, Visitor{IP: "192.0.2.1"}, "nobody@example.com", "a password"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nothing was hashed: %v", err)
	}
}

func TestCompositionOfAccentsDoesNotMatter(t *testing.T) {
	p := newPasswords(usualCost())
	hash, err := p.hash(t.Context(), "Cafe\u0301 au lait")
	if err != nil {
		t.Fatal(err)
	}
	if match, err := p.matches(t.Context(), "Caf\u00e9 au lait", hash); err != nil || !match {
		t.Errorf("got %v, %v", match, err)
	}
	if match, err := p.matches(t.Context(), "Cafe au lait", hash); err != nil || match {
		t.Errorf("got %v, %v", match, err)
	}
}

func TestCommonPasswordsAreOnesThatLengthAllows(t *testing.T) {
	for line := range strings.Lines(common) {
		if word := strings.TrimSpace(line); len(word) < minPassword || word != strings.ToLower(word) {
			t.Errorf("%q never matches", word)
		}
	}
}
