package spreadsheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

// Encoding is how the letters of a file are written, by its name at IANA.
type Encoding string

// The encodings that a file tells by itself.
const (
	UTF8    Encoding = "utf-8"
	UTF16LE Encoding = "utf-16le"
	UTF16BE Encoding = "utf-16be"
)

// CodePage is an encoding of one byte a letter, which a file doesn't tell.
type CodePage struct {
	Encoding Encoding
	Label    string // for people
	page     *charmap.Charmap
}

// Decoder reads what is written so.
func (c CodePage) Decoder() *encoding.Decoder { return c.page.NewDecoder() }

// CodePages are those that programs of today still write, the likeliest first.
func CodePages() []CodePage {
	return []CodePage{
		{"windows-1252", "Western Europe, Windows", charmap.Windows1252},
		{"iso-8859-15", "Western Europe, Unix", charmap.ISO8859_15},
		{"macintosh", "Western Europe, Mac", charmap.Macintosh},
		{"ibm850", "Western Europe, MS-DOS", charmap.CodePage850},
		{"windows-1250", "Central Europe", charmap.Windows1250},
		{"windows-1251", "Cyrillic", charmap.Windows1251},
		{"windows-1253", "Greek", charmap.Windows1253},
		{"windows-1254", "Turkish", charmap.Windows1254},
		{"windows-1255", "Hebrew", charmap.Windows1255},
		{"windows-1256", "Arabic", charmap.Windows1256},
		{"windows-1257", "Baltic", charmap.Windows1257},
	}
}

// The marks that files begin with: U+FEFF in each encoding.
const (
	markLE = "\xff\xfe"
	markBE = "\xfe\xff"
)

// Recognise tells how a file is written. It is not certain where the file doesn't tell:
// then it is the code page whose letters look most like words, and people have to look.
func Recognise(file []byte) (e Encoding, certain bool) {
	switch {
	case bytes.HasPrefix(file, []byte(byteOrderMark)):
		return UTF8, true
	case bytes.HasPrefix(file, []byte(markLE)):
		return UTF16LE, true
	case bytes.HasPrefix(file, []byte(markBE)):
		return UTF16BE, true
	}
	if e, is := unmarkedUTF16(file); is {
		return e, true
	}
	if utf8.Valid(file) {
		return UTF8, true
	}
	return likeliest(file), false
}

// unmarkedUTF16 recognises UTF-16 without a mark by its line ends, and by the zero bytes of
// these, of separators and of Latin letters, which all stand on one side.
func unmarkedUTF16(file []byte) (Encoding, bool) {
	var zeros, lines [2]int
	for i, b := range file {
		if b != 0 {
			continue
		}
		zeros[i%2]++
		if beside := i ^ 1; beside < len(file) && (file[beside] == '\n' || file[beside] == '\r') {
			lines[i%2]++
		}
	}
	pairs := len(file) / 2
	switch {
	case len(file)%2 != 0 || pairs == 0:
	case zeros[0] == 0 && lines[1] > 0 && zeros[1]*10 >= pairs:
		return UTF16LE, true
	case zeros[1] == 0 && lines[0] > 0 && zeros[0]*10 >= pairs:
		return UTF16BE, true
	}
	return "", false
}

// Decode is the file as text, without a mark. Its error says that the file is not written
// so.
func Decode(file []byte, e Encoding) (string, error) {
	switch e {
	case UTF8:
		if !utf8.Valid(file) {
			return "", fmt.Errorf("spreadsheet: the file is not %s", e)
		}
		return strings.TrimPrefix(string(file), byteOrderMark), nil
	case UTF16LE:
		return decodeWith(utf.UTF16(utf.LittleEndian, utf.UseBOM), file)
	case UTF16BE:
		return decodeWith(utf.UTF16(utf.BigEndian, utf.UseBOM), file)
	}
	for _, p := range CodePages() {
		if p.Encoding == e {
			return decodeWith(p.page, file)
		}
	}
	return "", fmt.Errorf("spreadsheet: %q is no encoding that can be read", e)
}

func decodeWith(e encoding.Encoding, file []byte) (string, error) {
	text, err := e.NewDecoder().Bytes(file)
	return strings.TrimPrefix(string(text), byteOrderMark), err
}
