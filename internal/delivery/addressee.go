package delivery

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// Addressee is to whom a message went, as the page that it leads to needs it.
type Addressee struct {
	RecipientID RecipientID
	LinkID      link.ID
	CustomerID  customer.ID // "" once they were deleted; the one that stays of two that were merged
	Name        string      // "" when nothing but an address is known
	Email       string
	EmailFolded string
	SentAt      time.Time // when this message went
	Since       time.Time // when what it asks for was first sent: reminders come later
	OptedOut    bool
}

// AddresseeOf finds to whom a message went by its token; false when it is no
// token of the business.
func (s *Deliveries) AddresseeOf(ctx context.Context, businessID business.ID, token string) (a Addressee, found bool, err error) {
	var r struct {
		RecipientID              RecipientID
		LinkID                   link.ID
		CustomerID               *customer.ID
		Name, Email, EmailFolded string
		SentAt, Since            db.Time
		OptedOut                 bool
	}
	err = s.DB.Get(ctx, &r, `SELECT s.recipient_id, s.link_id, r.customer_id, COALESCE(c.name, '') AS name, COALESCE(c.email, '') AS email,
			COALESCE(c.email_folded, '') AS email_folded, s.at AS sent_at,
			COALESCE((SELECT MAX(f.at) FROM sends f WHERE f.recipient_id = s.recipient_id AND f.kind = 'send' AND f.at <= s.at), s.at) AS since,
			EXISTS (SELECT 1 FROM suppressions o WHERE o.business_id = d.business_id AND o.cause = 'opt_out' AND (
				o.channel = 'email' AND o.address = c.email_folded OR o.channel = 'sms' AND o.address = c.phone)) AS opted_out
		FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN recipients r ON r.id = s.recipient_id
		LEFT JOIN customers c ON c.id = r.customer_id AND c.business_id = d.business_id WHERE d.business_id = $1 AND d.token = $2`, businessID, token)
	if errors.Is(err, db.ErrNoRows) {
		return Addressee{}, false, nil
	}
	a = Addressee{RecipientID: r.RecipientID, LinkID: r.LinkID, Name: r.Name, Email: r.Email, EmailFolded: r.EmailFolded, SentAt: r.SentAt.Time, Since: r.Since.Time, OptedOut: r.OptedOut}
	if r.CustomerID != nil {
		a.CustomerID = *r.CustomerID
	}
	if a.Name == a.Email {
		a.Name = ""
	}
	return a, err == nil, err
}
