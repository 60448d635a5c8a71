package picture

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"testing"
)

// The picture of halves(40, 20) as a browser wrote it: the contents of the
// chunk "VP8 " and of the chunk "VP8L".
const (
	lossyWebP    = "0AQAnQEqKAAUAD61Sp5JpyQioTAIAOAWiUAZiXrfIPkApQFX/7gABe8wZ/aoyYAA/uy9j/Wgkoxz//rgNv+3/+Ym1yMzn4Ryk7b++XwjlJ38yz+9vKT9bKc/bylE+4B5fLzlAAAA"
	losslessWebP = "LyfABAAPEPO///MfDgiybWpwf9oJHCCi/1HjHQ=="
)

// chunk is a piece of a RIFF file.
func chunk(name string, content []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	out = append(out, content...)
	if len(content)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func riff(chunks ...[]byte) []byte {
	return chunk("RIFF", append([]byte("WEBP"), slices.Concat(chunks...)...))
}

// webpOf is a file with the contents of one chunk.
func webpOf(t *testing.T, name, content string) []byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		t.Fatal(err)
	}
	return riff(chunk(name, body))
}

// hugeVP8L is a chunk that claims to be of 16,384 by 16,384 pixels: a gigabyte.
func hugeVP8L() []byte {
	const side = 16383 // less one, in 14 bits
	return chunk("VP8L", append(binary.LittleEndian.AppendUint32([]byte{0x2f}, side|side<<14), make([]byte, 32)...))
}

// smallHead is the head of a file that claims to be of one pixel.
func smallHead() []byte { return chunk("VP8X", make([]byte, 10)) }
