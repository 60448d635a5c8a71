package statements_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// A statement is read, looked at, decided on and booked.
func TestAMemberBooksAStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		account := banktransfer.Account{Name: "Acme", IBAN: "NL91ABNA0417164300", HoldDays: 7}
		if err := s.Transfers.Save(t.Context(), acme, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
			t.Fatal(err)
		}
		acme, err := s.Businesses.ByID(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		a, err := s.Payments.Start(t.Context(), payment.StartRequest{Business: acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
			Payer: attempt.Payer{Name: "Ann Fine", Email: "ann@example.com", Language: "en"}})
		if err != nil {
			t.Fatal(err)
		}
		told, err := s.Transfers.Of(t.Context(), d, acme.ID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		day := dbtest.Start.Format(time.DateOnly)
		entry := func(text string) string {
			return `<Ntry><Amt Ccy="EUR">` + l.Price().Decimal() + `</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>` + day + `</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>A FINE</Nm></Dbtr></RltdPties><RmtInf><Ustrd>` + text + `</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
		}
		file := `<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>` + entry(told.Reference) + entry("a gift") + `</Stmt></BkToCstmrStmt></Document>`
		b := s.SignedIn(t, "marit@example.com")
		send := func(file string) dashboardtest.Answer {
			return b.UploadAs("file", "/dashboard/acme/statements", nil, []byte(file))
		}
		if got := send(file[:len(file)-30]); got.Status != http.StatusUnprocessableEntity || !got.Has("The file ends in the middle") {
			t.Errorf("cut off: %d %s", got.Status, got.Said())
		}
		if got := send("Datum;Bedrag;Naam\n2026-02-17;5,00;A\n"); got.Status != http.StatusUnprocessableEntity || !got.Has("What are the columns?", "Bedrag (5,00)") {
			t.Errorf("new columns: %d %s", got.Status, got.Said())
		}
		got := send(file)
		page := got.Location
		if got.Status != http.StatusSeeOther || page == "" {
			t.Fatalf("%d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("Nothing booked yet", "Book 1 payment", "Ann Fine", "It has no reference.", "Nothing is chosen for you") {
			t.Errorf("the preview: %s", got.Said())
		}
		// What can't be is told beside its entry; what was chosen of the others is noted.
		var doubtful string
		if err := d.Get(t.Context(), &doubtful, `SELECT id FROM statement_entries WHERE state = 'doubtful'`); err != nil {
			t.Fatal(err)
		}
		wrong := url.Values{"e-" + doubtful: {"assign " + string(a.ID)}}
		if got := b.Post(page+"/book", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has("Another entry of this statement is to be the money of that payment", "Nothing booked yet") ||
			!strings.Contains(got.Body, `value="assign `+string(a.ID)+`" checked`) {
			t.Errorf("one payment for two entries: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/book", url.Values{}); got.Status != http.StatusSeeOther {
			t.Errorf("booked: %d %s", got.Status, got.Said())
		}
		if v, err := s.Payments.Get(t.Context(), acme.ID, a.ID); err != nil || v.Status() != history.StatusPaid {
			t.Errorf("%+v, %v", v, err)
		}
		if got := b.Get("/dashboard/acme/transactions/review"); !got.Has("Money on bank statements", "A FINE") {
			t.Errorf("what waits: %s", got.Said())
		}
		var id string
		if err := d.Get(t.Context(), &id, `SELECT id FROM statement_entries WHERE waits`); err != nil {
			t.Fatal(err)
		}
		if got := b.Post(page+"/decide", url.Values{"e-" + id: {"not_ours"}}); got.Status != http.StatusSeeOther {
			t.Errorf("decided: %d %s", got.Status, got.Said())
		}
		if got := b.Get("/dashboard/acme/settings/audit"); !got.Has("Booked a bank statement", "Said that money of a statement is for something else") {
			t.Errorf("the log: %s", got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		if got := s.SignedIn(t, "zoe@example.com").Get(strings.Replace(page, "acme", "zenith", 1)); got.Status != http.StatusNotFound {
			t.Errorf("another business: %d", got.Status)
		}
	})
}
