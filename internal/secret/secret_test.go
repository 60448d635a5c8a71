package secret_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"smartlinks/internal/secret"
)

func sealer(t *testing.T, key byte) *secret.Sealer {
	t.Helper()
	s, err := secret.NewSealer(bytes.Repeat([]byte{key}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTokenHolds256Bits(t *testing.T) {
	got, err := secret.Token(bytes.NewReader(bytes.Repeat([]byte{0xFF}, 32)))
	if err != nil || got != strings.Repeat("_", 42)+"8" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := secret.Token(strings.NewReader("too short")); err == nil {
		t.Error("a token was made without enough randomness")
	}
	one, _ := secret.Token(rand.Reader)
	two, _ := secret.Token(rand.Reader)
	if one == two {
		t.Error("two tokens are equal")
	}
}

func TestHashIsSHA256(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, B.1
	if got := secret.Hash("abc"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestSealedOpensOnlyInItsContextAndWithItsKey(t *testing.T) {
	s := sealer(t, 1)
	sealed, err := s.Seal([]byte("a secret"), "here")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, "secret") {
		t.Errorf("it can be read: %s", sealed)
	}
	if plain, err := s.Open(sealed, "here"); err != nil || string(plain) != "a secret" {
		t.Errorf("got %q, %v", plain, err)
	}
	again, err := s.Seal([]byte("a secret"), "here")
	if err != nil || again == sealed {
		t.Error("the same text is sealed alike twice")
	}
	if _, err := s.Open(sealed, "there"); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("in another context: %v", err)
	}
	if _, err := sealer(t, 2).Open(sealed, "here"); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("with another key: %v", err)
	}
	last := sealed[len(sealed)-2]
	swap := byte('A')
	if last == swap {
		swap = 'B'
	}
	altered := sealed[:len(sealed)-2] + string(swap) + sealed[len(sealed)-1:]
	for _, wrong := range []string{"", "v1.", "v2." + sealed[3:], sealed[3:], sealed[:len(sealed)-4], "v1.!!", altered} {
		if _, err := s.Open(wrong, "here"); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestKeysOfOtherLengthsAreRefused(t *testing.T) {
	for _, size := range []int{0, 16, 31, 33} {
		if _, err := secret.NewSealer(make([]byte, size)); err == nil {
			t.Errorf("a key of %d bytes was taken", size)
		}
	}
}
