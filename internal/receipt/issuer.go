package receipt

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// issuing are the columns of businesses that say who gives a receipt.
const issuing = `legal_name, legal_address, registration_number, vat_number, vat_rate`

// Issuer is who a business is as it gives receipts.
type Issuer struct{ row issuerRow }

// Legal is the issuer, once it was read.
func (i *Issuer) Legal() business.Legal { return i.row.legal() }

// Read asks who the business of attempts is now.
func (i *Issuer) Read(of []payment.Attempt) *db.Statement {
	return db.One(&i.row, `SELECT legal_name AS name, legal_address AS address, registration_number, vat_number, vat_rate FROM businesses WHERE id = $1`, of[0].BusinessID)
}

// KeepIssuer writes down who the business is as it gives receipts.
func KeepIssuer(ctx context.Context, tx *db.Tx, s payment.Settlement) error {
	for rest := s.Payments; len(rest) > 0; {
		size := 16 // powers of two, so that there are few statements to keep prepared
		for size > len(rest) {
			size /= 2
		}
		part := rest[:size]
		rest = rest[size:]
		arguments, rows := []any{s.BusinessID}, make([]string, len(part))
		for i, p := range part {
			arguments = append(arguments, p.ID)
			rows[i] = fmt.Sprintf("SELECT CAST($%d AS text) AS payment_id", len(arguments))
		}
		if err := tx.Queue(ctx, db.Exec(nil, `INSERT INTO receipt_issuers (payment_id, business_id, `+issuerColumns+`)
			SELECT p.payment_id, b.id, `+issuing+` FROM businesses b CROSS JOIN (`+strings.Join(rows, ` UNION ALL `)+`) p WHERE b.id = $1`, arguments...)); err != nil {
			return err
		}
	}
	return nil
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
