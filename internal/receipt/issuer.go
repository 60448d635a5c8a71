package receipt

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
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

// KeepIssuer writes down who the business is as it gives receipts.
func KeepIssuer(ctx context.Context, tx *db.Tx, s payment.Settlement) error {
	for rest := s.Payments; len(rest) > 0; {
		size := 16 // powers of two, so that there are few statements to keep prepared
		for size > len(rest) {
			size /= 2
		}
		part := rest[:size]
		rest = rest[size:]
		by := s.Payee
		arguments, rows := []any{s.BusinessID, by.Name, by.Address, by.RegistrationNumber, by.VATNumber, by.VATRate}, make([]string, len(part))
		for i, p := range part {
			arguments = append(arguments, p.ID)
			rows[i] = fmt.Sprintf("($%d, $1, $2, $3, $4, $5, $6)", len(arguments))
		}
		if err := tx.Queue(ctx, db.Exec(nil, `INSERT INTO receipt_issuers (payment_id, business_id, `+issuerColumns+`)
			VALUES `+strings.Join(rows, `, `), arguments...)); err != nil {
			return err
		}
	}
	return nil
}

// IssuerOf is who gave the receipt of a payment, as it was then; empty for a
// payment without one.
func IssuerOf(ctx context.Context, from db.Reader, businessID business.ID, id attempt.ID) (business.Legal, error) {
	var r issuerRow
	err := from.Get(ctx, &r, `SELECT `+issuerColumns+` FROM receipt_issuers WHERE business_id = $1 AND payment_id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return r.legal(), err
}
