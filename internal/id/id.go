// Package id makes the public ids of things: a prefix that names the kind and
// 26 characters that sort by time.
package id

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o, u to misread.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// length counts the characters behind the prefix: 48 bits of milliseconds and
// 80 random bits, five bits each, like a ULID.
const length = 26

// New returns prefix_ and 26 characters: the milliseconds of at, then 80 bits
// from random, so that an id can't be guessed from its neighbours.
func New(prefix string, at time.Time, random io.Reader) (string, error) {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(at.UnixMilli())<<16)
	if _, err := io.ReadFull(random, raw[6:]); err != nil {
		return "", fmt.Errorf("id: read randomness: %w", err)
	}
	var b strings.Builder
	b.Grow(len(prefix) + 1 + length)
	b.WriteString(prefix)
	b.WriteByte('_')
	encode(&b, raw)
	return b.String(), nil
}

// encode writes 128 bits as 26 characters, the first holding three bits.
func encode(b *strings.Builder, raw [16]byte) {
	hi, lo := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	for i := length - 1; i >= 0; i-- {
		shift := uint(5 * i)
		var v uint64
		switch {
		case shift >= 64:
			v = hi >> (shift - 64)
		case shift > 59:
			v = hi<<(64-shift) | lo>>shift
		default:
			v = lo >> shift
		}
		b.WriteByte(alphabet[v&31])
	}
}

// Valid reports whether s has the prefix and the form of an id, so that
// nonsense is refused before a query is made.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != length {
		return false
	}
	for i := range len(rest) {
		if strings.IndexByte(alphabet, rest[i]) < 0 {
			return false
		}
	}
	return true
}
