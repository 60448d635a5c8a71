package bankfile_test

import (
	"strings"
	"testing"

	"smartlinks/internal/statement/bankfile"
)

// swift is a message of MT940 with these lines in it.
func swift(lines ...string) string {
	return ":20:A\r\n:25:NL91ABNA0417164300\r\n:28C:1\r\n:60F:C260216EUR0,00\r\n" + strings.Join(lines, "\r\n") + "\r\n:62F:C260217EUR0,00\r\n-\r\n"
}

// one is the only entry of a file.
func one(t *testing.T, file string) bankfile.Entry {
	t.Helper()
	read, err := bankfile.Read(strings.NewReader(file), bankfile.Options{})
	if err != nil || len(read.Entries) != 1 {
		t.Errorf("%s\n%+v, %v", file, read.Entries, err)
		return bankfile.Entry{}
	}
	return read.Entries[0]
}

// What payers said is found in whichever way a bank writes it.
func TestDetailsOfMT940AreReadAsBanksWriteThem(t *testing.T) {
	long := strings.Repeat("x", 59)
	for _, c := range []struct {
		details                       []string
		text, payer, iban, end, other string
		kind                          bankfile.Kind
	}{
		{details: []string{"paid /REMI/ as agreed"}, text: "paid /REMI/ as agreed"},
		{details: []string{"/5 dinners"}, text: "/5 dinners"},
		{details: []string{"one ?20 of it"}, text: "one ?20 of it"},
		{details: []string{long, "behind a blank"}, text: long + " behind a blank"},
		{details: []string{long + "y", "cut"}, text: long + "ycut"},
		{details: []string{"/REMI/short", "/NAME/Ann"}, text: "short", payer: "Ann"},
		{details: []string{"/NAME/Ann/REMI/dinner/EREF/ORDER-7"}, text: "dinner", payer: "Ann", end: "ORDER-7"},
		{details: []string{"/IBAN/NL20INGB0001234567/REMI/dinner/EREF/NOTPROVIDED"}, text: "dinner", iban: "NL20INGB0001234567"},
		{details: []string{"/CNTP/NL20INGB0001234567/INGBNL2A/Ann"}, payer: "Ann", iban: "NL20INGB0001234567"},
		{details: []string{"/CNTP/odd/one/NAME/Ann"}, payer: "Ann"},
		{details: []string{"166?00GUTSCHRIFT?20dinner", "?21 for two?29.?60 And?63 drinks?64 no more"}, text: "dinner for two. And drinks"},
		{details: []string{"166?00GUTSCHRIFT?20EREF+ORDER-7?21SVWZ+dinner?22IBAN+NL20INGB0001234567"}, text: "dinner", end: "ORDER-7", iban: "NL20INGB0001234567"},
		{details: []string{"166?00GUTSCHRIFT?20SVWZ+dinner?22IBAN+NL20INGB0001234567?31DE02120300000000202051"}, text: "dinner", iban: "DE02120300000000202051"},
		{details: []string{"166?00GUTSCHRIFT?20SVWZ+dinner?31DE02120300000000202051"}, text: "dinner", iban: "DE02120300000000202051"},
		{details: []string{"166?00GUTSCHRIFT?20SVWZ+dinner?31DE02120300000000202051?32Ann ?33Fine"}, text: "dinner", iban: "DE02120300000000202051", payer: "Ann Fine"},
		{details: []string{"166?00GUTSCHRIFT?20dinner EREF+NOTPROVIDED"}, text: "dinner"},
		{details: []string{"166?00Storno?20dinner"}, text: "dinner", kind: bankfile.Reversal},
		{details: []string{"166?00GUTSCHRIFT?20dinner?34Storno"}, text: "dinner"},
		{details: []string{"159?00RETOURE?20dinner"}, text: "dinner", kind: bankfile.Reversal},
		{details: []string{"166?00159?20dinner"}, text: "dinner"},
		{details: []string{"/RTRN/MS03/REMI/dinner"}, text: "dinner", kind: bankfile.Reversal},
		{details: []string{"000>00TRANSFER>20 dinner>21 for", ">22 two>31DE02120300000000202051>32Ann"}, text: "dinner for two", iban: "DE02120300000000202051", payer: "Ann"},
		{details: []string{"020^00TRANSFER^20dinner^3110901489^32Ann^38PL61109010140000071219812874"}, text: "dinner", iban: "PL61109010140000071219812874", payer: "Ann"},
		{details: []string{"020~00TRANSFER~20dinner~31PL61109010140000071219812874~32Ann~38TR", "~3360 Hill Road"}, text: "dinner", iban: "PL61109010140000071219812874", payer: "Ann60 Hill Road"},
		{details: []string{"020<00TRANSFER<20dinner?21 for two?22<32Ann"}, text: "dinner?21 for two?22", payer: "Ann"},
		{details: []string{"dinner for", "two REK: NL20INGB0001234567/NAAM: Ann Fine"}, text: "dinner for two", iban: "NL20INGB0001234567", payer: "Ann Fine"},
		{details: []string{"tables >20 and >21 please"}, text: "tables >20 and >21 please"},
	} {
		if c.kind == "" {
			c.kind = bankfile.Credit
		}
		e := one(t, swift(":61:2602170217C1234,5NTRFNONREF", ":86:"+strings.Join(c.details, "\r\n")))
		if e.Minor != 123450 || e.Text != c.text || e.Payer != c.payer || e.PayerIBAN != c.iban || e.EndToEnd != c.end || e.Kind != c.kind {
			t.Errorf("%q: %+v", c.details, e)
		}
	}
}

