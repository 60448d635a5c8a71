package customer

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// row is a customer as it is stored.
type row struct {
	Customer
	NameFolded  string `db:"name_folded,write"`
	EmailFolded string `db:"email_folded,write"`
	// Entered says that the merchant stands for the address; a payment that makes a
	// customer doesn't.
	Entered bool `db:"entered,write"`
}

var columns = db.ColumnsOf[row]()

func (c Customer) row(entered bool) row {
	return row{c, text.Fold(c.Name), foldedEmail(c.Email), entered}
}

var errNotFound = fault.New(fault.NotFound, "There is no such customer. They may have been deleted or merged.")

// get reads a customer with tags; NotFound when the business has none of the id.
func get(ctx context.Context, r db.Reader, businessID business.ID, id ID) (Customer, error) {
	list := make([]Customer, 1)
	err := r.Get(ctx, &list[0], `SELECT `+columns.List("")+` FROM customers WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Customer{}, errNotFound
	}
	if err != nil {
		return Customer{}, err
	}
	err = loadTags(ctx, r, businessID, list)
	return list[0], err
}

// lock reads a customer and keeps others from changing it until the
// transaction ends.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Customer, error) {
	n, err := tx.Exec(ctx, `UPDATE customers SET updated_at = updated_at WHERE business_id = $1 AND id = $2`, businessID, id)
	if err != nil {
		return Customer{}, err
	}
	if n == 0 {
		return Customer{}, errNotFound
	}
	return get(ctx, tx, businessID, id)
}

// insert gives c its id and stores it; false when the e-mail address is taken.
func insert(ctx context.Context, tx *db.Tx, c *Customer, entered bool) (bool, error) {
	id, err := tx.NewID("cus")
	if err != nil {
		return false, err
	}
	c.ID, c.Version, c.CreatedAt, c.UpdatedAt = ID(id), 1, tx.Now(), tx.Now()
	into, arguments := columns.Insert(c.row(entered))
	n, err := tx.Exec(ctx, `INSERT INTO customers `+into+` ON CONFLICT DO NOTHING`, arguments...)
	renamed(tx, c.BusinessID, c.ID)
	return n == 1, err
}

// write stores the customer as its next version, for which the merchant stands.
func write(ctx context.Context, tx *db.Tx, c Customer) error {
	c.UpdatedAt = tx.Now()
	set, arguments := columns.Set(c.row(true), c.BusinessID, c.ID)
	renamed(tx, c.BusinessID, c.ID)
	_, err := tx.Exec(ctx, `UPDATE customers SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2`, arguments...)
	return err
}

// checkEmail refuses an address that another customer has, and names them.
func checkEmail(ctx context.Context, r db.Reader, c Customer) error {
	if c.Email == "" {
		return nil
	}
	var other string
	err := r.Get(ctx, &other, `SELECT name FROM customers WHERE business_id = $1 AND email_folded = $2 AND id <> $3`,
		c.BusinessID, foldedEmail(c.Email), c.ID)
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var wrong fault.Fields
	wrong.Add("email", "customer.taken", fmt.Sprintf("%s has this email address already. Open that customer, or merge the two.", other))
	return wrong.Err()
}

// loadTags fills in the tags of all customers at once, by name.
func loadTags(ctx context.Context, r db.Reader, businessID business.ID, list []Customer) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[ID]int, len(list))
	arguments := []any{businessID}
	for i, c := range list {
		at[c.ID] = i
		arguments = append(arguments, c.ID)
	}
	var rows []struct {
		CustomerID ID
		tag.Tag
	}
	err := r.Select(ctx, &rows, `
		SELECT ct.customer_id, t.id, t.business_id, t.kind, t.name, t.color FROM customer_tags ct JOIN tags t ON t.id = ct.tag_id
		WHERE ct.business_id = $1 AND ct.customer_id IN (`+db.In(len(list), 2)+`) ORDER BY t.name_folded`, arguments...)
	for _, t := range rows {
		c := &list[at[t.CustomerID]]
		c.Tags = append(c.Tags, t.Tag)
	}
	return err
}
