// Package payrequest lets programs go on that were written for PayRequest: it makes
// one-time links by their call, the same link for the same call, and tells them by a
// callback when somebody paid.
package payrequest

import (
	"context"
	"errors"
	"net/url"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/publish"
	"smartlinks/internal/webhook"
)

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Businesses *business.Businesses
	Links      *link.Links
	Publish    *publish.Publisher
	Customers  *customer.Customers
	Webhooks   *webhook.Webhooks
	// Addresses makes our web addresses.
	Addresses address.Book
}

// Calls keep what PayRequest's programs asked for. They are safe for concurrent use.
type Calls struct{ Config }

// New returns the store.
func New(c Config) *Calls { return &Calls{c} }

// linkURL is where payers open a link.
func (c *Calls) linkURL(b business.Business, domain, path string) string {
	return c.Addresses.OfLink(string(b.ID), domain, address.Link(b.Handle, path))
}

// Asked is the condition that a program wants to hear of payments of a link; links is l.
const Asked = `EXISTS (SELECT 1 FROM payrequest_links q WHERE q.business_id = l.business_id AND q.link_id = l.id AND q.callback <> '')`

// Paid is a payment's effect: it enqueues the callback of the link's call, once for
// the payment, in the transaction that accepts it.
func (c *Calls) Paid(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	if p.LinkID == "" {
		return nil
	}
	var asked struct{ Title, Callback, Path, Domain string }
	err := tx.Get(ctx, &asked, `SELECT q.title, q.callback, l.path, l.domain FROM payrequest_links q JOIN links l ON l.id = q.link_id
		WHERE q.business_id = $1 AND q.link_id = $2 AND q.callback <> ''`, p.BusinessID, p.LinkID)
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := c.Businesses.ByIDTx(ctx, tx, p.BusinessID)
	if err != nil {
		return err
	}
	return c.Webhooks.Call(ctx, tx, webhook.Callback{BusinessID: b.ID, Key: string(p.ID), URL: asked.Callback, Form: url.Values{
		"status": {"PAID"}, "title": {asked.Title}, "link": {c.linkURL(b, asked.Domain, asked.Path)}, "amount": {p.Amount.Decimal()},
	}})
}

// Request is what is known of a payment request beside its link.
type Request struct {
	LinkID  link.ID
	Pending bool   // money for it is on its way
	Email   string // of its customer
}

// Record remembers in the transaction that makes a link that it is a payment request.
func (c *Calls) Record(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO payrequest_links (link_id, business_id, call, title, callback, due_on, created_at) VALUES ($1, $2, '', '', '', '', $3)`,
		id, businessID, db.At(tx.Now()))
	return err
}

// Requests are those of the links that are payment requests.
func (c *Calls) Requests(ctx context.Context, b business.Business, ids []link.ID) (map[link.ID]Request, error) {
	found := map[link.ID]Request{}
	if len(ids) == 0 {
		return found, nil
	}
	arguments := []any{b.ID, b.Mode}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var rows []Request
	err := c.DB.Select(ctx, &rows, `SELECT q.link_id, COALESCE(c.email, '') AS email,
			EXISTS (SELECT 1 FROM attempts a WHERE a.link_id = l.id AND a.mode = $2 AND a.state = 'pending') AS pending
		FROM payrequest_links q JOIN links l ON l.id = q.link_id LEFT JOIN customers c ON c.id = l.customer_id
		WHERE q.business_id = $1 AND q.call = '' AND q.link_id IN (`+db.In(len(ids), 3)+`)`, arguments...)
	for _, r := range rows {
		found[r.LinkID] = r
	}
	return found, err
}
