package bankfile

import (
	"regexp"
	"strings"
)

var (
	// numbered are the parts of a detail by the sign before their numbers. It is ? in
	// Germany; banks elsewhere that took the layout over chose others.
	numbered = map[byte]*regexp.Regexp{
		'?': regexp.MustCompile(`\?\d{2}`), '>': regexp.MustCompile(`>\d{2}`), '<': regexp.MustCompile(`<\d{2}`),
		'^': regexp.MustCompile(`\^\d{2}`), '~': regexp.MustCompile(`~\d{2}`),
	}
	// coded is how details begin that have a sign of their own: behind the code of what it was.
	coded = regexp.MustCompile(`^\d{3}([><^~])\d{2}`)
	// knab is who paid behind the text of it, as Knab writes.
	knab = regexp.MustCompile(`\s*REK: ([A-Z]{2}\d{2}[A-Z0-9]{11,30})/NAAM: (.+)$`)
	// germanKeys part the text of a SEPA transfer in German statements.
	germanKeys = regexp.MustCompile(`(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+`)
	// slashed part the details in Dutch and Belgian ones.
	slashed = regexp.MustCompile(`/(TRTP|CSID|NAME|MARF|REMI|IBAN|BIC|EREF|CNTP|ORDP|BENM|ID|ADDR|PREF|TRCD|PURP|ULTC|ULTD|ISDT|RTRN|SVCL|TRAN|CREF|KREF|OCMT)/`)
)

// explain reads the free field of an entry, :86:, in the ways in which banks fill it: with
// numbered parts as in Germany, with words between slashes as in the Netherlands, or plain.
func explain(e *Entry, lines []string) {
	sign := byte('?')
	if len(lines) > 0 {
		if m := coded.FindStringSubmatch(lines[0]); m != nil {
			sign = m[1][0]
		}
	}
	whole := joined(lines, sign)
	switch at := numbered[sign].FindAllStringIndex(whole, -1); {
	case len(at) >= 2:
		german(e, whole, at)
	case slashed.MatchString(whole) && strings.HasPrefix(whole, "/"):
		dutch(e, whole)
	default:
		e.Text = whole
		if m := knab.FindStringSubmatchIndex(whole); m != nil {
			e.Text, e.PayerIBAN, e.Payer = whole[:m[0]], whole[m[2]:m[3]], whole[m[4]:m[5]]
		}
	}
}

// joined puts lines together that were cut where they were full. The sign begins parts.
func joined(lines []string, sign byte) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 && len([]rune(lines[i-1])) < 60 && (line == "" || line[0] != sign && line[0] != '/') {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// returnedCredit is the German code (Geschäftsvorfallcode) of a transfer of ours that came
// back: its credit bears the words that we sent, also a reference that we answered to.
const returnedCredit = "159"

// german is like "166?00GUTSCHRIFT?20SVWZ+Rechnung?30BIC?31IBAN?32NAME?33MORE OF IT", with its
// parts at these places. Where ?31 is a number of the country, ?38 is the IBAN.
func german(e *Entry, whole string, at [][]int) {
	var text, name strings.Builder
	for i, part := range at {
		end := len(whole)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		number, said := whole[part[0]+1:part[1]], whole[part[1]:end]
		switch {
		case number >= "20" && number <= "29", number >= "60" && number <= "63":
			text.WriteString(said)
		case number == "31", number == "38" && ibanAlone.MatchString(compact(said)):
			e.PayerIBAN = said
		case number == "32", number == "33":
			name.WriteString(said)
		case number == "00" && strings.Contains(strings.ToUpper(said), "STORNO"):
			e.Kind = Reversal
		}
	}
	if strings.TrimSpace(whole[:at[0][0]]) == returnedCredit && e.Kind == Credit {
		e.Kind = Reversal
	}
	e.Payer, e.Text = name.String(), text.String()
	keys := germanKeys.FindAllStringSubmatchIndex(e.Text, -1)
	if len(keys) == 0 {
		return
	}
	parts := cutAt(e.Text, keys)
	if said := bankID(parts["EREF"]); said != "" {
		e.EndToEnd = said
	}
	if parts["IBAN"] != "" && e.PayerIBAN == "" {
		e.PayerIBAN = parts["IBAN"]
	}
	e.Text = firstOf(parts["SVWZ"], e.Text[:keys[0][0]])
}

// dutch is like "/TRTP/SEPA OVERBOEKING/IBAN/NL…/NAME/J JANSEN/REMI/rekening/EREF/NOTPROVIDED".
func dutch(e *Entry, whole string) {
	parts := cutAt(whole, slashed.FindAllStringSubmatchIndex(whole, -1))
	e.Payer, e.PayerIBAN = strings.TrimRight(parts["NAME"], "/"), parts["IBAN"]
	// ING tells the other side in one: /CNTP/account/bank/name/city/
	if other := strings.Split(parts["CNTP"], "/"); len(other) >= 3 {
		e.PayerIBAN, e.Payer = firstOf(other[0], e.PayerIBAN), firstOf(other[2], e.Payer)
	}
	// Of /REMI/USTD//text/ and /REMI/STRD/CUR/reference/ the last part is what was said.
	said := strings.Trim(parts["REMI"], "/")
	for _, kind := range []string{"USTD//", "STRD/CUR/", "STRD/ISO/"} {
		if rest, found := strings.CutPrefix(said, kind); found {
			if said = rest; kind != "USTD//" {
				e.Reference = rest
			}
		}
	}
	if e.Text = said; parts["RTRN"] != "" {
		e.Kind = reversed(e.Kind)
	}
	if id := bankID(strings.Trim(parts["EREF"], "/")); id != "" {
		e.EndToEnd = id
	}
}

// reversed is what an entry is that came back.
func reversed(k Kind) Kind {
	if k == Credit || k == Debit {
		return Reversal
	}
	return k
}

// cutAt parts a text behind its keys; of two alike the first counts.
func cutAt(s string, keys [][]int) map[string]string {
	parts := map[string]string{}
	for i, k := range keys {
		end := len(s)
		if i+1 < len(keys) {
			end = keys[i+1][0]
		}
		if name := s[k[2]:k[3]]; parts[name] == "" {
			parts[name] = strings.TrimSpace(s[k[1]:end])
		}
	}
	return parts
}
