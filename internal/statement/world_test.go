package statement_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/statement"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

const iban = "NL91ABNA0417164300"

// world is an installation with a business that has a bank account.
type world struct {
	*testing.T
	*system.System
	d    *db.DB
	acme business.Business
	n    int
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	return mustWorldNamed(t, d, "acme")
}

func mustWorldNamed(t *testing.T, d *db.DB, handle string) *world {
	t.Helper()
	w := &world{T: t, d: d, System: systemtest.New(t, d, func(o *system.Options) { o.Limits = false })}
	w.acme = w.business(handle)
	return w
}

func (w *world) business(handle string) business.Business {
	w.Helper()
	b := businesstest.Make(w.T, w.d, handle)
	err := w.Transfers.Save(w.Context(), b, banktransfer.Account{Name: handle, IBAN: iban, HoldDays: 7}, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil })
	if err != nil {
		w.Fatal(err)
	}
	if b, err = w.Businesses.ByID(w.Context(), b.ID); err != nil {
		w.Fatal(err)
	}
	return b
}

func (w *world) link(places int64) link.Link {
	w.Helper()
	w.n++
	f := link.Fields{Name: fmt.Sprintf("Workshop %d", w.n), Active: true, Amount: &money.Amount{Minor: 4900, Currency: "EUR"}}
	if places > 0 {
		f.Limit = link.Limit{Kind: link.Multiple, Max: places}
	}
	l, err := w.Links.Create(w.Context(), w.acme, f)
	if err != nil {
		w.Fatal(err)
	}
	return l
}

// asked is a payer who was told to transfer, and the reference that they were given.
func (w *world) asked(l link.Link, payer string) (attempt.Attempt, string) {
	w.Helper()
	w.n++
	a, err := w.Payments.Start(w.Context(), payment.StartRequest{
		Business: w.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
		Payer:       attempt.Payer{Name: payer, Email: fmt.Sprintf("payer%d@example.com", w.n), Language: "en"},
		Attribution: attempt.Attribution{RecipientToken: fmt.Sprintf("token%d", w.n)},
	})
	if err != nil {
		w.Fatal(err)
	}
	t, err := w.Transfers.Of(w.Context(), w.d, w.acme.ID, a.ID)
	if err != nil {
		w.Fatal(err)
	}
	return a, t.Reference
}

func (w *world) day(shift int) string {
	return w.d.Clock().Now().In(w.acme.Location()).AddDate(0, 0, shift).Format(time.DateOnly)
}

// credit is an entry of CAMT.
type credit struct {
	day, amount, payer, iban, text, id, sign string
	more                                     string
}

func camt(entries ...credit) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>` + iban + `</IBAN></Id><Ccy>EUR</Ccy></Acct>`)
	for _, e := range entries {
		if e.sign == "" {
			e.sign = "CRDT"
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls>`+
			`<RltdPties><Dbtr><Pty><Nm>%s</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
			e.amount, e.sign, e.more, e.day, e.id, e.payer, e.iban, e.text)
	}
	return b.String() + `</Stmt></BkToCstmrStmt></Document>`
}

func mt940(entries ...credit) string {
	var b strings.Builder
	b.WriteString(":20:A\r\n:25:" + iban + "\r\n:28C:1\r\n:60F:C251129EUR0,00\r\n")
	for _, e := range entries {
		day, _ := time.Parse(time.DateOnly, e.day)
		fmt.Fprintf(&b, ":61:%sC%sNTRFNONREF\r\n:86:/NAME/%s/REMI/%s\r\n", day.Format("060102"), strings.Replace(e.amount, ".", ",", 1), e.payer, e.text)
	}
	return b.String() + ":62F:C251130EUR0,00\r\n-\r\n"
}

func (w *world) read(file string) statement.Statement {
	w.Helper()
	s, err := w.Statements.Read(w.Context(), w.acme, statement.Upload{Name: "file.xml", File: strings.NewReader(file), By: "Marit"})
	if err != nil {
		w.Fatal(err)
	}
	return s
}

func (w *world) book(s statement.Statement) {
	w.Helper()
	if _, err := w.Statements.Book(w.Context(), w.acme, s.ID, "Marit"); err != nil {
		w.Fatal(err)
	}
}

// entries are those of a statement: "matched/reference".
func (w *world) entries(s statement.Statement) (all []statement.Entry, said string) {
	w.Helper()
	byNumber := map[int64]statement.Entry{}
	for _, state := range []statement.State{statement.Matched, statement.Doubtful, statement.LeftOut} {
		some, err := w.Statements.Entries(w.Context(), w.acme.ID, s.ID, state, 1000)
		if err != nil {
			w.Fatal(err)
		}
		for _, e := range some {
			byNumber[e.Number] = e
		}
	}
	var words []string
	for n := int64(1); int(n) <= len(byNumber); n++ {
		e := byNumber[n]
		all = append(all, e)
		words = append(words, string(e.State)+"/"+string(e.Reason))
	}
	return all, strings.Join(words, " ")
}

func (w *world) expect(s statement.Statement, want string) []statement.Entry {
	w.Helper()
	all, said := w.entries(s)
	if said != want {
		w.Errorf("the entries are %s, not %s", said, want)
	}
	return all
}

func (w *world) view(a attempt.Attempt) history.View {
	w.Helper()
	v, err := w.Payments.Get(w.Context(), w.acme.ID, a.ID)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

func (w *world) paid(a attempt.Attempt, want history.Status) history.View {
	w.Helper()
	v := w.view(a)
	if v.Status() != want {
		w.Errorf("%s is %s (%s), not %s", a.Payer.Name, v.Status(), v.Reason, want)
	}
	return v
}

func (w *world) decide(s statement.Statement, e statement.Entry, act statement.Act, id attempt.ID) (statement.Entry, error) {
	w.Helper()
	return w.Statements.Decide(w.Context(), w.acme, s.ID, e.ID, statement.Decision{Act: act, PaymentID: id, By: audit.Entry{Actor: "usr_1", Name: "Marit"}})
}

func (w *world) must(e statement.Entry, err error) statement.Entry {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) count(query string, args ...any) (n int64) {
	w.Helper()
	if err := w.d.Get(w.Context(), &n, query, args...); err != nil {
		w.Fatal(err)
	}
	return n
}

// pass lets time pass, and does what falls due meanwhile.
func (w *world) pass(days int) {
	w.Helper()
	now, err := w.d.Clock().Offset(), error(nil)
	w.d.Clock().SetOffset(now + time.Duration(days)*24*time.Hour)
	if err = errors.Join(err, w.Settle(w.Context())); err != nil {
		w.Fatal(err)
	}
}

// bookByHand is a member who found a transfer in their bank's app.
func (w *world) bookByHand(a attempt.Attempt) error {
	err := w.Transfers.Book(w.Context(), w.acme, a.ID, banktransfer.Booked{Amount: a.Amount, Day: w.day(0)})
	if err == nil {
		_, err = w.Payments.Sync(w.Context(), w.acme.ID, a.ID, attempt.CauseMerchant)
	}
	return err
}
