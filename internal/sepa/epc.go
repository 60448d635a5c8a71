package sepa

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Transfer is what a QR code asks a payer's bank to send.
type Transfer struct {
	BIC       string // may be empty within the SEPA area
	Name      string // of the account's owner
	IBAN      string
	Cents     int64
	Reference string // a creditor reference
}

// maxEPC is how many bytes the code may hold.
const maxEPC = 331

// EPC is the text of the QR code of a SEPA credit transfer, by the European Payments
// Council's EPC069-12: version 002, UTF-8, with a structured reference, and nothing behind
// the last element.
func (t Transfer) EPC() (string, error) {
	if t.Cents < 1 || t.Cents > 999_999_999_99 {
		return "", errors.New("sepa: the amount is outside of what a code can ask for")
	}
	text := strings.Join([]string{
		"BCD", "002", "1", "SCT", t.BIC, Name(t.Name), t.IBAN, fmt.Sprintf("EUR%d.%02d", t.Cents/100, t.Cents%100), "", t.Reference,
	}, "\n")
	if len(text) > maxEPC {
		return "", errors.New("sepa: this is too much for a code")
	}
	return text, nil
}

// Name is an owner's name as a code takes it: 70 characters at most, in one line.
func Name(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	for utf8.RuneCountInString(name) > 70 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return strings.TrimSpace(name)
}
