package payment

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// facts are what must be known to accept payments of attempts. They are read together,
// by statements that somebody else sends.
type facts struct {
	statements []*db.Statement
	account    provider.Account
	paid       []paidRow
	recipients []struct {
		Token      string
		CustomerID customer.ID
	}
	matches []customer.Match
	then    []Do
	// What was asked together with the facts, nil where it comes behind them.
	made  *customer.Made
	taken *allocation
}

// paidRow is the business that is paid, with one of the links; with none of them once, where
// there are none.
type paidRow struct {
	payee
	link.PaidLink
	Concerns string // names of effects that are for the link, each on a line
}

// payee is the business that is paid.
type payee struct {
	TimeZone           string
	LegalName          string
	LegalAddress       string
	RegistrationNumber string
	VATNumber          string         `db:"vat_number"`
	VATRate            *business.Rate `db:"vat_rate"`
}

func (p payee) legal() business.Legal {
	return business.Legal{Name: p.LegalName, Address: p.LegalAddress, RegistrationNumber: p.RegistrationNumber, VATNumber: p.VATNumber, VATRate: p.VATRate}
}

// factsFor says what to ask for attempts that may be accepted.
func (p *Payments) factsFor(tx *db.Tx, account provider.Account, attempts []attempt.Attempt) *facts {
	f := &facts{account: account}
	f.statements = append(f.statements, p.paidRows(&f.paid, account, LinksOf(attempts)))
	if tokens := unique(attempts, func(a attempt.Attempt) string { return a.RecipientToken }); len(tokens) > 0 {
		f.statements = append(f.statements, db.All(&f.recipients, `
			SELECT d.token, r.customer_id FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN recipients r ON r.id = s.recipient_id
			WHERE d.business_id = $1 AND r.customer_id IS NOT NULL AND d.token IN (`+db.In(len(tokens), 2)+`)`, arguments(account.Business, tokens)...))
	}
	statements, then := p.beginEffects(tx, attempts)
	f.statements, f.then = append(f.statements, statements...), then
	return f
}

// matchPayers asks for the customers with the payers' addresses.
func (p *Payments) matchPayers(f *facts, attempts []attempt.Attempt) {
	payers := make([]customer.Payer, len(attempts))
	for i, a := range attempts {
		payers[i] = customerOf(a.Payer)
	}
	f.statements = append(f.statements, p.Customers.Matches(&f.matches, f.account.Business, payers))
}

// writeWithFacts makes the customers of payments, and takes their slots and receipts, by the
// statements that ask for the facts. All of them must have been won then. It does not where
// the year of a receipt hangs on the business's time zone, which is not known yet.
func (p *Payments) writeWithFacts(tx *db.Tx, f *facts, payments []Payment) (err error) {
	var unnamed []customer.Payer
	for _, payment := range payments {
		if at := payment.numberedAt.UTC(); at.Add(-14*time.Hour).Year() != at.Add(14*time.Hour).Year() {
			p.matchPayers(f, attemptsOf(payments))
			return nil
		}
		if payment.RecipientToken == "" {
			payer := customerOf(payment.Payer)
			payer.Link = string(payment.LinkID)
			unnamed = append(unnamed, payer)
		}
	}
	if f.made, err = p.Customers.MakeOfPayers(tx, f.account.Business, unnamed); err != nil {
		return err
	}
	f.statements = append(f.statements, f.made.Statements...)
	f.taken = p.take(f.account, payments, func(at time.Time) int { return at.UTC().Year() }, true)
	f.statements = append(f.statements, f.taken.statements...)
	return nil
}

func attemptsOf(payments []Payment) []attempt.Attempt {
	all := make([]attempt.Attempt, len(payments))
	for i, payment := range payments {
		all[i] = payment.Attempt
	}
	return all
}

// paidRows asks for the business, the links, and which effects are for which of them.
func (p *Payments) paidRows(into *[]paidRow, account provider.Account, links []link.ID) *db.Statement {
	all, concerns := []any{account.Business, account.Mode}, `''`
	for _, e := range p.Effects {
		if e.Where != "" {
			concerns += ` || CASE WHEN ` + e.Where + ` THEN '` + e.Name + "\n" + `' ELSE '' END`
		}
	}
	of := `FALSE`
	for _, id := range links {
		all = append(all, id)
	}
	if len(links) > 0 {
		of = `l.id IN (` + db.In(len(links), 3) + `)`
	}
	return db.All(into, `SELECT b.time_zone, b.legal_name, b.legal_address, b.registration_number, b.vat_number, b.vat_rate, `+link.PaidColumns+`, `+concerns+` AS concerns
		FROM businesses b LEFT JOIN links l ON l.business_id = b.id AND `+of+` WHERE b.id = $1 AND CAST($2 AS text) <> ''`, all...)
}

