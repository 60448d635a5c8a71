package simulation_test

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/audit"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/statement"
)

// mustStatements are the statements of a world with a bank account.
func mustStatements(w *paymenttest.World) *statement.Statements {
	w.T.Helper()
	return statement.New(statement.Config{
		DB: w.DB, Queue: w.Queue, Businesses: w.Payments.Businesses, Payments: w.Payments, Transfers: w.Transfers, Audit: audit.New(w.DB), Sealer: businesstest.Sealer(w.T), Log: slog.New(slog.DiscardHandler),
	})
}

// statementComes is a member who uploads what the bank says and books it, once or twice, and
// decides on what is doubtful. Files overlap, and the process may die while it books.
func (s *simulation) statementComes(rt *rapid.T) {
	var refs []string
	if err := s.DB.Select(s.T.Context(), &refs, `SELECT reference FROM bank_transfers ORDER BY id`); err != nil {
		rt.Fatal(err)
	}
	if len(refs) == 0 {
		rt.Skip("nobody transfers yet")
	}
	today := s.DB.Clock().Now().In(s.Business.Location()).Format(time.DateOnly)
	var file strings.Builder
	file.WriteString(`<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>`)
	for range rapid.IntRange(1, 4).Draw(rt, "entries") {
		ref := rapid.SampledFrom(append(refs, "no reference")).Draw(rt, "reference")
		amount := rapid.SampledFrom([]string{"49.00", "49.00", "49.00", "24.50"}).Draw(rt, "amount")
		number := rapid.SampledFrom([]string{"", "N-" + ref + amount, "M-" + ref}).Draw(rt, "number")
		fmt.Fprintf(&file, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, amount, today, number, ref)
	}
	file.WriteString(`</Stmt></BkToCstmrStmt></Document>`)
	read, err := s.Statements.Read(s.T.Context(), s.Business, statement.Upload{File: strings.NewReader(file.String()), By: "Marit"})
	if err != nil {
		rt.Fatal(err)
	}
	if rapid.IntRange(0, 9).Draw(rt, "discard") == 0 {
		if err := s.Statements.Discard(s.T.Context(), s.Business.ID, read.ID); err != nil {
			rt.Fatal(err)
		}
		return
	}
	for range rapid.IntRange(1, 2).Draw(rt, "times") {
		var err error
		s.process(func() { _, err = s.Statements.Book(s.T.Context(), s.Business, read.ID, "Marit") })
		if err != nil {
			rt.Fatal(err)
		}
	}
}

// decideEntry is a member who says what money of a statement is.
func (s *simulation) decideEntry(rt *rapid.T) {
	waiting, err := s.Statements.NeedAttention(s.T.Context(), s.Business)
	if err != nil {
		rt.Fatal(err)
	}
	if len(waiting) == 0 {
		rt.Skip("nothing waits")
	}
	e := rapid.SampledFrom(waiting).Draw(rt, "entry")
	d := statement.Decision{Act: rapid.SampledFrom([]statement.Act{statement.Accept, statement.Assign, statement.Returned, statement.Foreign, statement.ToReturn}).Draw(rt, "act"), By: audit.Entry{Actor: "usr_1", Name: "Marit"}}
	if d.Act == statement.Assign {
		d.PaymentID = s.someTransfer(rt)
	}
	s.process(func() { _, err = s.Statements.Decide(s.T.Context(), s.Business, e.StatementID, e.ID, d) })
	if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
}

// settleStatements settles what a process left behind that died.
func (s *simulation) settleStatements(rt *rapid.T) {
	if err := s.Statements.SettleDue(s.T.Context()); err != nil {
		rt.Fatal(err)
	}
	if n := s.Count(`SELECT COUNT(*) FROM statement_entries WHERE due_at IS NOT NULL`); n != 0 {
		rt.Errorf("I3: %d entries are not settled", n)
	}
	unsettled := s.Count(`SELECT COUNT(*) FROM statement_entries e JOIN attempts a ON a.id = e.payment_id LEFT JOIN payments p ON p.id = a.id WHERE e.taken_at IS NOT NULL AND p.id IS NULL AND a.state <> 'review'`)
	if unsettled != 0 {
		rt.Errorf("I3: the money of %d entries is neither a payment nor in review", unsettled)
	}
}
