package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/text"
)

// outcome is what becomes of a line, by the name of its state in the database.
type outcome string

const (
	waiting  outcome = "waiting"
	created  outcome = "created"
	updated  outcome = "updated"
	kept     outcome = "kept"     // known already, and left as it is
	repeated outcome = "repeated" // an earlier line made it
	failed   outcome = "failed"
)

// verdict is what a line becomes, and of what.
type verdict struct {
	outcome     outcome
	problems    []Problem
	values      values
	customer    customer.Fields
	link        link.Fields
	past        payment.PastPayment
	known       string // the id of what is there already
	fingerprint string
	key         string // what no second line of the file may claim, "" for nothing
}

// judge says what becomes of a line as things stand. It writes nothing, so that
// the preview and the making of a line follow the same rules.
// alike is how many lines above this one say the same: only payments are told apart by that,
// because two people may pay the same on one day. paths are those that lines
// before it will have made, of a preview.
func (s *Imports) judge(ctx context.Context, r db.Reader, b business.Business, i Import, row Row, alike int64, paths map[string]bool) (v verdict, err error) {
	v = verdict{outcome: created, values: valuesOf(i.Fields, row.Cells)}
	v.fingerprint = v.values.fingerprint(i.Kind)
	v.values = v.values.inOrder(i.Kind, i.DateOrder)
	var unread fault.Fields
	switch i.Kind {
	case Customers:
		err = s.judgeCustomer(ctx, r, b, i, &v)
	case Payments:
		v.fingerprint += alikeMark + strconv.FormatInt(alike, 10)
		err = s.past(ctx, r, b, i, &v, &unread)
	default:
		err = s.judgeLink(ctx, r, b, &v, paths, &unread)
	}
	if err = v.refuse(unread, err); err != nil {
		return v, err
	}
	if len(row.Cells) > len(i.Header) {
		v.problems = append(v.problems, Problem{Message: "This line has more cells than the first line has columns."})
	}
	if len(v.problems) > 0 {
		v.outcome = failed
	}
	if !v.recognised(i) {
		return v, nil
	}
	made, err := s.madeBefore(ctx, r, b.ID, i.Kind, v.fingerprint)
	if made {
		v.outcome = repeated
	}
	return v, err
}

// recognised tells whether only its words can say that a line was here before:
// customers with an e-mail address are told apart by that.
func (v verdict) recognised(i Import) bool {
	return v.outcome == created && !i.Repeat && (i.Kind != Customers || v.key == "")
}

// alikeMark parts the fingerprint of a payment from how many lines above say the same.
const alikeMark = "#"

// alike counts the lines above one that say the same and have had their turn.
func (s *Imports) alike(ctx context.Context, r db.Reader, b business.Business, i Import, row Row) (n int64, err error) {
	if i.Kind != Payments {
		return 0, nil
	}
	mark := valuesOf(i.Fields, row.Cells).fingerprint(i.Kind) + alikeMark
	err = r.Get(ctx, &n, `SELECT COUNT(*) FROM import_rows WHERE business_id = $1 AND import_id = $2 AND line < $3 AND fingerprint LIKE $4`, b.ID, i.ID, row.Line, mark+"%")
	return n, err
}

func (s *Imports) judgeCustomer(ctx context.Context, r db.Reader, b business.Business, i Import, v *verdict) error {
	v.customer = v.values.customer()
	if err := customer.Check(b, v.customer); err != nil {
		return err
	}
	id, err := s.Customers.WithEmail(ctx, r, b.ID, v.customer.Email)
	if err != nil {
		return err
	}
	v.key, v.known = text.Fold(v.customer.Email), string(id)
	switch {
	case id != "" && i.UpdateKnown:
		v.outcome = updated
	case id != "":
		v.outcome = kept
	}
	return nil
}

