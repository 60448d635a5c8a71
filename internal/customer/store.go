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
	ID         ID
	BusinessID business.ID
	Name       string
	Email      string
	Phone      string
	Language   string
	Notes      string
	Version    int64
	CreatedAt  db.Time
	UpdatedAt  db.Time
}

const columns = `id, business_id, name, email, phone, language, notes, version, created_at, updated_at`

func (r row) customer() Customer {
	return Customer{
		ID: r.ID, BusinessID: r.BusinessID, Name: r.Name, Email: r.Email, Phone: r.Phone, Language: r.Language, Notes: r.Notes,
		Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
}

var errNotFound = fault.New(fault.NotFound, "There is no such customer. They may have been deleted or merged.")

// get reads a customer with tags; NotFound when the business has none of the id.
func get(ctx context.Context, r db.Reader, businessID business.ID, id ID) (Customer, error) {
	var found row
	err := r.Get(ctx, &found, `SELECT `+columns+` FROM customers WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Customer{}, errNotFound
	}
	if err != nil {
		return Customer{}, err
	}
	list := []Customer{found.customer()}
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

// insert gives c its id and stores it; false when the e-mail address is taken. entered
// says that the merchant stands for the address; a payment that makes a customer doesn't.
func insert(ctx context.Context, tx *db.Tx, c *Customer, entered bool) (bool, error) {
	id, err := tx.NewID("cus")
	if err != nil {
		return false, err
	}
	c.ID, c.Version, c.CreatedAt, c.UpdatedAt = ID(id), 1, tx.Now(), tx.Now()
	n, err := tx.Exec(ctx, `
		INSERT INTO customers (id, business_id, name, name_folded, email, email_folded, phone, language, notes, entered, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, 1, $10, $10) ON CONFLICT DO NOTHING`,
		c.ID, c.BusinessID, c.Name, text.Fold(c.Name), c.Email, foldedEmail(c.Email), c.Phone, c.Language, c.Notes, db.At(tx.Now()), entered)
	return n == 1, err
}

// write stores the customer as its next version, for which the merchant stands.
func write(ctx context.Context, tx *db.Tx, c Customer) error {
	_, err := tx.Exec(ctx, `
		UPDATE customers SET name = $3, name_folded = $4, email = $5, email_folded = $6, phone = $7, language = $8, notes = $9,
			entered = TRUE, version = version + 1, updated_at = $10
		WHERE business_id = $1 AND id = $2`,
		c.BusinessID, c.ID, c.Name, text.Fold(c.Name), c.Email, foldedEmail(c.Email), c.Phone, c.Language, c.Notes, db.At(tx.Now()))
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
		ID         tag.ID
		Name       string
		Color      string
	}
	err := r.Select(ctx, &rows, `
		SELECT ct.customer_id, t.id, t.name, t.color FROM customer_tags ct JOIN tags t ON t.id = ct.tag_id
		WHERE ct.business_id = $1 AND ct.customer_id IN (`+db.In(len(list), 2)+`) ORDER BY t.name_folded`, arguments...)
	for _, t := range rows {
		c := &list[at[t.CustomerID]]
		c.Tags = append(c.Tags, tag.Tag{ID: t.ID, BusinessID: businessID, Kind: tag.OfCustomers, Name: t.Name, Color: t.Color})
	}
	return err
}
