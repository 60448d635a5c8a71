package attempt

import (
	"strings"

	"smartlinks/internal/text"
)

// codeLength counts the characters of a payment code without its marks: 40 bits,
// the last of the random ones of the attempt's id.
const codeLength = 8

// Code is what payers quote and Transactions finds: "P-7KQ2-M4XD". It is the end
// of the attempt's id, so an attempt that is made anew after a backup was
// restored has the code that its payer knows. It is unique in the business, and
// opens nothing.
func (id ID) Code() string {
	if len(id) < codeLength {
		return ""
	}
	end := strings.ToUpper(string(id[len(id)-codeLength:]))
	return "P-" + end[:codeLength/2] + "-" + end[codeLength/2:]
}

// EndSQL is the part of an attempt's id that its code is made of, as an index
// has it; attempts is unnamed.
const EndSQL = `SUBSTR(id, 23)`

// misread are the letters that people write for digits: the alphabet is
// Crockford's, who says so.
var misread = strings.NewReplacer("o", "0", "i", "1", "l", "1")

// EndByCode is the end of the id that a code names, however it is written: in
// any case, with other marks or none, with or without its P. It is "" for what is
// no code.
func EndByCode(typed string) string {
	letters := strings.Map(func(c rune) rune {
		if strings.ContainsRune("-–—‐‑. \u00a0", c) {
			return -1
		}
		return c
	}, strings.ToLower(text.Digits(typed)))
	if len(letters) == codeLength+1 {
		letters = strings.TrimPrefix(letters, "p")
	}
	letters = misread.Replace(letters)
	if len(letters) != codeLength || strings.Trim(letters, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
		return ""
	}
	return letters
}
