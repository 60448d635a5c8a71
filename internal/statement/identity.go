package statement

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/sepa"
	"smartlinks/internal/statement/bankfile"
)

// identities tell the entries of an account apart, in the same way in every file that has
// them: by the bank's own number of the day, else by what they say and how many of the same
// day said exactly that before. Their place in a file says nothing, for files overlap.
type identities struct {
	section  int
	seen     map[string]int
	repeated map[string]bool // numbers of several entries, so that they tell none apart
}

// look notes which numbers of a file tell nothing apart: some banks begin to count anew with
// each day or statement, or write one number at several entries.
func (i *identities) look(account string, entries []bankfile.Entry) {
	type place struct {
		section int
		hash    string
	}
	said := map[place]string{}
	i.repeated = map[string]bool{}
	for _, e := range entries {
		if e.BankID == "" {
			continue
		}
		at, whose := place{e.Section, numbered(account, e)}, whoseMoney(e)
		if before, known := said[at]; known && before != whose {
			i.repeated[at.hash] = true
		}
		said[at] = whose
	}
}

// of is the hash of an entry's identity. Entries are given in the order of the file.
func (i *identities) of(account string, e bankfile.Entry) string {
	if i.seen == nil || i.section != e.Section { // the next statement of a file may overlap this one
		i.section, i.seen = e.Section, map[string]int{}
	}
	if number := numbered(account, e); e.BankID != "" && !i.repeated[number] {
		return number
	}
	same := hashOf(account, "content", e.Day, string(e.Kind), strconv.FormatInt(e.Minor, 10), e.Currency, e.Payer, e.PayerIBAN, e.Reference, e.Text)
	i.seen[same]++
	return hashOf(same, strconv.Itoa(i.seen[same]))
}

// whoseMoney is who sent an entry and for what: of one entry a bank may write the rest in
// several ways.
func whoseMoney(e bankfile.Entry) string {
	who := e.Payer
	if who == "" {
		who = e.Text
	}
	return hashOf(append(references(e), who)...)
}

// numbered is the identity of an entry by the bank's number of it.
func numbered(account string, e bankfile.Entry) string {
	return hashOf(account, "number", e.BankID, e.Day, string(e.Kind), strconv.FormatInt(e.Minor, 10), e.Currency)
}

func hashOf(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		// Its length parts a text from the next.
		_, _ = sum.Write([]byte(strconv.Itoa(len(p)) + ":" + p)) // never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// ofAccount reports whether a bank means the IBAN by what it calls an account: the IBAN,
// with a currency behind it, or its older number.
func ofAccount(iban, told string) bool {
	told = strings.ToUpper(told)
	if strings.HasPrefix(told, iban) {
		return len(told)-len(iban) <= 3
	}
	bank, number, parted := strings.Cut(told, "/")
	if !parted {
		bank, number = "", told
	}
	if strings.HasSuffix(bank, "BANK") { // TRIODOSBANK, which looks like a BIC
		if !lettered.MatchString(iban[4:8]) || !strings.HasPrefix(bank, iban[4:8]) {
			return false
		}
		bank = ""
	} else if bic.MatchString(bank) {
		if bank[4:6] != iban[:2] || lettered.MatchString(iban[4:8]) && bank[:4] != iban[4:8] {
			return false
		}
		bank = "" // what else it says is in no IBAN
	}
	bank, number = strings.TrimLeft(plain(bank), "0"), strings.TrimLeft(plain(number), "0")
	number = strings.TrimSuffix(number, "EUR")
	if len(number) < 6 || len(number)+4 > len(iban) || !strings.HasSuffix(iban, number) {
		return false
	}
	rest := iban[4 : len(iban)-len(number)] // behind the country and its check digits
	if n, known := bankCodes[iban[:2]]; known && strings.Trim(rest[min(n, len(rest)):], "0") != "" {
		return false // the end of our number is another's whole one
	}
	return bank == "" && strings.Trim(rest, "0") == strings.TrimRight(rest, "0") || bank != "" && strings.Contains(rest, bank)
}

// bic is a bank by ISO 9362, which some write before a number: four letters of its own, which
// the IBANs of some countries begin with, and its country.
var (
	bic      = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$`)
	lettered = regexp.MustCompile(`^[A-Z]{4}$`)
)

// bankCodes is how long the bank's code is that stands before an account's number and the
// noughts that fill it, by the IBAN registry; of Belgium the number holds it.
var bankCodes = map[string]int{"AT": 5, "BE": 0, "DE": 8, "NL": 4}

// plain is a text without anything but letters and digits, in capital letters.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, s)
}

// ourReference is how long the references are that payers are given.
const ourReference = 20

// references are the creditor references in what an entry says, in whichever field, in
// small letters or with anything between their letters: those of our length whose check
// digits fit.
func references(e bankfile.Entry) (found []string) {
	for _, text := range []string{e.Reference, e.Text, e.EndToEnd, e.Payer} {
		text = plain(text)
		for at := strings.Index(text, "RF"); at >= 0 && at+ourReference <= len(text); {
			if one := text[at : at+ourReference]; sepa.ValidReference(one) && !slices.Contains(found, one) {
				found = append(found, one)
			}
			next := strings.Index(text[at+1:], "RF")
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return found
}

// looksReferred reports whether an entry has what may be a reference with a slip in it.
func looksReferred(e bankfile.Entry) bool {
	for _, text := range []string{e.Reference, e.Text, e.EndToEnd, e.Payer} {
		text = plain(text)
		for at := strings.Index(text, "RF"); at >= 0 && at+10 <= len(text); {
			if strings.ContainsAny(text[at+2:at+3], "0123456789O") && strings.ContainsAny(text[at+3:at+4], "0123456789O") {
				return true
			}
			next := strings.Index(text[at+1:], "RF")
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return false
}
