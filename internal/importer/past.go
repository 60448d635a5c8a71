package importer

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
	"smartlinks/internal/visit"
)

// What a line of a past payment may say.
var (
	pastTitle     = text.Rule{Most: 200}
	pastReference = text.Rule{Most: 80}
	pastMethod    = text.Rule{Most: 40}
)

// past reads a past payment. What can't be read, or isn't there, is noted in unread.
func (s *Imports) past(ctx context.Context, r db.Reader, b business.Business, i Import, v *verdict, unread *fault.Fields) error {
	if !cameIn(v, unread) || !ofMode(v.values, b.Mode, unread) {
		return nil
	}
	p := payment.PastPayment{BusinessID: b.ID, Mode: b.Mode, Title: pastTitle.Clean("title", v.values["title"], unread.Add),
		Reference: pastReference.Clean("reference", v.values["reference"], unread.Add), Method: pastMethod.Clean("method", v.values["method"], unread.Add)}
	var ok bool
	if p.PaidAt, ok = payment.DayOfPayment(dayIn(v.values["date"], clockOfColumn(i, "date", b), b), s.DB.Clock().Now(), b.Location()); !ok {
		unread.Add("date", "", "Write the day on which the money came, like 2026-03-01, not later than today.")
	}
	currency := b.Currency
	if v.values["currency"] != "" {
		currency = money.Currency(strings.ToUpper(v.values["currency"]))
	}
	if v.values["link"] != "" {
		l, err := s.linkNamed(ctx, r, b, v.values["link"], unread)
		if err != nil {
			return err
		}
		if p.LinkID = l.ID; l.ProductID != nil {
			p.ProductID = *l.ProductID
		}
		if p.Title == "" {
			p.Title = l.Name
		}
		switch {
		case l.ID == "":
		case v.values["currency"] == "":
			currency = l.Currency
		case currency != l.Currency:
			unread.Add("currency", "", "This link is paid in another currency.")
		}
	}
	if name := v.values["product"]; name != "" && p.LinkID == "" {
		found, err := s.Products.Named(ctx, r, b.ID, name)
		if err != nil {
			return err
		}
		switch len(found) {
		case 1:
			p.ProductID = found[0]
		case 0:
			unread.Add("product", "", "No product of your catalogue has this name.")
		default:
			unread.Add("product", "", "Several products have this name. Write the product’s id instead.")
		}
		if p.Title == "" {
			p.Title = name
		}
	}
	if p.LinkID == "" && currency != b.Currency && currency.Check() == nil {
		unread.Add("currency", "", "Without a link, a payment counts in your own currency. Name its link, or leave it out.")
	}
	p.Amount = pastAmount(v.values["amount"], currency, b, unread)
	p.Amount.Minor -= pastRefund(v.values["refunded"], p.Amount, b, unread)
	v.past = p
	return s.pastCustomer(ctx, r, b, v)
}

func pastAmount(typed string, currency money.Currency, b business.Business, unread *fault.Fields) money.Amount {
	if err := currency.Check(); err != nil {
		unread.Add("currency", "", err.Error()) // a sentence for people
		return money.Amount{}
	}
	amount, err := money.ParseTypedIn(typed, currency, b.Locale)
	switch {
	case err != nil:
		unread.Add("amount", "", err.Error()) // a sentence for people
	case amount.Minor <= 0:
		unread.Add("amount", "", "Enter an amount above zero.")
	}
	return amount
}

// pastRefund is how much of an amount went back. The rest is what came.
func pastRefund(typed string, of money.Amount, b business.Business, unread *fault.Fields) int64 {
	if of.Minor <= 0 || strings.Trim(typed, "-0.,") == "" {
		return 0
	}
	back, err := money.ParseTypedIn(strings.TrimPrefix(typed, "-"), of.Currency, b.Locale)
	switch {
	case err != nil:
		unread.Add("refunded", "", err.Error()) // a sentence for people
	case back.Minor >= of.Minor:
		unread.Add("refunded", "", "All of it went back, so there is nothing to count.")
	default:
		return back.Minor
	}
	return 0
}

// Lists of other programs, and our own, also hold what was only tried. What is said of a line
// must be one of these words for it to count.
var (
	pastPaid     = []string{"paid", "partiallyrefunded", "partlyrefunded", "succeeded", "success", "successful", "completed", "complete", "captured", "settled", "paidout", "betaald", "bezahlt", "paye", "payee", "pagado", "pagada", "مدفوع"}
	pastGaveBack = []string{"refunded"} // counts by what is left, where the line says how much went back
)

