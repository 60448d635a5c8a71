package bankfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"smartlinks/internal/statement/bankfile"
)

// guessed takes the columns of a CSV file as they are guessed.
func guessed(t *testing.T, file []byte) bankfile.Options {
	t.Helper()
	_, err := bankfile.Read(strings.NewReader(string(file)), bankfile.Options{})
	unknown := new(bankfile.NewColumns)
	if !errors.As(err, &unknown) {
		return bankfile.Options{}
	}
	return bankfile.Options{Columns: func([]string) (*bankfile.Columns, error) { return &unknown.Guess, nil }}
}

func told(e bankfile.Entry) string {
	unclear := ""
	if e.Unclear {
		unclear = " unclear"
	}
	return fmt.Sprintf("%s %s %d.%02d %s%s | %s | %s | %s | %s | %s | %s", e.Day, e.Kind, e.Minor/100, e.Minor%100, e.Currency, unclear, e.Account, e.BankID, e.Payer, e.PayerIBAN, e.Reference, e.Text)
}

// Each file is written as a bank's description says.
func TestStatementsOfBanksAreRead(t *testing.T) {
	for name, want := range map[string][]string{
		"abn-amro.camt053-02.xml": {
			"2026-02-17 credit 120.00 EUR | NL91ABNA0417164300 | B6048PGW1234567 | E. BRANDT | DE89370400440532013000 | RF18539007547034 | SEPA OVERBOEKING",
			"2026-02-17 credit 49.50 EUR | NL91ABNA0417164300 |  | CAFÉ DE KOFFIEBOÖN | NL20INGB0001234567 |  | rf18 5390 0754 7034 met dank",
			"2026-02-17 debit 12.95 EUR | NL91ABNA0417164300 |  |  |  |  | Betaalpas en kosten",
			"2026-02-18 pending 80.00 EUR | NL91ABNA0417164300 |  |  |  |  | komt morgen",
		},
		"sparkasse.camt053-08.xml": {
			"2026-02-18 credit 60.00 EUR | DE89370400440532013000 | 2026-049-SAMMEL/1 | Jörg Müller-Lüdenscheidt | DE02120300000000202051 |  | Töpferkurs März",
			"2026-02-18 credit 60.00 EUR | DE89370400440532013000 | 2026-049-SAMMEL/2 | Grete Weiß |  |  | ",
			"2026-02-18 credit 60.00 EUR | DE89370400440532013000 | 2026-049-SAMMEL/3 | RF18 5390 0754 7034 Weiß |  |  | ",
			"2026-02-18 credit 97.10 EUR | DE89370400440532013000 | USD-1 | Ann Overseas |  |  | invoice 12",
			"2026-02-18 reversal 60.00 EUR | DE89370400440532013000 |  | Grete Weiß |  |  | Storno",
			"2026-02-18 reversal 15.00 EUR | DE89370400440532013000 |  | Own Name |  |  | ",
			"2026-02-18 credit 50.00 EUR unclear | DE89370400440532013000 | SPLIT |  |  |  | ",
			" pending 5.00 EUR | DE89370400440532013000 |  |  |  |  | ",
		},
		"ing.mt940": {
			"2026-02-17 credit 89.00 EUR | NL91ABNA0417164300EUR | 26048123456789 | J. LINDQVIST | SE4550000000058398257466 |  | workshop march jonas",
			"2026-02-17 debit 1.00 EUR | NL91ABNA0417164300EUR | 26048123456790 |  |  |  | KOSTEN",
			"2026-02-17 credit 60.00 EUR | NL91ABNA0417164300EUR | 26048123456791 | OKAFOR A | NL20INGB0001234567 | RF18539007547034 | RF18539007547034",
			"2026-02-17 reversal 89.00 EUR | NL91ABNA0417164300EUR |  | J. LINDQVIST | SE4550000000058398257466 |  | back",
		},
		"commerzbank.mt940": {
			"2026-02-17 credit 120.00 EUR | 37040044/0532013000 | BANK-1 | Jörg Müller-Lüdenscheidt und Söhne | DE02120300000000202051 |  | RF18 5390 0754 7034 Töpferkurs für Anfänger",
			"2026-02-17 credit 49.00 EUR | 37040044/0532013000 |  | Weiß, Grete |  |  | Danke schön",
			"2026-01-02 credit 20.00 EUR | 37040044/0532013000 |  |  |  |  | no parts here, RF18539007547034",
			"2026-02-17 reversal 5.00 EUR | 37040044/0532013000 |  |  |  |  | Gebühr",
		},
		"rabobank.csv": {
			"2026-02-16 credit 98.00 EUR | NL91ABNA0417164300 | 000000000000001 | DE VRIES S E/O VISSER D | NL20INGB0001234567 |  | rf18 5390 0754 7034 in small letters",
			"2026-02-16 debit 12.50 EUR | NL91ABNA0417164300 | 000000000000002 |  |  |  | Kosten, \"betaalpakket\"",
			"2026-02-17 credit 1234.56 EUR | NL91ABNA0417164300 | 000000000000003 | T J M WÓJCIK | BE68539007547034 |  | ",
		},
		"dkb.csv": {
			"2026-02-17 credit 120.00 EUR |  |  | Jörg Müller | DE02120300000000202051 |  | RF18 5390 0754 7034",
			"2026-02-17 debit 89.90 EUR |  |  |  |  |  | Abschlag",
			"2026-02-16 credit 1049.00 EUR |  |  | Grete Weiß |  |  | ",
		},
		"bnp.csv": {
			"2026-02-17 credit 120.00 EUR |  |  |  |  |  | VIR SEPA M. LEFÈVRE RF18539007547034",
			"2026-02-17 debit 3.50 EUR |  |  |  |  |  | COMMISSIONS",
			"2026-02-16 credit 1049.00 EUR |  |  |  |  |  | VIR SEPA \"CHEZ ZOÉ\"",
		},
		"ing.csv": {
			"2026-02-17 credit 89.00 EUR | NL91ABNA0417164300 |  | J. LINDQVIST | SE4550000000058398257466 |  | workshop march jonas",
			"2026-02-17 debit 4.20 EUR | NL91ABNA0417164300 |  |  |  |  | Pasvolgnr 1",
		},
	} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		read, err := bankfile.Read(strings.NewReader(string(file)), guessed(t, file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, e := range read.Entries {
			got = append(got, told(e))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nnot\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// A value date is no currency, though both are called Valuta.
func TestColumnsAreGuessedByWhatIsInThem(t *testing.T) {
	for _, file := range []string{
		"Buchung;Valuta;Verwendungszweck;Betrag\n18.02.2026;19.02.2026;a gift;10,00\n",
		"Buchungstag;Wertstellung (Valuta);Vorgang;Buchungstext;Umsatz in EUR\n18.02.2026;19.02.2026;credit;a gift;10,00\n",
		"Datum;Valuta;Omschrijving;Bedrag\n18.02.2026;EUR;a gift;10,00\n",
	} {
		read, err := bankfile.Read(strings.NewReader(file), guessed(t, []byte(file)))
		if err != nil || len(read.Entries) != 1 || told(read.Entries[0]) != "2026-02-18 credit 10.00 EUR |  |  |  |  |  | a gift" {
			t.Errorf("%s%+v, %v", file, read.Entries, err)
		}
	}
}

// What is in a column decides whether it is what its name says.
func TestNamesOfColumnsAreNotTrustedAlone(t *testing.T) {
	for file, want := range map[string]bankfile.Columns{
		"Datum;Buchung;Betrag;Text\nsoon;17.02.2026;5,00;a\n":             {Day: "Buchung", Amount: "Betrag", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;Umsatz;Text\n17.02.2026;some;5,00;a\n":              {Day: "Datum", Amount: "Umsatz", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Haben;Soll;Text\n17.02.2026;5,00;;a\n17.02.2026;;7,00;b\n": {Day: "Datum", Amount: "Haben", Out: "Soll", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Haben;Soll;Text\n17.02.2026;5,00;none;a\n":                 {Day: "Datum", Amount: "Haben", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;S/H;Text\n17.02.2026;5,00;H;a\n":                    {Day: "Datum", Amount: "Betrag", Sign: "S/H", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;S/H;Text\n17.02.2026;5,00;maybe;a\n":                {Day: "Datum", Amount: "Betrag", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;Devise;Text\n17.02.2026;5,00;Euro;a\n":              {Day: "Datum", Amount: "Betrag", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;Economie;Text\n17.02.2026;5,00;growing;a\n":         {Day: "Datum", Amount: "Betrag", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: ","},
		"Datum;Betrag;Nom;Text;\n17.02.2026;5.0;Ann;a;\nSum;5;;;\n":       {Day: "Datum", Amount: "Betrag", Payer: "Nom", Text: []string{"Text"}, DayFormat: "DD.MM.YYYY", Decimal: "."},
		"Date;Amount;Text\n02/13/2026;1,234.50;a\n02/03/2026;5;b\n":       {Day: "Date", Amount: "Amount", Text: []string{"Text"}, DayFormat: "MM/DD/YYYY", Decimal: "."},
		"Date;Amount;Text\n02/03/2026;1.234;a\n02/04/2026;5;b\n":          {Day: "Date", Amount: "Amount", Text: []string{"Text"}, DayFormat: "DD/MM/YYYY"},
		"Date;Amount;Text\nnever;5,5;a\n":                                 {Amount: "Amount", Text: []string{"Text"}, Decimal: ","},
	} {
		_, err := bankfile.Read(strings.NewReader(file), bankfile.Options{})
		unknown := new(bankfile.NewColumns)
		if !errors.As(err, &unknown) || !reflect.DeepEqual(unknown.Guess, want) {
			t.Errorf("%s%+v", file, unknown.Guess)
		}
	}
}

func mustFile(t *testing.T, name string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// The letters of a file make no difference.
func TestLettersOfAnyEncodingAreRead(t *testing.T) {
	const name = "Jörg Müller-Lüdenscheidt"
	file := strings.Replace(mustFile(t, "sparkasse.camt053-08.xml"), `encoding="UTF-8"`, `encoding="ISO-8859-1"`, 1)
	latin, err := charmap.Windows1252.NewEncoder().String(file)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(file, "ISO-8859-1", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	// The first letter beyond ASCII stands behind what is looked at to guess.
	late := strings.Replace(latin, "<GrpHdr>", "<GrpHdr><!--"+strings.Repeat("a line of it\n", 8000)+"-->", 1)
	late = strings.Replace(late, ` encoding="ISO-8859-1"`, "", 1)
	for how, file := range map[string]string{"latin": latin, "UTF-16": wide, "marked": "\ufeff" + mustFile(t, "sparkasse.camt053-08.xml"), "late": late} {
		read, err := bankfile.Read(strings.NewReader(file), bankfile.Options{})
		if err != nil || read.Entries[0].Payer != name {
			t.Errorf("%s: %+v, %v", how, read.Entries, err)
		}
	}
}

// A letter may stand where what is looked at of a file ends, to tell how it is written.
func TestALetterThatIsCutMakesNoOtherLetters(t *testing.T) {
	for _, letter := range []string{"ö", "€", "😀"} {
		for shift := range len(letter) {
			file := "Date;Amount;Text\n2026-02-17;5,00;Jörg\n2026-02-17;6,00;" + strings.Repeat("x", shift) + strings.Repeat(letter, 66_000/len(letter)) + "\n"
			if got := list(t, three, file); !strings.HasPrefix(got, "2026-02-17 credit 500 EUR Jörg\n") {
				t.Errorf("%s: %s", letter, got[:40])
			}
		}
	}
}

// endless is a file of one begin and something again and again.
func endless(begin, again string) io.Reader {
	return io.MultiReader(strings.NewReader(begin), io.LimitReader(&repeated{again: again}, 60<<20))
}

type repeated struct {
	again string
	at    int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		copied := copy(p[n:], r.again[r.at:])
		n, r.at = n+copied, (r.at+copied)%len(r.again)
	}
	return n, nil
}

// What can't be read is told by a sentence, with the line where there is one, and costs
// little.
func TestWhatIsNoStatementIsTold(t *testing.T) {
	camt, mt, list := mustFile(t, "abn-amro.camt053-02.xml"), mustFile(t, "ing.mt940"), mustFile(t, "rabobank.csv")
	const open = `<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>`
	const entry = `<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-02-17</Dt></BookgDt></Ntry>`
	columns := guessed(t, []byte(list))
	for _, c := range []struct {
		name string
		file io.Reader
		want string
	}{
		{"empty", strings.NewReader(" \n"), "is empty"},
		{"PDF", strings.NewReader("%PDF-1.7"), "This is a PDF"},
		{"ZIP", strings.NewReader("PK\x03\x04…"), "Unpack it"},
		{"a workbook", strings.NewReader("\xd0\xcf\x11\xe0\xa1"), "save the list as CSV"},
		{"a picture", strings.NewReader("GIF89a\x00\x00\x00\x00\x01\x02\x00"), "not a text file"},
		{"text", strings.NewReader("Dear all,\nhow are you?\n"), "No line of this file names columns"},
		{"a page", strings.NewReader("<html><body>Sign in</body></html>"), "no bank statement"},
		{"CAMT.052", strings.NewReader(`<Document><BkToCstmrAcctRpt/></Document>`), "CAMT.053"},
		{"MT942", strings.NewReader(":20:A\n:25:NL91ABNA0417164300\n:28C:1\n:34F:EUR0,\n"), "interim report"},
		{"no entries", strings.NewReader(open + "</Stmt></BkToCstmrStmt></Document>"), "has no entries"},
		{"CAMT that ends", strings.NewReader(camt[:len(camt)-900]), "Line 27: The file ends in the middle"},
		{"MT940 that ends", strings.NewReader(mt[:strings.Index(mt, ":62F:")]), "Line 20: The file ends in the middle"},
		{"damaged XML", strings.NewReader(strings.Replace(camt, "</Amt>", "</Amd>", 1)), "Line 9: The file is damaged"},
		{"an amount in words", strings.NewReader(strings.Replace(camt, "49.5<", "lots<", 1)), "Line 22: This entry has no amount that can be read: “lots”"},
		{"three decimals", strings.NewReader(strings.Replace(camt, "49.5<", "49.505<", 1)), "“49.505”"},
		{"no day", strings.NewReader(strings.Replace(camt, "2026-02-17T11:22:33+01:00", "soon", 1)), "no day on which it was booked"},
		{"an entry of MT940 in words", strings.NewReader(strings.Replace(mt, "2602170217C89,00N", "today some money", 1)), "Line 8: This entry can’t be read"},
		{"an amount of CSV in words", strings.NewReader(strings.Replace(list, "+98,00", "ninety", 1)), "Line 2: This line has no amount that can be read: “ninety”"},
		{"a bomb", strings.NewReader(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>` + camt[strings.Index(camt, "<Document"):]), "DOCTYPE"},
		{"an entity", strings.NewReader(strings.Replace(camt, "E. BRANDT", "&xxe;", 1)), "damaged"},
		{"depth", endless(open, "<a>"), "too deep"},
		{"one text", endless(open+"<Ntry><AddtlNtryInf>", "aaaaaaaaaaaa"), "does not end"},
		{"one tag", endless(open+"<Ntry ", `a="b" `), "does not end"},
		{"one line of MT940", endless(":20:A\n:25:B\n:60F:C260216EUR1,\n:86:", "aaaa"), "does not end"},
		{"one cell", endless(list+"\"", "aaaa\n"), "does not end"},
		{"a million entries", endless(open, entry), "more than 20,000 entries"},
		{"a million of one batch", endless(open+`<Ntry><Amt Ccy="EUR">1</Amt><NtryDtls>`, "<TxDtls></TxDtls>"), "more than 20,000 entries"},
		{"a million lines", endless(":20:A\n:25:B\n:60F:C260216EUR1,\n", ":61:2602170217C89,00NTRFNONREF\n:86:a\n"), "more than 20,000 entries"},
		{"a million cells", endless(list, list[strings.Index(list, "\n")+1:]), "more than 20,000 entries"},
		{"60 MB of nothing", endless(open, "<!--"+strings.Repeat("a line of it\n", 10_000)+"-->"), "larger than 50 MB"},
	} {
		_, err := bankfile.Read(c.file, columns)
		problem := new(bankfile.Problem)
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := bankfile.Read(strings.NewReader(list), bankfile.Options{})
	unknown := new(bankfile.NewColumns)
	if !errors.As(err, &unknown) || unknown.Header[4] != "Datum" || unknown.Guess.DayFormat != "YYYY-MM-DD" || unknown.Guess.Decimal != "," {
		t.Errorf("columns that are new: %+v, %v", unknown, err)
	}
}
