package customer

import (
	"context"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/tag"
)

// Edit changes a customer that was read at the version; 0 accepts any. edit may run
// again. Errors: NotFound, Stale, and Invalid with the fields that are wrong.
func (s *Customers) Edit(ctx context.Context, b business.Business, id ID, version int64, edit func(*Fields)) (c Customer, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		c, err = s.EditTx(ctx, tx, b, id, version, edit)
		return err
	})
	if db.IsUnique(err) {
		err = errTaken
	}
	return c, err
}

// EditTx is Edit inside a transaction of the caller's.
func (s *Customers) EditTx(ctx context.Context, tx *db.Tx, b business.Business, id ID, version int64, edit func(*Fields)) (Customer, error) {
	writes := tx.Writes()
	before, err := lock(ctx, tx, b.ID, id)
	if err != nil {
		return Customer{}, err
	}
	if version != 0 && version != before.Version {
		return Customer{}, fault.New(fault.Stale, "Someone else changed this customer meanwhile. Look at the current one, then make your change again.")
	}
	c, was, tags := before, columns.Stored(before.row(true)), tag.Names(before.Tags)
	if edit(&c.Fields); c.Phone == ShownPhone(before.Phone) {
		c.Phone = before.Phone // a form shows numbers as people read them
	}
	if c.Name == before.Name && before.Name == before.Email && c.Email != "" {
		c.Name = "" // they are called by their address, also by a new one
	}
	if err := c.clean(b); err != nil {
		return Customer{}, err
	}
	if err := checkEmail(ctx, tx, c); err != nil {
		return Customer{}, err
	}
	tagged := slices.Equal(tag.Names(c.Tags), tags)
	if tagged && columns.Same(was, c.row(true)) {
		// Whoever saves it stands for the address.
		_, err := tx.Exec(ctx, `UPDATE customers SET entered = TRUE WHERE business_id = $1 AND id = $2`, b.ID, id)
		tx.Unchanged(writes)
		return before, err
	}
	if err := write(ctx, tx, c); err != nil {
		return Customer{}, err
	}
	if !tagged {
		if err := s.setTags(ctx, tx, c); err != nil {
			return Customer{}, err
		}
	}
	tx.Notify("customer", string(id))
	return get(ctx, tx, b.ID, id)
}

// supportedLanguage is the language if it is one that pages and messages exist in.
func supportedLanguage(language string) string {
	if i18n.Supported(language) {
		return language
	}
	return ""
}