// cameIn tells whether a line is of money that came, and notes when it is not.
func cameIn(v *verdict, unread *fault.Fields) bool {
	said := v.values["status"]
	word := bare(said)
	if said == "" || slices.Contains(pastPaid, word) || slices.Contains(pastGaveBack, word) && strings.ContainsAny(v.values["refunded"], "123456789") {
		return true
	}
	unread.Add("status", "", fmt.Sprintf("Only lines that were paid count, and this one says “%s”.", said))
	return false
}

// dayIn is the day on which a text falls for the business. A time may stand behind it, and is
// of the zone unless it names one itself.
func dayIn(typed string, zone *time.Location, b business.Business) string {
	if at, err := calendar.ParseLocal(strings.Replace(typed, " ", "T", 1), zone); err == nil {
		return at.In(b.Location()).Format(time.DateOnly)
	}
	for _, layout := range withZone {
		if at, err := time.Parse(layout, typed); err == nil {
			return at.In(b.Location()).Format(time.DateOnly)
		}
	}
	return typed
}

// withZone are the times with a zone that shops and databases write, beside RFC 3339.
var withZone = []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-07"}

// clockOfColumn is the zone of a column's times: the business's, unless its name says UTC, as
// in Stripe's "Created date (UTC)".
func clockOfColumn(i Import, field string, b business.Business) *time.Location {
	at := slices.Index(i.Fields, field)
	if at >= 0 && at < len(i.Header) && inUTC.MatchString(i.Header[at]) {
		return time.UTC
	}
	return b.Location()
}

var inUTC = regexp.MustCompile(`(?i)(^|[^a-z])(utc|gmt)[^a-z]*$`)

// linkNamed finds a link by its path, or by its name if no other has it.
func (s *Imports) linkNamed(ctx context.Context, r db.Reader, b business.Business, said string, unread *fault.Fields) (found pastLink, err error) {
	id, err := s.Links.WithPath(ctx, r, b.ID, strings.TrimPrefix(said, "/"))
	if err != nil {
		return found, err
	}
	if id == "" {
		var ids []link.ID
		if err := r.Select(ctx, &ids, `SELECT id FROM links WHERE business_id = $1 AND name = $2 AND deleted_at IS NULL ORDER BY id LIMIT 2`, b.ID, said); err != nil {
			return found, err
		}
		switch len(ids) {
		case 1:
			id = ids[0]
		case 0:
			unread.Add("link", "", "No link has this path or name.")
			return found, nil
		default:
			unread.Add("link", "", "Several links have this name. Write the path of the one instead.")
			return found, nil
		}
	}
	err = r.Get(ctx, &found, `SELECT id, product_id, name, currency FROM links WHERE business_id = $1 AND id = $2`, b.ID, id)
	return found, err
}

// pastLink is what a past payment needs to know of its link.
type pastLink struct {
	ID        link.ID
	ProductID *product.ID
	Name      string
	Currency  money.Currency
}

// pastCustomer finds whose the payment was by the e-mail address, or makes ready to add them.
func (s *Imports) pastCustomer(ctx context.Context, r db.Reader, b business.Business, v *verdict) error {
	v.customer = customer.Fields{Name: v.values["name"], Email: v.values["email"]}
	if v.customer.Name == "" && v.customer.Email == "" {
		return nil
	}
	if v.customer.Name == "" {
		v.customer.Name = v.customer.Email
	}
	if err := customer.Check(b, v.customer); err != nil {
		return err
	}
	if v.customer.Email == "" {
		v.customer = customer.Fields{} // a name alone is nobody's in particular
		return nil
	}
	id, err := s.Customers.WithEmail(ctx, r, b.ID, v.customer.Email)
	v.past.CustomerID = id
	return err
}

// takePast books a past payment, and adds its customer where they are new.
func (s *Imports) takePast(ctx context.Context, tx *db.Tx, b business.Business, v *verdict) error {
	if v.past.CustomerID == "" && v.customer.Email != "" {
		c, err := s.Customers.CreateQuietlyTx(ctx, tx, b, v.customer)
		if err != nil {
			return err
		}
		v.past.CustomerID = c.ID
	}
	id, err := s.Payments.AddPastTx(ctx, tx, v.past)
	if err != nil {
		return err
	}
	v.known = string(id)
	return visit.CountPastPayment(ctx, tx, v.past)
}
