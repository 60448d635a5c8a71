package system_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/statement"
)

// bank is a statement of the business's account: one transfer has its reference, another
// lacks it.
func (s *story) bank() {
	s.t.Helper()
	ctx := s.t.Context()
	b, err := s.Businesses.ByID(ctx, s.b.ID)
	if err == nil {
		err = s.Transfers.Save(ctx, b, banktransfer.Account{Name: b.Name, IBAN: "NL91ABNA0417164300", HoldDays: 7}, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil })
	}
	if err == nil {
		s.b, err = s.Businesses.ByID(ctx, b.ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	l := s.link(link.Fields{Name: "Invoice 1044"})
	_, told := s.transfers(l, "Ann Jansen", "ann@example.com")
	ben, _ := s.transfers(l, "Ben Okafor", "ben@example.com")
	day := s.DB.Clock().Now().In(s.b.Location()).Format(time.DateOnly)
	var file strings.Builder
	for _, e := range [][3]string{{"A JANSEN", "CRDT", told}, {"B OKAFOR", "CRDT", "invoice of February"}, {"Power and Light", "DBIT", "electricity"}} {
		fmt.Fprintf(&file, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>%s</Nm></Dbtr></RltdPties><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, l.Price().Decimal(), e[1], day, e[0], e[2])
	}
	text := `<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>` + file.String() + `</Stmt></BkToCstmrStmt></Document>`
	made := s.asks("create-statement", "POST", "/statements", text, "application/xml")
	path := "/statements/" + made.at("id")
	doubtful := path + "/entries/" + made["entries"].([]any)[1].(map[string]any)["id"].(string)
	s.does("get-entry", "GET", doubtful, "")
	s.does("decide-entry", "POST", doubtful, `{"act": "assign", "payment_id": "`+ben+`"}`)
	s.does("get-statement", "GET", path, "")
	s.does("book-statement", "POST", path+"/book", "")
	s.does("list-statements", "GET", "/statements", "")
	read, err := s.Statements.Read(ctx, s.b, statement.Upload{File: strings.NewReader(text), By: "Shop"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.does("discard-statement", "DELETE", "/statements/"+string(read.ID), "")
}

// transfers is somebody who was told to transfer, and with which reference.
func (s *story) transfers(l link.Link, name, email string) (id, reference string) {
	s.t.Helper()
	a, err := s.Payments.Start(s.t.Context(), payment.StartRequest{
		Business: s.b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
		Payer: attempt.Payer{Name: name, Email: email, Language: "en"}, Attribution: attempt.Attribution{Channel: "direct", VisitID: email},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	t, err := s.Transfers.Of(s.t.Context(), s.DB, s.b.ID, a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(a.ID), t.Reference
}