func (s *Imports) judgeLink(ctx context.Context, r db.Reader, b business.Business, v *verdict, made map[string]bool, unread *fault.Fields) (err error) {
	if why := v.values["cannot"]; why != "" {
		v.problems = append(v.problems, Problem{Message: why})
		return nil
	}
	if v.link, err = s.link(ctx, r, b, v.values, unread); err != nil {
		return err
	}
	foretold, err := s.findNext(ctx, r, b, v, made, unread)
	if err != nil {
		return err
	}
	asked := v.link
	if foretold { // it is judged as one that leads somewhere
		if asked.WhenClosed.URL != "" {
			unread.Add("when_closed_url", "", "Choose either a link or an address to lead on to, not both.")
		}
		asked.WhenClosed.URL = foretoldURL
	}
	if err := s.Links.Check(ctx, r, b, asked); err != nil {
		return err
	}
	if v.link.Path == "" {
		return nil
	}
	id, err := s.Links.WithPath(ctx, r, b.ID, v.link.Path)
	if v.key, v.known = v.link.Path, string(id); id != "" {
		v.outcome = kept
	}
	return err
}

// refuse notes what is wrong with the line. Errors that are not about the line
// come back.
func (v *verdict) refuse(unread fault.Fields, err error) error {
	for _, f := range unread {
		v.problems = append(v.problems, Problem{f.Name, f.Message})
	}
	if err == nil {
		return nil
	}
	f := new(fault.Error)
	if !errors.As(err, &f) || f.Code != fault.Invalid && f.Code != fault.Conflict {
		return err
	}
	for _, field := range f.Fields {
		if name := column(field.Name); !unread.Has(name) {
			v.problems = append(v.problems, Problem{name, field.Message})
		}
	}
	if len(f.Fields) == 0 {
		v.problems = append(v.problems, Problem{Message: f.Message})
	}
	return nil
}

// column is the field of a line that the field of a link is read from.
func column(field string) string {
	switch field {
	case "amount.value":
		return "amount"
	case "amount.currency":
		return "currency"
	case "payer_amount.min", "payer_amount":
		return "least"
	case "payer_amount.max":
		return "most"
	case "product_id":
		return "product"
	case "customer_id":
		return "customer"
	case "limit.max", "limit.kind":
		return "limit"
	case "limit.counts":
		return "limit_counts"
	case "payer_amount.suggestions":
		return "suggestions"
	case "when_closed.message", "when_closed.next", "when_closed.url", "when_closed.redirect":
		return strings.Replace(field, ".", "_", 1)
	case "after_payment.redirect_url":
		return "redirect_url"
	case "after_payment.apply_tag":
		return "apply_tag"
	case "after_payment.remove_tag":
		return "remove_tag"
	}
	if part, _, _ := strings.Cut(field, "."); slices.Contains(askedParts, strings.TrimRight(part, "[]0123456789")) {
		return "asked"
	}
	return field
}

// askedParts are the members of a link that say what payers are asked.
var askedParts = []string{"quantity", "questions", "collect", "consent", "marketing", "tip", "cover_fee", "methods", "metadata"}

// fingerprint tells lines apart by what they say, whatever the order and the
// names of the columns.
func (v values) fingerprint(k Kind) string {
	said := map[string]string{}
	if v["origin"] != "" { // what it is says where it comes from, whatever was changed there since
		v = values{"origin": v["origin"]}
	}
	for field, cell := range v {
		if cell != "" && (k != Payments || !mayChange(field)) {
			said[field] = cell
		}
	}
	// Maps of texts are always marshalled, with sorted keys.
	words, _ := json.Marshal(said)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s", k, words))
	return hex.EncodeToString(sum[:])
}

// mayChange tells whether a line of a past payment may say something else in a field and be
// the same payment: what becomes of one later, as when it is refunded, makes no other one of
// it, and all that count are of one mode.
func mayChange(field string) bool {
	return field == "status" || field == "refunded" || slices.Contains(modeFields, field)
}

// madeBefore reports whether such a line made something that is still there.
func (s *Imports) madeBefore(ctx context.Context, r db.Reader, businessID business.ID, k Kind, fingerprint string) (made bool, err error) {
	there := `SELECT 1 FROM customers t WHERE t.business_id = $1 AND t.id = i.object_id`
	switch k {
	case Payments:
		there = `SELECT 1 FROM past_payments t WHERE t.business_id = $1 AND t.id = i.object_id`
	case Links:
		there = `SELECT 1 FROM links t WHERE t.business_id = $1 AND t.id = i.object_id AND t.deleted_at IS NULL`
	}
	err = r.Get(ctx, &made, `SELECT EXISTS (SELECT 1 FROM import_rows i WHERE i.business_id = $1 AND i.fingerprint = $2 AND i.state = 'created' AND EXISTS (`+there+`))`,
		businessID, fingerprint)
	return made, err
}
