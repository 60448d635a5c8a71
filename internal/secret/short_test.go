package secret

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestShortTokensUseEveryLetterAlike(t *testing.T) {
	seen := map[rune]int{}
	for range 2000 {
		token, err := Short(rand.Reader)
		if err != nil || len(token) != ShortLength {
			t.Fatalf("%q, %v", token, err)
		}
		for _, c := range token {
			seen[c]++
		}
	}
	for _, c := range shortAlphabet {
		if n := seen[c]; n < 300 || n > 550 { // 24,000 letters, 414 each
			t.Errorf("%q came %d times", c, n)
		}
	}
	if len(seen) != len(shortAlphabet) || strings.ContainsAny(shortAlphabet, "0OIl") {
		t.Errorf("%d letters came", len(seen))
	}
}

func TestShortTokensNeedRandomness(t *testing.T) {
	if _, err := Short(bytes.NewReader(make([]byte, 5))); err == nil {
		t.Error("a token was made of too little")
	}
}
