package sms

import (
	"fmt"
	"unicode/utf16"
)

// Encoding is how a message travels.
type Encoding string

// The encodings (3GPP TS 23.038).
const (
	GSM7 Encoding = "GSM-7" // 160 characters in one segment
	UCS2 Encoding = "UCS-2" // 70 characters; one character outside GSM-7 is enough
)

// Size is how long a message is, as gateways charge it.
type Size struct {
	Encoding Encoding
	// Units are septets of GSM-7 or 16-bit units of UCS-2.
	Units    int
	Segments int
}

// MaxSegments bounds one message, in segments: the fewest that a gateway takes,
// which is MessageBird's 1377 characters ("SMS API", body). Bird takes 12, Twilio
// 1600 characters.
const MaxSegments = 9

// TooLong says that a message has more than MaxSegments, and by how much; "" for
// one that fits.
func TooLong(text string) string {
	size := Count(text)
	if size.Segments <= MaxSegments {
		return ""
	}
	most := MaxSegments * joinedGSM7
	if size.Encoding == UCS2 {
		most = MaxSegments * joinedUCS2
	}
	return fmt.Sprintf("This SMS would have %d segments, and at most %d are sent. Leave out at least %d of its characters.",
		size.Segments, MaxSegments, max(size.Units-most, 1))
}

// The units that one segment holds: alone, and with the header that joins
// several (3GPP TS 23.040, 9.2.3.24.1).
const (
	aloneGSM7, joinedGSM7 = 160, 153
	aloneUCS2, joinedUCS2 = 70, 67
)

// basic is the default alphabet (3GPP TS 23.038, 6.2.1) without its escape.
const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// extended is the extension table (6.2.1.1): each takes an escape before it.
const extended = "\f^{}\\[~]|€"

// width is how many septets a character takes, 0 when GSM-7 has none.
func width(c rune) int {
	for _, known := range basic {
		if c == known {
			return 1
		}
	}
	for _, known := range extended {
		if c == known {
			return 2
		}
	}
	return 0
}

// Count measures a text. Neither an escape and its character nor the two halves
// of a character outside the BMP are parted, so a segment may stay one unit
// short. An empty text is one segment.
func Count(text string) Size {
	var widths []int
	for _, c := range text {
		w := width(c)
		if w == 0 {
			return countUCS2(text)
		}
		widths = append(widths, w)
	}
	return size(GSM7, widths, aloneGSM7, joinedGSM7)
}

func countUCS2(text string) Size {
	var widths []int
	for _, c := range text {
		widths = append(widths, utf16.RuneLen(c))
	}
	return size(UCS2, widths, aloneUCS2, joinedUCS2)
}

func size(e Encoding, widths []int, alone, joined int) Size {
	s := Size{Encoding: e, Segments: 1}
	filled := 0
	for _, w := range widths {
		s.Units += w
		if filled += w; filled > joined {
			s.Segments, filled = s.Segments+1, w
		}
	}
	if s.Units <= alone {
		s.Segments = 1
	}
	return s
}
