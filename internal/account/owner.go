package account

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/text"
)

// OwnerDraft describes the owner of a business to be made.
type OwnerDraft struct {
	Name     string // empty takes the part of the address before the @
	Email    string
	Password string
}

// OwnerToBe is an owner who passed all checks, ready to be stored by
// CreateOwnerTx. It comes from PrepareOwner.
type OwnerToBe struct {
	user   User
	folded string
	hash   string // of a new user; "" for one who exists and gave the right password
}

// CreateOwner makes a user and lets them own the business. Who has an account
// already, with the same address, keeps it and must give its password.
// Errors: Invalid with the fields that are wrong, Conflict.
func (a *Accounts) CreateOwner(ctx context.Context, businessID business.ID, d OwnerDraft) (User, error) {
	owner, err := a.PrepareOwner(ctx, d)
	if err != nil {
		return User{}, err
	}
	var u User
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		u, err = a.CreateOwnerTx(ctx, tx, businessID, owner)
		return err
	})
	return u, err
}

// PrepareOwner does what is slow or may be refused, so that CreateOwnerTx can
// run in one transaction with the making of the business.
func (a *Accounts) PrepareOwner(ctx context.Context, d OwnerDraft) (OwnerToBe, error) {
	address, err := checkOwner(&d)
	if err != nil {
		return OwnerToBe{}, err
	}
	known, err := userByEmail(ctx, a.db, address.Folded)
	if errors.Is(err, db.ErrNoRows) {
		hash, err := a.passwords.hash(ctx, d.Password)
		return OwnerToBe{user: User{Email: address.Typed, Name: d.Name}, folded: address.Folded, hash: hash}, err
	}
	if err != nil {
		return OwnerToBe{}, err
	}
	match, err := a.passwords.matches(ctx, d.Password, known.Hash)
	if err != nil {
		return OwnerToBe{}, err
	}
	if !match {
		var fields fault.Fields
		fields.Add("password", "password.other", "There is an account with this email address already. Give its password, or use another address.")
		return OwnerToBe{}, fields.Err()
	}
	return OwnerToBe{user: known.user(), folded: address.Folded}, nil
}

// CreateOwnerTx stores a prepared owner inside a transaction of the caller's.
func (a *Accounts) CreateOwnerTx(ctx context.Context, tx *db.Tx, businessID business.ID, owner OwnerToBe) (User, error) {
	u := owner.user
	if owner.hash != "" {
		created, err := insertUser(ctx, tx, &u, owner.folded, owner.hash)
		if err != nil {
			return User{}, err
		}
		if !created {
			return User{}, fault.New(fault.Conflict, "An account with this email address was made just now. Try again.")
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, user_id) DO UPDATE SET role = excluded.role`,
		businessID, u.ID, Owner, db.At(tx.Now()))
	if err != nil {
		return User{}, err
	}
	return u, nil
}

func checkOwner(d *OwnerDraft) (mailaddr.Address, error) {
	var fields fault.Fields
	address, err := mailaddr.Parse(d.Email)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		fields.Add("email", refusal.Code, refusal.Message)
	}
	checkPassword(d.Password, &fields, d.Email, localPart(d.Email))
	if d.Name == "" {
		d.Name = localPart(d.Email)
	}
	d.Name = text.Rule{Most: 80}.Clean("name", d.Name, fields.Add)
	return address, fields.Err()
}
