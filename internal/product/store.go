package product

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// row is a product as it is stored.
type row struct {
	Product
	NameFolded string `db:"name_folded,write"`
	PriceMinor int64
	Currency   money.Currency
}

var columns = db.ColumnsOf[row]()

func (p Product) row() row { return row{p, text.Fold(p.Name), p.Price.Minor, p.Price.Currency} }

func (r row) product() Product {
	p := r.Product
	p.Price = money.Amount{Minor: r.PriceMinor, Currency: r.Currency}
	return p
}

// insert stores p and reports whether its slug was free.
func insert(ctx context.Context, tx *db.Tx, p Product) (bool, error) {
	into, arguments := columns.Insert(p.row())
	n, err := tx.Exec(ctx, `INSERT INTO products `+into+` ON CONFLICT DO NOTHING`, arguments...)
	return n == 1, err
}

// lock reads a product that is about to be changed; whoever else wants to
// change it waits until the transaction ends.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Product, error) {
	return one(ctx, tx, `
		UPDATE products SET version = version WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL
		RETURNING `+columns.List(""), businessID, id)
}

// write stores a product that is locked, and returns what is stored then.
func write(ctx context.Context, tx *db.Tx, p Product) (Product, error) {
	p.UpdatedAt = tx.Now()
	set, arguments := columns.Set(p.row(), p.BusinessID, p.ID)
	return one(ctx, tx, `UPDATE products SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2
		RETURNING `+columns.List(""), arguments...)
}

func byID(ctx context.Context, from db.Reader, businessID business.ID, id ID) (Product, error) {
	return one(ctx, from, `
		SELECT `+columns.List("")+` FROM products WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`, businessID, id)
}

// one reads a product, or is a NotFound fault.
func one(ctx context.Context, from db.Reader, query string, arguments ...any) (Product, error) {
	var r row
	err := from.Get(ctx, &r, query, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such product. It may have been deleted.")
	}
	return r.product(), err
}
