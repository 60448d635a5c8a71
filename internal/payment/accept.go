package payment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
)

// facts are what must be known to accept payments of attempts. They are read together,
// by statements that somebody else sends.
type facts struct {
	statements []*db.Statement
	account    Account
	business   payee
	recipients []struct {
		Token      string
		CustomerID customer.ID
	}
	links   []link.PaidLink
	matches []customer.Match
	then    []Do
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
func (p *Payments) factsFor(tx *db.Tx, account Account, attempts []Attempt) *facts {
	f := &facts{account: account}
	f.statements = append(f.statements, db.One(&f.business, `SELECT time_zone, legal_name, legal_address, registration_number, vat_number, vat_rate FROM businesses WHERE id = $1`, account.Business))
	if tokens := unique(attempts, func(a Attempt) string { return a.RecipientToken }); len(tokens) > 0 {
		f.statements = append(f.statements, db.All(&f.recipients, `
			SELECT d.token, r.customer_id FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN recipients r ON r.id = s.recipient_id
			WHERE d.business_id = $1 AND r.customer_id IS NOT NULL AND d.token IN (`+db.In(len(tokens), 2)+`)`, arguments(account.Business, tokens)...))
	}
	if links := LinksOf(attempts); len(links) > 0 {
		f.statements = append(f.statements, p.Links.PaidLinks(&f.links, account.Business, links))
	}
	payers := make([]customer.Payer, len(attempts))
	for i, a := range attempts {
		payers[i] = a.Payer.customer()
	}
	f.statements = append(f.statements, p.Customers.Matches(&f.matches, account.Business, payers))
	statements, then := p.beginEffects(tx, attempts)
	f.statements, f.then = append(f.statements, statements...), then
	return f
}

func arguments[T any](businessID business.ID, values []T) []any {
	all := []any{businessID}
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

func (p Payer) customer() customer.Payer {
	return customer.Payer{Name: p.Name, Email: p.Email, Language: p.Language}
}

// accept uses the slots that the payments held, numbers and records them and runs their
// effects. What needs neither the links' slots nor the receipts comes first, because
// others of the links and of the business wait for these until the commit. keep inserts
// the payments.
func (p *Payments) accept(ctx context.Context, tx *db.Tx, f *facts, payments []Payment, held bool, keep func(context.Context, *db.Tx, ...Payment) error) error {
	zone, err := time.LoadLocation(f.business.TimeZone)
	if err != nil {
		return fmt.Errorf("read the time zone: %w", err)
	}
	who, err := p.nameCustomers(tx, f, payments)
	if err != nil {
		return err
	}
	if err := p.takePlaces(ctx, tx, f.account, payments, zone, held, who.statements()); err != nil {
		return err
	}
	if err := who.done(ctx, tx, payments); err != nil {
		return err
	}
	if err := keep(ctx, tx, payments...); err != nil {
		return err
	}
	s := Settlement{BusinessID: f.account.Business, Mode: f.account.Mode, Zone: zone, Payee: f.business.legal(), Links: f.links, Payments: payments}
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
	made      *customer.Made // of payers who are unknown; nil for none
}

// nameCustomers says whose payments they are: the customer's whose message led here, else
// the one's that the link is for, else the one's with the payer's e-mail address, who is
// made when unknown.
func (p *Payments) nameCustomers(tx *db.Tx, f *facts, payments []Payment) (n *naming, err error) {
	n = &naming{map[string]customer.ID{}, map[link.ID]customer.ID{}, map[string]customer.ID{}, nil}
	for _, r := range f.recipients {
		n.byToken[r.Token] = r.CustomerID
	}
	for _, l := range f.links {
		if l.CustomerID != "" {
			n.byLink[l.ID] = l.CustomerID
		}
	}
	for _, m := range f.matches {
		n.byAddress[m.EmailFolded] = m.ID
	}
	var unknown []customer.Payer
	for _, payment := range payments {
		if id, address := n.of(payment.Attempt); id == "" && address != "" {
			unknown = append(unknown, payment.Payer.customer())
		}
	}
	if len(unknown) > 0 {
		n.made, err = p.Customers.MakeOfPayers(tx, f.account.Business, unknown)
	}
	return n, err
}

// of is the customer of an attempt, or the address that finds one, folded.
func (n *naming) of(a Attempt) (customer.ID, string) {
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
	if n.made == nil {
		return nil
	}
	return n.made.Statements
}

// done names the customers, once the statements were sent.
func (n *naming) done(ctx context.Context, tx *db.Tx, payments []Payment) error {
	if n.made != nil {
		made, err := n.made.Done(ctx, tx)
		if err != nil {
			return fmt.Errorf("make customers of payers: %w", err)
		}
		maps.Copy(n.byAddress, made)
	}
	for i := range payments {
		payments[i].CustomerID, _ = n.of(payments[i].Attempt)
	}
	return nil
}

// takePlaces turns the slots that were held into payments and takes the next receipts:
// by one statement for each link and series, together, behind those that come first. The
// rows stay locked until the commit.
func (p *Payments) takePlaces(ctx context.Context, tx *db.Tx, account Account, payments []Payment, zone *time.Location, held bool, first []*db.Statement) error {
	statements := append(first, p.consumeCodes(payments)...)
	before := len(statements)
	places := map[link.ID]*link.Consumption{}
	for _, payment := range payments {
		if payment.LinkID != "" && places[payment.LinkID] == nil {
			places[payment.LinkID] = &link.Consumption{Link: payment.LinkID}
		}
		if payment.LinkID != "" {
			places[payment.LinkID].Slots++
			places[payment.LinkID].Units += payment.Quantity
		}
	}
	links := slices.Sorted(maps.Keys(places))
	for _, id := range links {
		if held {
			statements = append(statements, p.Links.Consume(account.Business, account.Mode, places[id]))
		} else { // it was taken before
			statements = append(statements, db.One(&places[id].After, `SELECT `+link.TakenColumns+` FROM link_slots WHERE business_id = $1 AND link_id = $2 AND mode = $3`,
				account.Business, id, account.Mode))
		}
	}
	series := map[int]*receipts{}
	for _, payment := range payments {
		year := payment.numberedAt.In(zone).Year()
		if series[year] == nil {
			series[year] = &receipts{year: year, mode: account.Mode}
		}
		series[year].taken++
	}
	for _, year := range slices.Sorted(maps.Keys(series)) {
		statements = append(statements, series[year].take(account.Business))
	}
	if err := tx.Batch(ctx, statements...); err != nil {
		return fmt.Errorf("take slots and receipts: %w", err)
	}
	for i, id := range links {
		if held {
			if err := places[id].Done(tx, statements[before+i]); err != nil {
				return err
			}
		}
		after := &places[id].After // counted up again, payment by payment
		after.Consumed, after.ConsumedUnits = after.Consumed-places[id].Slots, after.ConsumedUnits-places[id].Units
	}
	for i := range payments {
		payment := &payments[i]
		payment.Receipt = series[payment.numberedAt.In(zone).Year()].next()
		if place := places[payment.LinkID]; place != nil {
			place.After.Consumed++
			place.After.ConsumedUnits += payment.Quantity
			payment.Places = place.After
		}
	}
	return nil
}

// receipts are those that a settlement takes of a business's series for the mode and the
// year, in its time zone: 2026-00001, TEST-2026-00001. The row stays locked until the
// commit, so the series has no gaps.
type receipts struct {
	year        int
	mode        business.Mode
	taken, last int64
}

func (r *receipts) take(businessID business.ID) *db.Statement {
	return db.One(&r.last, `
		INSERT INTO receipt_series (business_id, mode, year, last) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, mode, year) DO UPDATE SET last = receipt_series.last + excluded.last RETURNING last`,
		businessID, r.mode, r.year, r.taken)
}

func (r *receipts) next() string {
	r.taken--
	text := fmt.Sprintf("%d-%05d", r.year, r.last-r.taken)
	if r.mode == business.Test {
		text = "TEST-" + text
	}
	return text
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
	for rest := payments; len(rest) > 0; {
		part := rest[:largestPart(len(rest))]
		rest = rest[len(part):]
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
		all = append(all, p.ID, p.BusinessID, orNull(p.LinkID), p.Mode, p.Provider, p.ProviderRef, p.Status, p.Captured.Currency, p.Captured.Minor,
			p.Method, orNull(p.Receipt), db.At(p.PaidAt), orNull(p.CustomerID), p.Status != Accepted)
	}
	return `INSERT INTO payments (id, business_id, link_id, mode, provider, provider_ref, status, currency, captured_minor, method, receipt, paid_at, customer_id, late)
		VALUES ` + strings.Join(rows, `, `), all
}