// The line of an entry says when it was booked, which way the money went and whose numbers it has.
func TestLinesOfMT940AreRead(t *testing.T) {
	for line, want := range map[string]bankfile.Entry{
		"260217C5,NTRFNONREF":              {Kind: bankfile.Credit, Day: "2026-02-17"},
		"260217D5,00NTRFNONREF":            {Kind: bankfile.Debit, Day: "2026-02-17"},
		"260217CR5,00NTRFNONREF":           {Kind: bankfile.Credit, Day: "2026-02-17"}, // the funds code
		"260217RC5,00NTRFNONREF":           {Kind: bankfile.Reversal, Day: "2026-02-17"},
		"260217EC5,00NTRFNONREF":           {Kind: bankfile.Pending, Day: "2026-02-17"},
		"2602170216C5,00NTRFORDER-7//B-1":  {Kind: bankfile.Credit, Day: "2026-02-16", EndToEnd: "ORDER-7", BankID: "B-1"},
		"2512310102C5,00NTRFNONREF//B-1":   {Kind: bankfile.Credit, Day: "2026-01-02", BankID: "B-1"},
		"2601021231C5,00NTRFNONREF//NOREF": {Kind: bankfile.Credit, Day: "2025-12-31"},
		"2402280229C5,00NTRFNONREF//000":   {Kind: bankfile.Credit, Day: "2024-02-29"},
		"260217C5NTRFNONREF":               {Kind: bankfile.Credit, Day: "2026-02-17"}, // Knab's whole amounts
		"260217    CR5,00NTRFNONREF":       {Kind: bankfile.Credit, Day: "2026-02-17"},
		"2602300301CR5,00NTRFNONREF":       {Kind: bankfile.Credit, Day: "2026-03-01"}, // a month of 30 days
		"260230C5,00NTRFNONREF":            {Kind: bankfile.Credit, Day: "2026-02-28"},
		"260229C5,00NTRFNONREF":            {Kind: bankfile.Credit, Day: "2026-02-28"},
		"240229C5,00NTRFNONREF":            {Kind: bankfile.Credit, Day: "2024-02-29"},
		"260217C5,00N102EREF":              {Kind: bankfile.Credit, Day: "2026-02-17"}, // it stands in :86:
		"260217C5,00NTRFKREF+//B-1":        {Kind: bankfile.Credit, Day: "2026-02-17", BankID: "B-1"},
		"260217C5,00NTRFEREF-7":            {Kind: bankfile.Credit, Day: "2026-02-17", EndToEnd: "EREF-7"},
	} {
		e := one(t, swift(":61:"+line, "said below"))
		if e.Minor != 500 || e.Currency != "EUR" || e.Kind != want.Kind || e.Day != want.Day || e.EndToEnd != want.EndToEnd || e.BankID != want.BankID || e.Text != "said below" {
			t.Errorf("%s: %+v", line, e)
		}
	}
	for line, want := range map[string]string{"261332C5,00NTRFNONREF": "Line 5: This entry has no day", "2602170230C5,00NTRFNONREF": "no day", "260431C5,00NTRFNONREF": "no day", "260217CNTRFNONREF": "can’t be read", "260217C5,005NTRFNONREF": "no amount"} {
		if _, err := bankfile.Read(strings.NewReader(swift(":61:"+line)), bankfile.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
	if _, err := bankfile.Read(strings.NewReader(swift()+":61:260217C5,00NTRFNONREF\r\n"), bankfile.Options{}); err == nil || err.Error() != "Line 8: An entry stands outside of a statement. Download the file from your bank again." {
		t.Error(err)
	}
	if _, err := bankfile.Read(strings.NewReader(swift()), bankfile.Options{}); err == nil || err.Error() != "This statement has no entries. Nothing came or went in its time." {
		t.Error(err)
	}
	if _, err := bankfile.Read(strings.NewReader(":20:A\n:25:B\n"), bankfile.Options{}); err == nil || !strings.Contains(err.Error(), "no statement in it") {
		t.Error(err)
	}
}

// Some banks write the payer's account and name into the line of an entry and below it.
func TestPayersBesideTheLineOfMT940AreRead(t *testing.T) {
	const iban = "NL20INGB0001234567"
	for _, c := range []struct {
		lines             []string
		payer, iban, said string
	}{
		{[]string{":61:260217C5,00NOVB" + iban, "ann fine", ":86:" + iban + " ann fine", "", "dinner"}, "ann fine", iban, iban + " ann fine dinner"},
		{[]string{":61:260217C5,00NOVB" + iban, "ann fine"}, "ann fine", iban, "ann fine"},
		{[]string{":61:260217C5,00N102EREF", iban, ":86:/EREF/ORDER-7/ORDP//NAME/Ann Fine/REMI/dinner"}, "Ann Fine", iban, "dinner"},
		{[]string{":61:260217C5,00N102EREF", iban, ":86:/IBAN/DE02120300000000202051/NAME/Ann Fine/REMI/dinner"}, "Ann Fine", "DE02120300000000202051", "dinner"},
		{[]string{":61:260217C5,00NTRFORDER-7", "ann fine", ":86:dinner"}, "", "", "dinner"},
	} {
		e := one(t, swift(c.lines...))
		if e.Payer != c.payer || e.PayerIBAN != c.iban || e.Text != c.said || e.EndToEnd == iban {
			t.Errorf("%q: %+v", c.lines, e)
		}
	}
}

// A file may hold many statements, and one of them several pages; lines end in any way.
func TestStatementsOfOneFileAreKeptApart(t *testing.T) {
	first := swift(":61:260217C5,00NTRFNONREF", ":86:one")
	page := strings.NewReplacer(":62F:", ":62M:").Replace(first) + strings.NewReplacer(":60F:", ":60M:", ":86:one", ":86:two").Replace(first)
	other := strings.NewReplacer(":86:one", ":86:three", "NL91ABNA0417164300", "DE89370400440532013000", "EUR", "CHF").Replace(first)
	all := page + other
	for how, file := range map[string]string{"CR LF": all, "LF": strings.ReplaceAll(all, "\r\n", "\n"), "CR": strings.ReplaceAll(all, "\r\n", "\r")} {
		read, err := bankfile.Read(strings.NewReader(file), bankfile.Options{})
		if err != nil || len(read.Entries) != 3 {
			t.Errorf("%s: %+v, %v", how, read.Entries, err)
			continue
		}
		for i, want := range []bankfile.Entry{{Text: "one", Account: "NL91ABNA0417164300", Currency: "EUR"}, {Text: "two", Account: "NL91ABNA0417164300", Currency: "EUR"}, {Text: "three", Account: "DE89370400440532013000", Currency: "CHF", Section: 1}} {
			if e := read.Entries[i]; e.Text != want.Text || e.Account != want.Account || e.Currency != want.Currency || e.Section != want.Section {
				t.Errorf("%s: %+v", how, e)
			}
		}
	}
	// SWIFT's fields tell what a file is within its first dozen lines.
	header := strings.Repeat("Statement of the account\n", 11)
	if e := one(t, header+strings.ReplaceAll(first, "\r\n", "\n")); e.Text != "one" {
		t.Errorf("%+v", e)
	}
	if e := one(t, strings.Replace(first, ":25:", ":25P:", 1)); e.Account != "NL91ABNA0417164300" {
		t.Errorf("%+v", e)
	}
	if got := list(t, three, header+"Date;Amount;Text\n:20:;1,00;a\n2026-02-17;5,00;a gift\n"); !strings.Contains(got, "“:20:”") {
		t.Errorf("a list is read as MT940: %s", got)
	}
}

func xmlOf(statements ...string) string {
	return `<Document><BkToCstmrStmt>` + strings.Join(statements, "") + `</BkToCstmrStmt></Document>`
}

func xmlEntry(amount, more string) string {
	return `<Ntry>` + amount + `<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-02-17</Dt></BookgDt>` + more + `</Ntry>`
}

const five = `<Amt Ccy="EUR">5.00</Amt>`

// A statement of CAMT says of itself whose it is and in which currency, and an entry of its own.
func TestStatementsOfCAMTAreKeptApart(t *testing.T) {
	read, err := bankfile.Read(strings.NewReader(xmlOf(
		`<Stmt><Acct><Id><IBAN>NL91 ABNA 0417 1643 00</IBAN></Id><Ccy>CHF</Ccy></Acct>`+xmlEntry(five, "")+xmlEntry(`<Amt>5.00</Amt>`, "")+`</Stmt>`,
		`<Stmt>`+xmlEntry(five, "<RvslInd>1</RvslInd>")+xmlEntry(`<Amt>5.00</Amt>`, "<RvslInd>false</RvslInd>")+`</Stmt>`)), bankfile.Options{})
	if err != nil || len(read.Entries) != 4 {
		t.Fatalf("%+v, %v", read.Entries, err)
	}
	for i, want := range []bankfile.Entry{
		{Account: "NL91ABNA0417164300", Currency: "EUR", Kind: bankfile.Credit}, {Account: "NL91ABNA0417164300", Currency: "CHF", Kind: bankfile.Credit},
		{Section: 1, Currency: "EUR", Kind: bankfile.Reversal}, {Section: 1, Kind: bankfile.Credit},
	} {
		if e := read.Entries[i]; e.Account != want.Account || e.Currency != want.Currency || e.Section != want.Section || e.Kind != want.Kind || e.Minor != 500 || e.Day != "2026-02-17" {
			t.Errorf("%d: %+v", i, e)
		}
	}
}

// A transaction within an entry says who paid and what for; the parts of a batch count by
// themselves where they are all told.
func TestTransactionsOfCAMTAreRead(t *testing.T) {
	details := func(parts ...string) string {
		return `<NtryDtls><TxDtls>` + strings.Join(parts, `</TxDtls><TxDtls>`) + `</TxDtls></NtryDtls>`
	}
	e := one(t, xmlOf(`<Stmt>`+xmlEntry(five, `<AcctSvcrRef>NONREF</AcctSvcrRef>`+details(`<Refs><AcctSvcrRef>B-1</AcctSvcrRef><EndToEndId>ORDER-7</EndToEndId></Refs><RltdPties><Dbtr><Nm>Ann</Nm></Dbtr><UltmtDbtr><Nm>Bea</Nm></UltmtDbtr></RltdPties><RmtInf><Ustrd>dinner</Ustrd><Ustrd>for two</Ustrd></RmtInf>`))+`</Stmt>`))
	if e.EndToEnd != "ORDER-7" || e.BankID != "B-1" || e.Payer != "Ann" || e.Text != "dinner for two" {
		t.Errorf("%+v", e)
	}
	e = one(t, xmlOf(`<Stmt>`+xmlEntry(five, details(`<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><AddtlTxInf>dinner</AddtlTxInf>`))+`</Stmt>`))
	if e.EndToEnd != "" || e.Text != "dinner" || e.BankID != "" {
		t.Errorf("%+v", e)
	}
	const returned = `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>`
	if e = one(t, xmlOf(`<Stmt>`+xmlEntry(five, returned)+`</Stmt>`)); e.Kind != bankfile.Reversal {
		t.Errorf("our own transfer that came back: %+v", e)
	}
	const two, three = `<Amt Ccy="EUR">2.00</Amt>`, `<Amt Ccy="EUR">3.00</Amt>`
	for name, c := range map[string]struct{ second, want string }{
		"all told":               {three, "200 credit 300 credit"},
		"in the older place":     {`<AmtDtls><TxAmt><Amt Ccy="eur">3.00</Amt></TxAmt></AmtDtls>`, "200 credit 300 credit"},
		"the same sign":          {three + `<CdtDbtInd>CRDT</CdtDbtInd>`, "200 credit 300 credit"},
		"came back, own reason":  {three + `<RtrInf><Rsn><Prtry>MS03</Prtry></Rsn></RtrInf>`, "200 credit 300 reversal"},
		"came back by its code":  {three + returned, "200 credit 300 reversal"},
		"a transfer by its code": {three + `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>`, "200 credit 300 credit"},
		"one that came back":     {three + `<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>`, "200 credit 300 reversal"},
		"another sign":           {three + `<CdtDbtInd>DBIT</CdtDbtInd>`, "500 credit unclear"},
		"another currency":       {`<Amt Ccy="USD">3.00</Amt>`, "500 credit unclear"},
		"its currency elsewhere": {`<Amt Ccy="USD">3.00</Amt><AmtDtls><TxAmt><Amt Ccy="EUR">3.00</Amt></TxAmt></AmtDtls>`, "500 credit unclear"},
		"no amount":              {``, "500 credit unclear"},
		"an amount in words":     {`<Amt Ccy="EUR">three</Amt>`, "500 credit unclear"},
		"a cent more":            {`<Amt Ccy="EUR">3.01</Amt>`, "500 credit unclear"},
	} {
		read, err := bankfile.Read(strings.NewReader(xmlOf(`<Stmt>`+xmlEntry(five, details(two, c.second))+`</Stmt>`)), bankfile.Options{})
		var got []string
		for _, e := range read.Entries {
			got = append(got, strings.Split(entries(bankfile.File{Entries: []bankfile.Entry{e}}), " ")[2], string(e.Kind))
			if e.Unclear {
				got = append(got, "unclear")
			}
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// What an entry says is kept in one line, cut where it is too long, and no more than is
// needed of what is nobody's payment.
func TestWhatEntriesSayIsKeptWithinBounds(t *testing.T) {
	long := strings.Repeat("ö", 201)
	e := one(t, xmlOf(`<Stmt>`+xmlEntry(five, `<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>`+long+`</Nm></Dbtr><DbtrAcct><Id><IBAN>nl20 ingb 0001 2345 67</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>`+strings.Repeat("ö", 200)+"a\u00a0 \n gift\u007fof"+` it</Ustrd><Strd><CdtrRefInf><Ref>`+strings.Repeat("ö", 200)+`</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>`)+`</Stmt>`))
	if e.Payer != long[:400] || e.Text != strings.Repeat("ö", 200)+"a gift of it" || e.Reference != long[:400] || e.PayerIBAN != "NL20INGB0001234567" {
		t.Errorf("%+v", e)
	}
	e = one(t, strings.NewReplacer("CRDT", "DBIT").Replace(xmlOf(`<Stmt>`+xmlEntry(five, `<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Ann</Nm></Dbtr></RltdPties><RmtInf><Ustrd>`+long+`</Ustrd></RmtInf></TxDtls></NtryDtls>`)+`</Stmt>`)))
	if e.Payer != "" || e.Text != long[:280] {
		t.Errorf("%+v", e)
	}
	deep := strings.Repeat("<a>", 36) + strings.Repeat("</a>", 36)
	if e := one(t, xmlOf(`<Stmt>`+xmlEntry(five, deep)+`</Stmt>`)); e.Minor != 500 {
		t.Errorf("%+v", e)
	}
	if _, err := bankfile.Read(strings.NewReader(xmlOf(`<Stmt>`+xmlEntry(five, "<a>"+deep+"</a>")+`</Stmt>`)), bankfile.Options{}); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Error(err)
	}
}

// Each part of a batch has a number that no other has: the entry's with its place, or its own.
func TestPartsOfABatchHaveNumbersOfTheirOwn(t *testing.T) {
	part := func(number string) string {
		return `<TxDtls><Refs><AcctSvcrRef>` + number + `</AcctSvcrRef></Refs><Amt Ccy="EUR">2.50</Amt></TxDtls>`
	}
	for entry, want := range map[string][2]string{"B-1": {"B-1/1", "B-1/2"}, "": {"P-1", "P-2"}, "NOTPROVIDED": {"P-1", "P-2"}} {
		file := xmlOf(`<Stmt>` + xmlEntry(five, `<AcctSvcrRef>`+entry+`</AcctSvcrRef><NtryDtls>`+part("P-1")+part("P-2")+`</NtryDtls>`) + `</Stmt>`)
		read, err := bankfile.Read(strings.NewReader(file), bankfile.Options{})
		if err != nil || len(read.Entries) != 2 || read.Entries[0].BankID != want[0] || read.Entries[1].BankID != want[1] {
			t.Errorf("%q: %+v, %v", entry, read.Entries, err)
		}
	}
}
