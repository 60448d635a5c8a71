package message

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

// issuerRow is a line of receipt_issuers.
type issuerRow struct {
	Name, Address      string
	RegistrationNumber string
	VATNumber          string         `db:"vat_number"`
	VATRate            *business.Rate `db:"vat_rate"`
}

func (r issuerRow) legal() business.Legal { return business.Legal(r) }

const issuerColumns = `name, address, registration_number, vat_number, vat_rate`

// keepIssuer writes down who the business is as it gives the receipt.
func keepIssuer(ctx context.Context, tx *db.Tx, p payment.Payment) (business.Legal, error) {
	var r issuerRow
	err := tx.Get(ctx, &r, `INSERT INTO receipt_issuers (payment_id, business_id, `+issuerColumns+`)
		SELECT $1, id, legal_name, legal_address, registration_number, vat_number, vat_rate FROM businesses WHERE id = $2
		RETURNING `+issuerColumns, p.ID, p.BusinessID)
	return r.legal(), err
}

// IssuerOf is who gave the receipt of a payment, as it was then; empty for a
// payment without one.
func IssuerOf(ctx context.Context, from db.Reader, businessID business.ID, id payment.ID) (business.Legal, error) {
	var r issuerRow
	err := from.Get(ctx, &r, `SELECT `+issuerColumns+` FROM receipt_issuers WHERE business_id = $1 AND payment_id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return r.legal(), err
}
