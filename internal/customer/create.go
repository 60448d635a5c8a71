package customer

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/text"
)

// Create makes a customer. Everything that is wrong with the fields comes as one
// Invalid fault; an e-mail address that another customer has is wrong.
func (s *Customers) Create(ctx context.Context, b business.Business, f Fields) (c Customer, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		c, err = s.CreateTx(ctx, tx, b, f)
		return err
	})
	return c, err
}

// Check returns what Create would refuse of the fields by themselves: everything but
// what depends on other customers.
func Check(b business.Business, f Fields) error { return f.clean(b) }

// CreateTx is Create inside a transaction of the caller's.
func (s *Customers) CreateTx(ctx context.Context, tx *db.Tx, b business.Business, f Fields) (Customer, error) {
	c, err := s.CreateQuietlyTx(ctx, tx, b, f)
	if err != nil {
		return Customer{}, err
	}
	return c, s.publishCreated(ctx, tx, b.ID, c.ID)
}

// CreateQuietlyTx is CreateTx for a customer of before, of whom nobody is told.
func (s *Customers) CreateQuietlyTx(ctx context.Context, tx *db.Tx, b business.Business, f Fields) (Customer, error) {
	c := Customer{BusinessID: b.ID, Fields: f}
	if err := c.clean(b); err != nil {
		return Customer{}, err
	}
	if err := checkEmail(ctx, tx, c); err != nil {
		return Customer{}, err
	}
	free, err := insert(ctx, tx, &c, true)
	if err != nil {
		return Customer{}, err
	}
	if !free { // another took the address between our look and our write
		if err := checkEmail(ctx, tx, c); err != nil {
			return Customer{}, err
		}
		return Customer{}, errTaken
	}
	if err := s.setTags(ctx, tx, c); err != nil {
		return Customer{}, err
	}
	return get(ctx, tx, b.ID, c.ID)
}

var errTaken = fault.New(fault.Conflict, "Another customer took this email address just now. Try again.")

// Payer is what is known of somebody who pays.
type Payer struct {
	Name, Email, Language string
	// Link is what they paid for, "" for something that is for nobody: of a link that is
	// for somebody no customer is made.
	Link string
}

// MatchOrCreate returns the customer with the payer's e-mail address, and makes
// one when there is none. However many payments of one payer are settled at
// once, they get one customer. An address that can't be read gives no customer.
func (s *Customers) MatchOrCreate(ctx context.Context, tx *db.Tx, businessID business.ID, p Payer) (id ID, created bool, err error) {
	address, err := mailaddr.Parse(p.Email)
	if err != nil {
		return "", false, nil
	}
	id, err = byEmail(ctx, tx, businessID, address.Folded)
	if !errors.Is(err, db.ErrNoRows) {
		return id, false, err
	}
	c := Customer{BusinessID: businessID, Fields: Fields{Name: payerName(p, address.Typed), Email: address.Typed, Language: supportedLanguage(p.Language)}}
	if created, err = insert(ctx, tx, &c, false); err != nil {
		return "", false, err
	}
	if created {
		return c.ID, true, s.publishCreated(ctx, tx, businessID, c.ID)
	}
	id, err = byEmail(ctx, tx, businessID, address.Folded) // another made it just now
	return id, false, err
}

func byEmail(ctx context.Context, r db.Reader, businessID business.ID, folded string) (id ID, err error) {
	err = r.Get(ctx, &id, `SELECT id FROM customers WHERE business_id = $1 AND email_folded = $2`, businessID, folded)
	return id, err
}

// payerName is what the payer typed, if it can be a customer's name.
func payerName(p Payer, email string) string {
	wrong := false
	name := nameRule.Clean("name", p.Name, func(_, code, _ string) { wrong = wrong || code != text.Missing })
	if wrong || name == "" {
		return email
	}
	return name
}
