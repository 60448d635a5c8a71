package account

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Founder makes businesses together with their owners, both or neither.
type Founder struct {
	Accounts   *Accounts
	Businesses *business.Businesses
}

// Found makes a business and its owner; one who has an account already gives
// its password. Errors: Invalid with the fields that are wrong, the owner's as
// "owner_name", "email" and "password"; Conflict.
func (f Founder) Found(ctx context.Context, b business.Draft, o OwnerDraft) (business.Business, User, error) {
	return f.found(ctx, b, o, false)
}

// FoundFirst is Found for an installation without any business. Errors: those
// of Found, and Conflict once there is a business.
func (f Founder) FoundFirst(ctx context.Context, b business.Draft, o OwnerDraft) (business.Business, User, error) {
	return f.found(ctx, b, o, true)
}

// Check says all that is wrong with a business and its owner before anything is made, as
// Found would; what is taken it can't tell.
func Check(b business.Draft, o OwnerDraft) error {
	_, ofOwner := checkOwner(&o)
	ofBusiness := b.Check()
	if ofOwner == nil {
		return ofBusiness
	}
	return joined(ofBusiness, ofOwner)
}

func (f Founder) found(ctx context.Context, draft business.Draft, o OwnerDraft, first bool) (b business.Business, u User, err error) {
	owner, err := f.Accounts.PrepareOwner(ctx, o)
	if err != nil {
		return b, u, joined(draft.Check(), err)
	}
	err = f.Accounts.db.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "first business"); err != nil {
			return err
		}
		if first {
			founded, err := Founded(ctx, tx)
			if err != nil {
				return err
			}
			if founded {
				return alreadyFounded()
			}
		}
		if b, err = f.Businesses.CreateTx(ctx, tx, draft); err != nil {
			return err
		}
		u, err = f.Accounts.CreateOwnerTx(ctx, tx, b.ID, owner)
		return err
	})
	return b, u, err
}

// FoundAnother makes a business for somebody who is signed in. Errors: those of
// business.Create, and Forbidden for a user who owns no business: staff were
// let into one business, not into the installation.
func (f Founder) FoundAnother(ctx context.Context, draft business.Draft, userID UserID) (b business.Business, err error) {
	err = f.Accounts.db.InTx(ctx, func(tx *db.Tx) error {
		var owns bool
		if err := tx.Get(ctx, &owns, `SELECT EXISTS (SELECT 1 FROM members WHERE user_id = $1 AND role = 'owner')`, userID); err != nil {
			return err
		}
		if !owns {
			return fault.New(fault.Forbidden, "Only who owns a business here may add another. Ask an owner.")
		}
		if b, err = f.Businesses.CreateTx(ctx, tx, draft); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)`, b.ID, userID, db.At(tx.Now()))
		return err
	})
	return b, err
}

// Founded tells whether the installation has a business.
func Founded(ctx context.Context, from db.Reader) (founded bool, err error) {
	err = from.Get(ctx, &founded, `SELECT EXISTS (SELECT 1 FROM businesses)`)
	return founded, err
}

func alreadyFounded() error {
	return fault.New(fault.Conflict, "This installation is set up already. Sign in, or ask its owner to invite you.")
}

// joined tells at once what is wrong with a business and with its owner, whose
// name then is "owner_name". An error that no input can mend comes first.
func joined(ofBusiness, ofOwner error) error {
	if fault.Of(ofOwner).Code != fault.Invalid || ofBusiness != nil && fault.Of(ofBusiness).Code != fault.Invalid {
		return ofOwner
	}
	var fields fault.Fields
	if ofBusiness != nil {
		fields = append(fields, fault.Of(ofBusiness).Fields...)
	}
	for _, field := range fault.Of(ofOwner).Fields {
		if field.Name == "name" {
			field.Name = "owner_name"
		}
		fields = append(fields, field)
	}
	return fields.Err()
}
