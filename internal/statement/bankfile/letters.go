package bankfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"smartlinks/internal/spreadsheet"
)

// asText is a file that begins so as UTF-8, whatever its letters are, and how that begins.
func asText(file io.Reader, head []byte) (text *bufio.Reader, start string, err error) {
	text = bufio.NewReaderSize(transform.NewReader(file, lettersOf(head)), peeked)
	began, err := text.Peek(peeked / 2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	if rest := trimMark(began); len(rest) < len(began) {
		_, _ = text.Discard(len(began) - len(rest)) // it was peeked
		began = rest
	}
	return text, string(began), nil
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// lettersOf says how a file is written, by how it begins.
func lettersOf(head []byte) transform.Transformer {
	e, certain := spreadsheet.Recognise(head)
	if !certain && len(head) == peeked {
		e, certain = spreadsheet.Recognise(wholeLetters(head))
	}
	switch said := declared.FindSubmatch(head); {
	case e == spreadsheet.UTF16LE:
		return utf.UTF16(utf.LittleEndian, utf.UseBOM).NewDecoder()
	case e == spreadsheet.UTF16BE:
		return utf.UTF16(utf.BigEndian, utf.UseBOM).NewDecoder()
	case said != nil:
		if e = spreadsheet.Encoding(strings.ToLower(string(said[1]))); e == "iso-8859-1" {
			e = "windows-1252" // as browsers read it: the same letters, and some signs more
		}
	case certain:
		return mixed{}
	}
	for _, page := range spreadsheet.CodePages() {
		if page.Encoding == e {
			return page.Decoder()
		}
	}
	return mixed{}
}

// wholeLetters is a text in UTF-8 without a letter at its end that goes on behind it.
func wholeLetters(b []byte) []byte {
	for n := 1; n < utf8.UTFMax; n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) && !utf8.FullRune(last) {
			return b[:len(b)-n]
		}
	}
	return b
}

// mixed reads UTF-8, and takes what is none for Windows-1252: a file may hold its first
// letter beyond ASCII far behind its beginning.
type mixed struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (mixed) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if src[nSrc] < utf8.RuneSelf {
			end := bytes.IndexFunc(src[nSrc:], func(r rune) bool { return r >= utf8.RuneSelf })
			if end < 0 {
				end = len(src) - nSrc
			}
			n := copy(dst[nDst:], src[nSrc:nSrc+end])
			nDst, nSrc = nDst+n, nSrc+n
			if n < end {
				return nDst, nSrc, transform.ErrShortDst
			}
			continue
		}
		r, size := utf8.DecodeRune(src[nSrc:])
		if r == utf8.RuneError && size <= 1 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			r, size = charmap.Windows1252.DecodeByte(src[nSrc]), 1
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}