func arguments[T any](businessID business.ID, values []T) []any {
	all := []any{businessID}
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

func customerOf(p attempt.Payer) customer.Payer {
	return customer.Payer{Name: p.Name, Email: p.Email, Language: p.Language}
}

// accept uses the slots that the payments held, numbers and records them and runs their
// effects. What needs neither the links' slots nor the receipts comes first, because
// others of the links and of the business wait for these until the commit. keep inserts
// the payments.
func (p *Payments) accept(ctx context.Context, tx *db.Tx, f *facts, payments []Payment, held bool, keep func(context.Context, *db.Tx, ...Payment) error) error {
	if len(f.paid) == 0 {
		return attempt.ErrNotFound
	}
	payee := f.paid[0].payee
	zone, err := time.LoadLocation(payee.TimeZone)
	if err != nil {
		return fmt.Errorf("read the time zone: %w", err)
	}
	who, err := p.nameCustomers(ctx, tx, f, payments)
	if err != nil {
		return err
	}
	taken, more := f.taken, who.statements()
	if taken == nil {
		taken = p.take(f.account, payments, func(at time.Time) int { return at.In(zone).Year() }, held)
		more = append(more, taken.statements...)
	}
	if err := tx.Batch(ctx, more...); err != nil {
		return fmt.Errorf("take slots and receipts: %w", err)
	}
	if err := taken.done(tx, payments); err != nil {
		return err
	}
	if err := who.done(ctx, tx, payments); err != nil {
		return err
	}
	if err := keep(ctx, tx, payments...); err != nil {
		return err
	}
	if err := p.countCodes(ctx, tx, f.account, payments); err != nil {
		return err
	}
	s := Settlement{BusinessID: f.account.Business, Mode: f.account.Mode, Zone: zone, Payee: payee.legal(), Payments: payments, concerns: map[string][]link.ID{}}
	for _, row := range f.paid {
		if row.ID != "" {
			s.Links = append(s.Links, row.PaidLink)
		}
		for name := range strings.Lines(row.Concerns) {
			name = strings.TrimSuffix(name, "\n")
			s.concerns[name] = append(s.concerns[name], row.ID)
		}
	}
	if err := p.claimEffects(ctx, tx, s); err != nil {
		return err
	}
	for _, do := range f.then {
		if err := do(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// naming says whose payments they are.
type naming struct {
	byToken   map[string]customer.ID
	byLink    map[link.ID]customer.ID
	byAddress map[string]customer.ID
	made      *customer.Made // of payers who are unknown
}

// nameCustomers says whose payments they are: the customer's whose message led here, else
// the one's that the link is for, else the one's with the payer's e-mail address, who is
// made when unknown.
func (p *Payments) nameCustomers(ctx context.Context, tx *db.Tx, f *facts, payments []Payment) (n *naming, err error) {
	n = &naming{map[string]customer.ID{}, map[link.ID]customer.ID{}, map[string]customer.ID{}, nil}
	for _, r := range f.recipients {
		n.byToken[r.Token] = r.CustomerID
	}
	for _, l := range f.paid {
		if l.CustomerID != "" {
			n.byLink[l.ID] = l.CustomerID
		}
	}
	for _, m := range f.matches {
		n.byAddress[m.EmailFolded] = m.ID
	}
	if f.made != nil {
		made, err := f.made.Done(ctx, tx)
		if err != nil {
			return nil, fmt.Errorf("make customers of payers: %w", err)
		}
		maps.Copy(n.byAddress, made)
	}
	var unknown []customer.Payer
	for _, payment := range payments {
		if id, address := n.of(payment.Attempt); id == "" && address != "" {
			unknown = append(unknown, customerOf(payment.Payer))
		}
	}
	n.made, err = p.Customers.MakeOfPayers(tx, f.account.Business, unknown)
	return n, err
}

// of is the customer of an attempt, or the address that finds one, folded.
func (n *naming) of(a attempt.Attempt) (customer.ID, string) {
	if a.Customer != "" {
		return a.Customer, ""
	}
	if id := n.byToken[a.RecipientToken]; id != "" {
		return id, ""
	}
	if id := n.byLink[a.LinkID]; id != "" {
		return id, ""
	}
	address, err := mailaddr.Parse(a.Payer.Email)
	if err != nil {
		return "", ""
	}
	return n.byAddress[address.Folded], address.Folded
}

// statements make the customers who are unknown.
func (n *naming) statements() []*db.Statement {
	return n.made.Statements
}

// done names the customers, once the statements were sent.
func (n *naming) done(ctx context.Context, tx *db.Tx, payments []Payment) error {
	made, err := n.made.Done(ctx, tx)
	if err != nil {
		return fmt.Errorf("make customers of payers: %w", err)
	}
	maps.Copy(n.byAddress, made)
	for i := range payments {
		payments[i].CustomerID, _ = n.of(payments[i].Attempt)
	}
	return nil
}

// record inserts payments; errRecorded when one that the provider names is there already.
func record(ctx context.Context, tx *db.Tx, payments ...Payment) error {
	for _, payment := range payments {
		query, arguments := insertPayments([]Payment{payment})
		n, err := tx.Exec(ctx, query+` ON CONFLICT DO NOTHING`, arguments...)
		if err == nil && n == 0 {
			err = errRecorded
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recordAll inserts payments that nobody has recorded; where somebody has, the commit
// fails.
func recordAll(ctx context.Context, tx *db.Tx, payments ...Payment) error {
	for part := range db.Parts(payments) {
		query, arguments := insertPayments(part)
		if err := tx.Queue(ctx, db.Exec(nil, query, arguments...)); err != nil {
			return err
		}
	}
	return nil
}

func insertPayments(payments []Payment) (query string, all []any) {
	const columns = 14
	rows := make([]string, len(payments))
	for i, p := range payments {
		rows[i] = `(` + db.In(columns, len(all)+1) + `)`
		all = append(all, p.ID, p.BusinessID, db.OrNull(p.LinkID), p.Mode, p.Provider, p.ProviderRef, p.Status, p.Captured.Currency, p.Captured.Minor,
			p.Method, db.OrNull(p.Receipt), db.At(p.PaidAt), db.OrNull(p.CustomerID), p.Status != attempt.Accepted)
	}
	return `INSERT INTO payments (id, business_id, link_id, mode, provider, provider_ref, status, currency, captured_minor, method, receipt, paid_at, customer_id, late)
		VALUES ` + strings.Join(rows, `, `), all
}
