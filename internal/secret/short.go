package secret

import (
	"fmt"
	"io"
)

// shortAlphabet has no letters to misread, and nothing that programs leave out
// of a link at the end of a line.
const shortAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// ShortLength is how many characters Short returns.
const ShortLength = 12

// Short returns a token for addresses that people may have to type: 70 bits,
// which can't be found by trying. It is for what may be lost, not for sign-in.
func Short(random io.Reader) (string, error) {
	const fair = 256 / len(shortAlphabet) * len(shortAlphabet) // above it some letters would be likelier
	token := make([]byte, 0, ShortLength)
	var one [1]byte
	for len(token) < ShortLength {
		if _, err := io.ReadFull(random, one[:]); err != nil {
			return "", fmt.Errorf("secret: read randomness: %w", err)
		}
		if int(one[0]) < fair {
			token = append(token, shortAlphabet[int(one[0])%len(shortAlphabet)])
		}
	}
	return string(token), nil
}
