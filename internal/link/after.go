package link

import (
	"context"
	"net/url"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/tag"
)

// AfterPayment is what a payment of the link does: where the payer goes, and
// which tags the customer who paid gets and loses, in this order.
type AfterPayment struct {
	RedirectURL string `db:"redirect_url"`
	ApplyTag    string `db:"-"` // the name of a tag of customers, "" for none
	RemoveTag   string `db:"-"` // the name of a tag of customers, "" for none

	applyID, removeID tag.ID
}

// Destination is RedirectURL as browsers and servers take it everywhere: an
// international host in A-labels (RFC 5890).
func (a AfterPayment) Destination() string {
	u, err := url.Parse(a.RedirectURL)
	if err != nil {
		return a.RedirectURL
	}
	u.Host = strings.Replace(u.Host, u.Hostname(), mailaddr.Host(u.Hostname()), 1)
	return u.String()
}

// afterTags finds the tags by their names, and makes those that don't exist.
func (s *Links) afterTags(ctx context.Context, tx *db.Tx, l *Link) error {
	for _, t := range []struct {
		field, name string
		id          *tag.ID
	}{
		{"after_payment.apply_tag", l.After.ApplyTag, &l.After.applyID},
		{"after_payment.remove_tag", l.After.RemoveTag, &l.After.removeID},
	} {
		if *t.id = ""; t.name == "" {
			continue
		}
		found, err := s.tags.FindOrCreate(ctx, tx, l.BusinessID, tag.OfCustomers, []string{t.name})
		if fault.Is(err, fault.Invalid) {
			var wrong fault.Fields
			wrong.Add(t.field, "tag.name", fault.Of(err).Fields[0].Message)
			return wrong.Err()
		}
		if err != nil {
			return err
		}
		*t.id = found[0].ID
	}
	return nil
}

// PaidLink is what a payment of a link does: whose it is, and the tags that it gives
// and takes.
type PaidLink struct {
	ID                      ID
	CustomerID              customer.ID // "" when it is for nobody
	ApplyTagID, RemoveTagID *tag.ID
}

// PaidColumns are those of PaidLink; links is l, which may be missing.
const PaidColumns = `COALESCE(l.id, '') AS id, COALESCE(l.customer_id, '') AS customer_id, l.apply_tag_id, l.remove_tag_id`

// Tag gives the customer who paid one tag and takes the other, in the transaction that
// records the payment. A tag that was deleted meanwhile changes nothing; a payment must
// not fail for it.
func (after PaidLink) Tag(ctx context.Context, tx *db.Tx, customers *customer.Customers, businessID business.ID, who customer.ID) error {
	if after.ApplyTagID != nil {
		if _, err := customers.ApplyTag(ctx, tx, businessID, who, *after.ApplyTagID); err != nil {
			return err
		}
	}
	if after.RemoveTagID == nil {
		return nil
	}
	_, err := customers.RemoveTag(ctx, tx, businessID, who, *after.RemoveTagID)
	return err
}

// MoveTag makes links carry, give and take the tag keep instead of gone, in the
// transaction that merges the two.
func (s *Links) MoveTag(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone tag.ID) error {
	for _, statement := range []string{
		`INSERT INTO link_tags (business_id, link_id, tag_id) SELECT business_id, link_id, $2 FROM link_tags
			WHERE business_id = $1 AND tag_id = $3 ON CONFLICT DO NOTHING`,
		`UPDATE links SET apply_tag_id = $2 WHERE business_id = $1 AND apply_tag_id = $3`,
		`UPDATE links SET remove_tag_id = $2 WHERE business_id = $1 AND remove_tag_id = $3`,
	} {
		if _, err := tx.Exec(ctx, statement, businessID, keep, gone); err != nil {
			return err
		}
	}
	return s.dropTag(ctx, tx, businessID, gone)
}

// DropTag makes links that give or take a tag do without, when it is deleted.
func (s *Links) DropTag(ctx context.Context, tx *db.Tx, businessID business.ID, gone tag.ID) error {
	for _, statement := range []string{
		`UPDATE links SET apply_tag_id = NULL WHERE business_id = $1 AND apply_tag_id = $2`,
		`UPDATE links SET remove_tag_id = NULL WHERE business_id = $1 AND remove_tag_id = $2`,
	} {
		if _, err := tx.Exec(ctx, statement, businessID, gone); err != nil {
			return err
		}
	}
	return s.dropTag(ctx, tx, businessID, gone)
}

func (s *Links) dropTag(ctx context.Context, tx *db.Tx, businessID business.ID, gone tag.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM link_tags WHERE business_id = $1 AND tag_id = $2`, businessID, gone)
	return err
}
