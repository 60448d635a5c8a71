package dashboardtest

import (
	"context"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// Off makes Link make one that is off.
func Off(f *link.Fields) { f.Active = false }

func Euros(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

// Link makes a link that is on and says how much remains, but for what more does.
func (s *Site) Link(t testing.TB, b business.Business, d link.Fields, more ...func(*link.Fields)) link.Link {
	t.Helper()
	d.Active, d.ShowRemaining = true, true
	for _, do := range more {
		do(&d)
	}
	if d.Name == "" {
		d.Name = "Photography Workshop"
	}
	if d.Amount == nil && d.Type != link.Product {
		d.Amount = Euros(8900)
	}
	l, err := s.Links.Create(context.Background(), b, d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (s *Site) Product(t testing.TB, b business.Business, name string) product.Product {
	t.Helper()
	p, err := s.Products.Create(context.Background(), b, product.Fields{Name: name, Price: *Euros(14900), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Staff makes the person a member without rights to delete.
func (s *Site) Staff(t testing.TB, b business.Business, email string) {
	t.Helper()
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `
			INSERT INTO members (business_id, user_id, role, created_at)
			SELECT $1, id, $2, created_at FROM users WHERE email_folded = $3`, b.ID, account.Staff, email)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
