package history

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/product"
)

// PayerQuery asks what a payer has going already at what is sold.
type PayerQuery struct {
	BusinessID business.ID
	Mode       business.Mode
	LinkID     link.ID    // "" without a link
	ProductID  product.ID // "" without a product; it doesn't count beside a link
	BrowserKey string     // of the browser, "" without a cookie
	Request    *Request   // that led here, nil without one
}

// Request is a link that was sent to one recipient, of which they may pay once.
type Request struct {
	Recipient string      // the recipient's id
	Customer  customer.ID // who they are, "" once they were deleted
	Email     string      // theirs, folded; "" without one
	Since     time.Time   // what was paid before it was sent is not for it
	Once      bool        // of a one-time link any payment is for it
}

// PayerStatuses is what a payer has going.
type PayerStatuses struct {
	Mine   PayerStatus // by this browser
	Theirs PayerStatus // for the request, by another browser: of whoever that is
}

// PayerStatus is how the attempts of one payer at one thing stand; each is nil
// without one.
type PayerStatus struct {
	UnderWay *View // money is on its way, or a person must look: nothing may be paid
	Open     *View // the checkout can still be paid
	Closing  *View // the newest: the provider is asked whether it was paid
	Paid     *View // the newest that was paid and not given back
	Returned *View // the newest: it was paid when no slot was left
	Ended    *View // the newest: it came to nothing
}

// Live is an attempt of which the provider may know more by now; nil without one.
func (s PayerStatus) Live() *View {
	for _, v := range []*View{s.Open, s.Closing, s.UnderWay} {
		if v != nil && v.Unsettled() {
			return v
		}
	}
	return nil
}

// PayerStatuses tells what a payer has going.
func (r *Reader) PayerStatuses(ctx context.Context, q PayerQuery) (PayerStatuses, error) {
	o := ReadPayer(q, r.db.Clock().Now())
	err := r.db.Batch(ctx, o.Statements...)
	return o.Statuses(), err
}

// Settled reports whether there is nothing left to pay.
func (s PayerStatus) Settled() bool { return s.Paid != nil || s.UnderWay != nil }

// maxPayerAttempts bounds how many attempts are read; what matters is among the newest.
const maxPayerAttempts = `20`

// PayerRead asks what a payer has going, by statements that somebody else sends.
type PayerRead struct {
	Statements   []*db.Statement
	mine, theirs []viewRow
	now          time.Time
}

// ReadPayer makes the statements; now is the application's time.
func ReadPayer(q PayerQuery, now time.Time) *PayerRead {
	o := &PayerRead{now: now}
	if q.BrowserKey != "" {
		where, last := ` AND a.link_id IS NULL AND a.product_id IS NULL`, []any(nil)
		switch {
		case q.LinkID != "":
			where, last = ` AND a.link_id = $4`, []any{q.LinkID}
		case q.ProductID != "":
			where, last = ` AND a.link_id IS NULL AND a.product_id = $4`, []any{q.ProductID}
		}
		o.Statements = append(o.Statements, newestOf(&o.mine, ` WHERE a.business_id = $1 AND a.mode = $2 AND a.browser_key = $3 AND a.browser_key <> ''`+where,
			append([]any{q.BusinessID, q.Mode, q.BrowserKey}, last...)...))
	}
	if q.Request != nil && q.LinkID != "" {
		o.Statements = append(o.Statements, newestOf(&o.theirs, ofRequest, q.BusinessID, q.LinkID, q.Mode, q.Request.Recipient, db.OrNull(q.Request.Customer), q.Request.Email,
			db.At(q.Request.Since), q.Request.Once, q.BrowserKey))
	}
	return o
}

// Statuses is what they have going, once the statements were sent.
func (o *PayerRead) Statuses() PayerStatuses {
	return PayerStatuses{payerStatusOf(views(o.mine), o.now), payerStatusOf(views(o.theirs), o.now)}
}

// ofRequest narrows attempts to those for a request: that came by one of its
// messages, are the customer's, or carry their address. Each part has an index.
// $1 business, $2 link, $3 mode, $4 recipient, $5 customer, $6 folded address, $7
// since, $8 whether any payment counts, $9 the browser, whose own are not theirs.
const ofRequest = ` WHERE a.business_id = $1 AND a.mode = $3 AND a.created_at >= $7 AND (a.browser_key = '' OR a.browser_key <> $9) AND a.id IN (
	SELECT t.id FROM attempts t WHERE t.link_id = $2 AND t.recipient_token <> '' AND t.recipient_token IN (
		SELECT d.token FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE s.recipient_id = $4)
	UNION SELECT m.id FROM payments m WHERE m.business_id = $1 AND m.customer_id = $5 AND m.mode = $3 AND m.link_id = $2
	UNION SELECT e.id FROM attempts e WHERE e.business_id = $1 AND e.mode = $3 AND e.payer_email_folded = $6 AND e.payer_email_folded <> '' AND e.link_id = $2
	UNION SELECT o.id FROM payments o WHERE $8 AND o.link_id = $2 AND o.mode = $3)`

// newestOf asks for attempts, the newest first.
func newestOf(into *[]viewRow, where string, arguments ...any) *db.Statement {
	return db.All(into, `SELECT `+ViewColumns+ViewTables+where+` ORDER BY a.id DESC LIMIT `+maxPayerAttempts, arguments...)
}

func views(rows []viewRow) []View {
	all := make([]View, len(rows))
	for i, r := range rows {
		all[i] = r.view()
	}
	return all
}

// payerStatusOf sorts attempts, the newest first.
func payerStatusOf(views []View, now time.Time) (s PayerStatus) {
	first := func(to **View, v *View) {
		if *to == nil {
			*to = v
		}
	}
	for i := range views {
		v, newest := &views[i], i == 0
		switch v.Status() {
		case StatusPending:
			first(&s.UnderWay, v)
		case StatusReview:
			if !v.resolved {
				first(&s.UnderWay, v)
			}
		case StatusPaid, StatusPartiallyRefunded:
			first(&s.Paid, v)
		case StatusOpen:
			if (v.State == attempt.Open || v.State == attempt.Creating) && now.Before(v.HoldUntil) {
				first(&s.Open, v)
			} else if newest {
				s.Closing = v
			}
		case StatusOverflow:
			if newest {
				s.Returned = v
			}
		case StatusFailed, StatusCanceled, StatusExpired:
			if newest {
				s.Ended = v
			}
		}
	}
	return s
}
