package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
)

const ourIBAN = "NL91ABNA0417164300"

// camt is a statement with a credit of 49.00 for each text; "-fee" went out.
func camt(day string, texts ...string) string {
	var b strings.Builder
	b.WriteString(`<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>` + ourIBAN + `</IBAN></Id></Acct>`)
	for i, text := range texts {
		sign := "CRDT"
		if text == "-fee" {
			sign = "DBIT"
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">49.00</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>N%d-%x</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>A FINE</Nm></Dbtr></RltdPties>`+
			`<RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, sign, day, i, text, text)
	}
	return b.String() + `</Stmt></BkToCstmrStmt></Document>`
}

func (s *site) today() string { return s.d.Clock().Now().In(s.acme.Location()).Format(time.DateOnly) }

// banked gives the business a bank account.
func (s *site) banked() {
	s.t.Helper()
	b, err := s.businesses.ByID(s.t.Context(), s.acme.ID)
	if err == nil {
		err = s.transfers.Save(s.t.Context(), b, banktransfer.Account{Name: b.Handle, IBAN: ourIBAN, HoldDays: 7}, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil })
	}
	if err == nil {
		s.acme, err = s.businesses.ByID(s.t.Context(), s.acme.ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// transfer is a payer who was told to transfer 49.00.
func (s *site) transfer(payer string) string {
	s.t.Helper()
	id, _ := s.asked(payer)
	return id
}

// asked is transfer, with the reference that the payer was given.
func (s *site) asked(payer string) (id, reference string) {
	s.t.Helper()
	s.banked()
	l, err := s.links.Create(s.t.Context(), s.acme, link.Fields{Name: "Workshop of " + payer, Active: true, Amount: &money.Amount{Minor: 4900, Currency: "EUR"}})
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.payments.Start(s.t.Context(), payment.StartRequest{
		Business: s.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
		Payer: attempt.Payer{Name: payer, Email: strings.ToLower(payer) + "@example.com", Language: "en"}, Attribution: attempt.Attribution{RecipientToken: payer},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	t, err := s.transfers.Of(s.t.Context(), s.d, s.acme.ID, a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(a.ID), t.Reference
}

// statement is a preview with one entry, which is doubtful, and a transfer that it may be.
func (s *site) statement(payer string) (ids []string, entry string, transfers []string) {
	s.t.Helper()
	transfers = []string{s.transfer(payer)}
	made := s.must(201, "POST", "/statements", camt(s.today(), "a gift of "+payer), "Content-Type", "application/xml")
	return []string{made.at("id")}, made.entries()[0].at("id"), transfers
}

// entries are those of a statement.
func (r reply) entries() (all []reply) {
	list, _ := r.json["entries"].([]any)
	for _, e := range list {
		all = append(all, reply{json: e.(map[string]any)})
	}
	return all
}

// states are those of its entries: "matched/reference".
func (r reply) states() string {
	var all []string
	for _, e := range r.entries() {
		all = append(all, e.at("state")+"/"+e.at("reason"))
	}
	return strings.Join(all, " ")
}

// form is a body with fields in this order, and its content type. A name that ends in a
// point is that of a file.
func form(t *testing.T, fields ...string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		make := w.CreateFormField
		name, file := strings.CutSuffix(fields[i], ".")
		if file {
			make = func(name string) (io.Writer, error) { return w.CreateFormFile(name, `C:\bank\today.xml`) }
		}
		part, err := make(name)
		if err == nil {
			_, err = part.Write([]byte(fields[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestProgramsBookBankStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.must(409, "POST", "/statements", camt("2026-02-18", "x"), "Content-Type", "application/xml") // no account yet
		ann, reference := s.asked("Ann")
		ben, _ := s.asked("Ben")
		file := camt(s.today(), "thanks "+strings.ToLower(reference), "for Ben", "rent", "-fee")
		body, kind := form(t, "file.", file)
		made := s.must(201, "POST", "/statements", body, "Content-Type", kind, "Idempotency-Key", "k1")
		again, otherKind := form(t, "file.", file) // its boundary is another
		if replay := s.must(201, "POST", "/statements", again, "Content-Type", otherKind, "Idempotency-Key", "k1"); replay.text != made.text || replay.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("repeated: %s", replay.text)
		}
		if r := s.must(422, "POST", "/statements", camt(s.today(), "other"), "Content-Type", "application/xml", "Idempotency-Key", "k1"); r.locations()[0] != "header.Idempotency-Key" {
			t.Errorf("another file with that key: %s", r.text)
		}
		path := "/statements/" + made.at("id")
		if got := made.states(); got != "matched/reference doubtful/no_reference doubtful/no_reference left_out/outgoing" || made.Header.Get("Location") != "/api/v1"+path {
			t.Fatalf("%s, at %s: %s", got, made.Header.Get("Location"), made.text)
		}
		for at, want := range map[string]string{"status": "preview", "format": "camt.053", "name": "today.xml", "account": ourIBAN, "total": "4", "came.value": "147.00", "created_by": "test", "booked_at": "null", "first_day": s.today()} {
			if made.at(at) != want {
				t.Errorf("%s is %s, not %s", at, made.at(at), want)
			}
		}
		all := made.entries()
		for at, want := range map[string]string{"match": ann, "amount.value": "49.00", "amount.currency": "EUR", "booked_on": s.today(), "text": "thanks " + strings.ToLower(reference), "payer": "A FINE", "waits": "false", "act": "null"} {
			if all[0].at(at) != want {
				t.Errorf("%s is %s, not %s", at, all[0].at(at), want)
			}
		}
		if all[1].at("match") != "null" || all[3].at("amount") != "null" || all[3].at("text") != "" {
			t.Errorf("%s", made.text)
		}
		if p := s.must(200, "GET", "/payments/"+ann, ""); p.at("status") != "pending" {
			t.Errorf("before it is booked: %s", p.text)
		}

		// What is doubtful is looked at and decided on.
		second := path + "/entries/" + all[1].at("id")
		likely := s.must(200, "GET", second, "").json["candidates"].([]any)
		if len(likely) != 2 { // nobody is chosen
			t.Fatalf("%v", likely)
		}
		if first := (reply{json: likely[0].(map[string]any)}); first.at("payment_id") != ben || first.at("payer") != "Ben" || first.at("fits") != `["amount","name"]` || first.at("held_until") == "null" || first.at("recorded") != "false" {
			t.Errorf("%v", likely)
		}
		narrow := "Bearer " + s.tokenOf(s.acme, account.PaymentsWrite)
		if got := s.must(200, "GET", second, "", "Authorization", narrow); strings.Contains(got.text, `"Ben"`) {
			t.Errorf("who waits is told to who may not read payments: %s", got.text)
		}
		for wrong, at := range map[string]string{
			`{}`: "body.act", `{"act": "burn"}`: "body.act", `{"act": "accept"}`: "body.payment_id", `{"act": "assign"}`: "body.payment_id",
			`{"act": "assign", "payment_id": "pay_00000000000000000000000000"}`: "body.payment_id", `{"act": "returned", "returned_on": "2999-01-01"}`: "body.returned_on",
		} {
			if r := s.must(422, "POST", second, wrong); !slices.Equal(r.locations(), []string{at}) {
				t.Errorf("%s: %s", wrong, r.text)
			}
		}
		s.must(409, "POST", path+"/entries/"+all[0].at("id"), `{"act": "not_ours"}`)
		if e := s.must(200, "POST", second, `{"act": "give_back"}`); e.at("act") != "give_back" || e.at("acted_by") != "test" || e.at("state") != "doubtful" {
			t.Errorf("chosen: %s", e.text)
		}
		if e := s.must(200, "POST", second, `{"act": "undo"}`); e.at("act") != "null" || e.at("acted_by") != "null" {
			t.Errorf("taken back: %s", e.text)
		}
		s.must(200, "POST", second, `{"act": "assign", "payment_id": "`+ben+`"}`)
		booked := s.must(200, "POST", path+"/book", "", "Idempotency-Key", "k2")
		if got := booked.states(); got != "matched/reference matched/decided doubtful/no_reference left_out/outgoing" || booked.at("status") != "booked" || booked.at("booked_by") != "test" || booked.entries()[2].at("waits") != "true" {
			t.Errorf("booked: %s", booked.text)
		}
		s.must(200, "POST", path+"/book", "")
		for _, id := range []string{ann, ben} {
			if p := s.must(200, "GET", "/payments/"+id, ""); p.at("status") != "paid" || p.at("receipt") == "null" || p.at("provider") != "bank_transfer" {
				t.Errorf("booked: %s", p.text)
			}
		}
		s.must(409, "DELETE", path, "")
		third := path + "/entries/" + all[2].at("id")
		if e := s.must(200, "POST", third, `{"act": "not_ours"}`); e.at("state") != "left_out" || e.at("reason") != "not_ours" || e.at("amount") != "null" {
			t.Errorf("for something else: %s", e.text)
		}
		s.must(409, "POST", third, `{"act": "not_ours"}`)
		s.must(404, "POST", path+"/entries/ste_00000000000000000000000000", `{"act": "not_ours"}`)
		s.must(404, "GET", path+"/entries/x", "")

		// The same again counts nothing, and is undone.
		d.Clock().SetOffset(d.Clock().Offset() + time.Second) // lists have an order
		twice := s.must(201, "POST", "/statements", file, "Content-Type", "application/xml")
		if got := twice.states(); got != "left_out/counted_before left_out/counted_before left_out/counted_before left_out/outgoing" {
			t.Errorf("the same again: %s", got)
		}
		page := s.must(200, "GET", "/statements?limit=1", "")
		if rest := s.must(200, "GET", "/statements?cursor="+page.at("next_cursor"), ""); len(page.rows()) != 1 || page.rows()[0].at("id") != twice.at("id") || len(rest.rows()) != 1 || rest.rows()[0].at("id") != made.at("id") {
			t.Errorf("the list: %s, then %s", page.text, rest.text)
		}
		s.must(204, "DELETE", "/statements/"+twice.at("id"), "")
		s.must(404, "GET", "/statements/"+twice.at("id"), "")
		if n := s.count("payments"); n != 2 {
			t.Errorf("%d payments", n)
		}
		var whats []string
		if err := d.Select(t.Context(), &whats, `SELECT what FROM audit_log WHERE object LIKE 'st%' ORDER BY what`); err != nil {
			t.Fatal(err)
		}
		if want := []string{"Book a bank statement", "Book a bank statement", "Decided to give money of a statement back", "Discard a bank statement", "Gave money of a statement to another payment",
			"Left an entry of a statement undecided", "Read a bank statement", "Read a bank statement", "Said that money of a statement is for something else"}; !slices.Equal(whats, want) {
			t.Errorf("the audit log has %q", whats)
		}
	})
}

// What can't be read is refused with its reason, and leaves nothing behind.
func TestFilesThatAreNoStatementsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.banked()
		whole := camt(s.today(), "a gift")
		list := "Datum;Bedrag;Omschrijving\n" + s.today() + ";5,00;a gift\n"
		const bomb = `<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><Document>&c;</Document>`
		for name, c := range map[string]struct{ file, at, want string }{
			"nothing":         {"", "body.file", "This file is empty."},
			"cut off":         {whole[:len(whole)-40], "body.file", "ends in the middle"},
			"another account": {strings.Replace(whole, ourIBAN, "DE89370400440532013000", 1), "body.file", "DE89 3704 0044 0532 0130 00"},
			"a bomb":          {bomb, "body.file", "DOCTYPE"},
			"a PDF":           {"%PDF-1.7", "body.file", "This is a PDF"},
			"JSON":            {`{"file": "x"}`, "body.file", "no list of entries"},
			"new columns":     {list, "body.columns", "Choose once"},
		} {
			body, kind := form(t, "file.", c.file)
			for _, sent := range [][2]string{{c.file, "application/octet-stream"}, {body, kind}} {
				r := s.must(422, "POST", "/statements", sent[0], "Content-Type", sent[1])
				if !slices.Equal(r.locations(), []string{c.at}) || !strings.Contains(r.text, c.want) {
					t.Errorf("%s as %s: %s", name, sent[1], r.text)
				}
			}
		}
		// Columns are asked once.
		guess := s.must(422, "POST", "/statements", list, "Content-Type", "text/csv")
		if guess.at("columns.header") != `["Datum","Bedrag","Omschrijving"]` || guess.at("columns.guess.day") != "Datum" || guess.at("columns.guess.decimal") != "," {
			t.Fatalf("%s", guess.text)
		}
		for fields, at := range map[[6]string]string{
			{"columns", guess.at("columns.guess"), "columns", "{}", "file.", list}: "body.columns",
			{"file.", list, "columns", guess.at("columns.guess")}:                  "body.columns",
			{"columns", "x", "file.", list}:                                        "body.columns",
			{"columns", `{"date": "Datum"}`, "file.", list}:                        "body.columns",
			{"columns", `{"day": "Datum"}`, "file.", list}:                         "body.file",
			{"colums", "{}", "file.", list}:                                        "body.colums",
			{"columns", guess.at("columns.guess")}:                                 "body.file",
			{"file.", whole, "file.", whole}:                                       "body.file",
		} {
			body, kind := form(t, slices.DeleteFunc(fields[:], func(f string) bool { return f == "" })...)
			if r := s.must(422, "POST", "/statements", body, "Content-Type", kind); !slices.Contains(r.locations(), at) {
				t.Errorf("%q: %s", fields, r.text)
			}
		}
		body, kind := form(t, "file.", whole)
		s.must(400, "POST", "/statements", body[:len(body)-200], "Content-Type", kind)
		s.must(400, "POST", "/statements", body, "Content-Type", "multipart/form-data")
		if n := s.count("statements") + s.count("statement_columns"); n != 0 {
			t.Errorf("%d rows are kept", n)
		}
		body, kind = form(t, "columns", guess.at("columns.guess"), "file.", list)
		s.must(201, "POST", "/statements", body, "Content-Type", kind)
		if made := s.must(201, "POST", "/statements", list, "Content-Type", "text/csv"); made.at("format") != "csv" || made.at("came.value") != "5.00" {
			t.Errorf("with known columns: %s", made.text)
		}
	})
}

// A file may be larger than any other body, for whoever may send one.
func TestStatementsMayBeLarge(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.banked()
	whole := camt(s.today(), "a gift")
	padded := strings.Replace(whole, "<BkToCstmrStmt>", strings.Repeat("<!-- "+strings.Repeat("x", 90_000)+" -->", 20)+"<BkToCstmrStmt>", 1)
	s.must(201, "POST", "/statements", padded, "Content-Type", "application/xml")
	weak := "Bearer " + s.tokenOf(s.acme, account.PaymentsRead)
	s.must(403, "POST", "/statements", whole, "Content-Type", "application/xml", "Authorization", weak)
	s.must(413, "POST", "/statements", padded, "Content-Type", "application/xml", "Authorization", weak)
	s.must(422, "POST", "/statements", whole+strings.Repeat(" ", 50<<20), "Content-Type", "application/xml")
	if r := s.must(413, "POST", "/statements", whole+strings.Repeat(" ", 52<<20), "Content-Type", "application/xml"); !strings.Contains(r.text, "50 MB") {
		t.Error(r.text)
	}
	if n := s.count("statements"); n != 1 {
		t.Errorf("%d statements", n)
	}
}

// Another business's statement and entry are not found, also below a statement of one's own.
func TestAnotherBusinessHasNoStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		theirs, entry, transfer := s.statement("Ann")
		s.acme = businesstest.Make(t, d, "zenith")
		s.token = s.tokenOf(s.acme, account.All)
		ours, own, _ := s.statement("Zoe")
		s.must(404, "GET", "/statements/"+theirs[0]+"/entries/"+own, "")
		s.must(404, "POST", "/statements/"+ours[0]+"/entries/"+entry, `{"act": "not_ours"}`)
		s.must(404, "POST", "/statements/"+theirs[0]+"/entries/"+entry, `{"act": "not_ours"}`)
		s.must(404, "POST", "/statements/"+theirs[0]+"/book", "")
		s.must(404, "DELETE", "/statements/"+theirs[0], "")
		s.must(422, "POST", "/statements/"+ours[0]+"/entries/"+own, `{"act": "assign", "payment_id": "`+transfer[0]+`"}`)
		if list := s.must(200, "GET", "/statements", ""); len(list.rows()) != 1 || list.rows()[0].at("id") != ours[0] {
			t.Errorf("the list: %s", list.text)
		}
	})
}
