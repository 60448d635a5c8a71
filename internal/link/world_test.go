package link_test

import (
	"context"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is a business with its links.
type world struct {
	*link.Links
	d        *db.DB
	b        business.Business
	products *product.Products
	all      *system.System // nil where a test wires less
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	all := systemtest.New(t, d)
	return world{all.Links, d, businesstest.Make(t, d, "acme"), all.Products, all}
}

func eur(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

// draft is a link that asks 49.00 EUR.
func draft(name string) link.Fields {
	return link.Fields{Name: name, Amount: eur(4900), Active: true, ShowRemaining: true}
}

func (w world) make(t *testing.T, d link.Fields) link.Link {
	t.Helper()
	l, err := w.Create(t.Context(), w.b, d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (w world) patch(t *testing.T, id link.ID, p func(*link.Fields)) link.Link {
	t.Helper()
	l, err := w.Edit(t.Context(), w.b, id, 0, p)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (w world) get(t *testing.T, id link.ID) link.Link {
	t.Helper()
	l, err := w.Get(t.Context(), w.b, id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// hold, release, consume and consumeFresh each run in a transaction of their own.
func (w world) hold(ctx context.Context, id link.ID, units int64) error {
	return w.d.InTx(ctx, func(tx *db.Tx) error { _, err := w.Hold(ctx, tx, w.b.ID, id, w.b.Mode, units); return err })
}

func (w world) release(ctx context.Context, id link.ID, units int64) error {
	return w.d.InTx(ctx, func(tx *db.Tx) error { return w.Release(ctx, tx, w.b.ID, id, w.b.Mode, units) })
}

func (w world) consume(ctx context.Context, id link.ID, units int64) error {
	return w.d.InTx(ctx, func(tx *db.Tx) error {
		c := &link.Consumption{Link: id, Slots: 1, Units: units}
		ran := w.Consume(w.b.ID, w.b.Mode, c)
		if err := tx.Batch(ctx, ran); err != nil {
			return err
		}
		return c.Done(tx, ran)
	})
}

func (w world) consumeFresh(ctx context.Context, id link.ID, units int64) (taken bool, err error) {
	err = w.d.InTx(ctx, func(tx *db.Tx) error {
		taken, err = w.ConsumeFresh(ctx, tx, w.b.ID, id, w.b.Mode, units)
		return err
	})
	return taken, err
}

// sell makes one payment.
func (w world) sell(t *testing.T, id link.ID) {
	t.Helper()
	if taken, err := w.consumeFresh(t.Context(), id, 1); err != nil || !taken {
		t.Fatalf("sell: %v, %v", taken, err)
	}
}

func ptr[T any](v T) *T { return &v }

// wantFault fails unless err is a fault of the code, at the field if one is given.
func wantFault(t *testing.T, err error, code fault.Code, field string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("error is %v, want the code %s", err, code)
	}
	if field == "" {
		return
	}
	for _, f := range fault.Of(err).Fields {
		if f.Name == field {
			return
		}
	}
	t.Errorf("no field %q in %v", field, fault.Of(err).Fields)
}
