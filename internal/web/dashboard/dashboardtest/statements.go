package dashboardtest

import (
	"context"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/statement"
)

// read is a bank statement of the business that nobody has booked.
func (s *Site) read(t *testing.T, b business.Business) statement.Statement {
	t.Helper()
	account := banktransfer.Account{Name: "Owner", IBAN: "NL91ABNA0417164300", HoldDays: 7}
	if err := s.Transfers.Save(t.Context(), b, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
		t.Fatal(err)
	}
	made, err := s.Statements.Read(t.Context(), b, statement.Upload{Name: b.Handle + ".xml", By: "Marit", File: strings.NewReader(`<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>` +
		dbtest.Start.Format("2006-01-02") + `</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>`)})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
