package bankfile

import (
	"slices"
	"strings"
)

// DayFormat is a way to write a day.
type DayFormat struct {
	Name   string // DD.MM.YYYY
	layout string
}

// DayFormats are those of banks.
func DayFormats() []DayFormat {
	return []DayFormat{
		{"YYYY-MM-DD", "2006-01-02"}, {"DD.MM.YYYY", "02.01.2006"}, {"DD/MM/YYYY", "02/01/2006"}, {"DD-MM-YYYY", "02-01-2006"}, {"YYYYMMDD", "20060102"},
		{"DD.MM.YY", "02.01.06"}, {"DD/MM/YY", "02/01/06"}, {"DD-MM-YY", "02-01-06"}, {"YYYY/MM/DD", "2006/01/02"}, {"MM/DD/YYYY", "01/02/2006"},
	}
}

// anyDay reads a day in the first format in which it is one.
func anyDay(s string) (day string, format DayFormat, ok bool) {
	for _, f := range DayFormats() {
		if day, ok := dayIn(s, f.layout); ok {
			return day, f, true
		}
	}
	return "", DayFormat{}, false
}

// columnWords are how banks name their columns, in lower case, the surest first. A word
// stands for a name that holds it.
var columnWords = []struct {
	field string
	words []string
}{
	{"day", []string{"buchungstag", "buchungsdatum", "booking date", "boekdatum", "date de comptabilisation", "date comptable", "fecha contable", "fecha operación", "fecha operacion", "datum", "date", "fecha", "rentedatum", "buchung", "wertstellung", "valuta"}},
	{"amount", []string{"betrag", "bedrag", "montant", "importe", "gutschrift", "credit amount", "amount", "crédit", "credit", "haben", "paid in", "umsatz"}},
	{"out", []string{"belastung", "lastschrift", "débit", "debit amount", "paid out", "soll"}},
	{"sign", []string{"af bij", "af/bij", "debit/credit", "credit/debit", "d/c", "soll/haben", "s/h", "sens"}},
	{"text", []string{"verwendungszweck", "mededelingen", "omschrijving-1", "omschrijving", "libellé", "libelle", "concepto", "payment reference", "remittance", "reference", "description", "details", "memo", "communication", "mededeling", "naam / omschrijving", "buchungstext", "beschreibung", "text"}},
	{"payer", []string{"beguenstigter/zahlungspflichtiger", "begünstigter/zahlungspflichtiger", "auftraggeber", "zahlungspflichtige", "naam tegenpartij", "naam / omschrijving", "nom", "contrepartie", "counterparty name", "payer", "name", "ordenante", "tegenpartij"}},
	{"account", []string{"auftragskonto", "iban/bban", "rekening", "own account", "iban auftrags", "compte", "cuenta"}},
	{"iban", []string{"kontonummer/iban", "tegenrekening", "counterparty iban", "counterparty account", "iban zahlungs", "compte contrepartie", "account number of the counterparty", "iban"}},
	{"currency", []string{"waehrung", "währung", "munt", "valuta", "devise", "divisa", "currency"}},
	{"id", []string{"volgnr", "transaction id", "referenz der bank", "bank reference", "transactiereferentie", "id"}},
}

// guess says what columns seem to be, by their names and by what is in them.
func guess(header []string, sample [][]string) Columns {
	at := map[string]string{}
	taken := map[string]bool{}
	for _, known := range columnWords {
		for _, word := range known.words {
			i := slices.IndexFunc(header, func(name string) bool {
				low := strings.ToLower(name)
				return !taken[name] && name != "" && (low == word || len(word) > 3 && strings.Contains(low, word))
			})
			if i < 0 {
				continue
			}
			name := header[i]
			if known.field == "day" && columnDay(sample, i) == "" || known.field == "amount" && !columnOfAmounts(sample, i) || known.field == "out" && !columnOfAmounts(sample, i) ||
				known.field == "sign" && !columnOfSigns(sample, i) || known.field == "currency" && !columnOfCurrencies(sample, i) {
				continue
			}
			at[known.field], taken[name] = name, true
			break
		}
	}
	c := Columns{Day: at["day"], Amount: at["amount"], Out: at["out"], Sign: at["sign"], Payer: at["payer"], IBAN: at["iban"], Account: at["account"], Currency: at["currency"], ID: at["id"]}
	if at["text"] != "" {
		c.Text = []string{at["text"]}
	}
	if i := slices.Index(header, c.Day); c.Day != "" {
		c.DayFormat = columnDay(sample, i)
	}
	if i := slices.Index(header, c.Amount); c.Amount != "" {
		c.Decimal = columnDecimal(sample, i)
	}
	return c
}

func each(sample [][]string, at int, see func(string) bool) bool {
	seen := false
	for _, cells := range sample {
		if s := cell(cells, at); s != "" {
			if seen = true; !see(s) {
				return false
			}
		}
	}
	return seen
}

// columnDay is the first format in which all days of a column can be read, "" without one.
// A sum behind the entries has no day.
func columnDay(sample [][]string, at int) string {
	for _, f := range DayFormats() {
		days := 0
		if each(sample, at, func(s string) bool {
			_, ok := dayIn(s, f.layout)
			if ok {
				days++
			}
			return ok || !hasDigit(s)
		}) && days > 0 {
			return f.Name
		}
	}
	return ""
}

func columnOfAmounts(sample [][]string, at int) bool {
	return each(sample, at, func(s string) bool {
		_, _, comma := signed(s, ",")
		_, _, point := signed(s, ".")
		return comma || point
	})
}

func columnOfSigns(sample [][]string, at int) bool {
	return each(sample, at, func(s string) bool { _, known := signOf(s); return known })
}

// columnOfCurrencies reports whether a column says EUR or €, and no day: Valuta is a
// currency in Dutch and a day in German.
func columnOfCurrencies(sample [][]string, at int) bool {
	return each(sample, at, func(s string) bool { return !hasDigit(s) && len([]rune(s)) <= 3 })
}

// columnDecimal is the decimal sign of a column, "" where none of its amounts tells.
func columnDecimal(sample [][]string, at int) (sign string) {
	for _, cells := range sample {
		s := cell(cells, at)
		i := strings.LastIndexAny(s, ",.")
		if i < 0 {
			continue
		}
		if behind := strings.TrimRight(s[i+1:], " -+€EUR"); len(behind) == 1 || len(behind) == 2 {
			return s[i : i+1]
		}
	}
	return ""
}
