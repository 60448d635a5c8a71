package sending

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/web/dashboard/frame"
)

// Picked are the values with whoever is meant chosen.
func (d Pages) Picked(ctx context.Context, tx *db.Tx, scope *frame.Scope, v SendValues) (SendValues, error) {
	if v.To != ToOne {
		return v, nil
	}
	id, err := d.pickCustomer(ctx, tx, scope, v)
	v.Customer = string(id)
	return v, err
}

// pickAtOnce is how many customers a search offers.
const pickAtOnce = 20

// pickView is the answer while somebody types whom a link is for.
type pickView struct {
	Query  string
	People []customerChoice
	More   bool   // others match too
	Add    string // what was typed is an address or a number of nobody's yet
}

// Said tells the count to who does not see the list.
func (v pickView) Said(reader frame.Reader) string {
	if len(v.People) == 0 && v.Add == "" {
		return reader.T("Nobody found")
	}
	return reader.N(int64(len(v.People)), "{{.Count}} customer", "{{.Count}} customers")
}

// findCustomer answers with customers to choose from: by any part of name,
// e-mail address and phone number, the newest first.
func (d Pages) findCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := pickView{Query: frame.TypedQuery(r.URL.Query().Get("q"))}
	found, err := d.Customers.Find(r.Context(), d.DB, scope.Business.ID, v.Query, pickAtOnce+1)
	if err != nil {
		return err
	}
	if v.More = len(found) > pickAtOnce; v.More {
		found = found[:pickAtOnce]
	}
	v.People = customerChoices(scope.Reader, found, nil)
	if v.Query != "" {
		draft, ok := typedCustomer(scope, v.Query)
		id, err := d.Customers.WithEmail(r.Context(), d.DB, scope.Business.ID, draft.Email)
		if err != nil {
			return err
		}
		if ok && id == "" && (draft.Email != "" || len(found) == 0) {
			v.Add = v.Query
		}
	}
	return frame.Render(w, r, http.StatusOK, pickList(v))
}

// typedCustomer is a customer of whom only an e-mail address or a phone number
// is known, if that was typed.
func typedCustomer(scope *frame.Scope, typed string) (customer.Fields, bool) {
	if address, err := mailaddr.Parse(typed); err == nil {
		return customer.Fields{Email: address.Typed}, true
	}
	if strings.ContainsRune(typed, '@') {
		return customer.Fields{}, false
	}
	if number, refusal := customer.ParsePhone(typed, scope.Business); refusal == nil {
		return customer.Fields{Name: customer.ShownPhone(number), Phone: number}, true
	}
	return customer.Fields{}, false
}

// pickCustomer finds whom the fields of one recipient mean: the chosen customer,
// a new one, or whoever is typed; "" for nobody. Somebody new is stored in the
// transaction. What can't be told is an Invalid fault at "who" or at the fields
// of the new customer.
func (d Pages) pickCustomer(ctx context.Context, tx *db.Tx, scope *frame.Scope, v SendValues) (customer.ID, error) {
	switch {
	case v.To != ToOne:
		return "", nil
	case v.New != newCustomer{}:
		return d.addCustomer(ctx, tx, scope, customer.Fields{Name: v.New.Name, Email: v.New.Email, Phone: v.New.Phone}, "new_")
	case v.Customer != "" || !v.whoSent || v.Who == "":
		return customer.ID(v.Customer), nil
	}
	draft, isNew := typedCustomer(scope, v.Who)
	if draft.Email != "" {
		return d.addCustomer(ctx, tx, scope, draft, "who_")
	}
	found, err := d.Customers.Find(ctx, tx, scope.Business.ID, frame.TypedQuery(v.Who), pickAtOnce+1)
	switch {
	case err != nil:
		return "", err
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) == 0 && isNew:
		return d.addCustomer(ctx, tx, scope, draft, "who_")
	}
	var wrong fault.Fields
	if len(found) == 0 {
		wrong.Add("who", "customer.unknown", scope.T("There is no customer with “{{.Typed}}”. Type a whole email address or phone number, or add a new customer.", "Typed", v.Who))
	} else {
		wrong.Add("who", "customer.several", scope.T("More than one customer has “{{.Typed}}”. Choose one of them.", "Typed", v.Who))
	}
	return "", wrong.Err()
}

// addCustomer is the customer with the address, or a new one.
func (d Pages) addCustomer(ctx context.Context, tx *db.Tx, scope *frame.Scope, draft customer.Fields, prefix string) (customer.ID, error) {
	if id, err := d.Customers.WithEmail(ctx, tx, scope.Business.ID, draft.Email); err != nil || id != "" {
		return id, err
	}
	c, err := d.Customers.CreateTx(ctx, tx, scope.Business, draft)
	if !fault.Is(err, fault.Invalid) {
		return c.ID, err
	}
	var wrong fault.Fields
	for _, field := range fault.Of(err).Fields {
		wrong.Add(prefix+field.Name, field.Code, field.Message)
	}
	return "", wrong.Err()
}

// PickInputs maps what is wrong with a recipient to inputs.
func PickInputs() map[string]string {
	return map[string]string{"who": "customer", "who_name": "customer", "who_email": "customer", "who_phone": "customer"}
}

func customerChoices(reader frame.Reader, list []customer.Customer, chosen map[string]bool) (people []customerChoice) {
	for _, c := range list {
		people = append(people, customerChoice{string(c.ID), cmp.Or(c.Name, c.Email), contactOf(reader, c), chosen[string(c.ID)]})
	}
	return people
}

// fillPeople reads who may be ticked: the chosen ones first, then whoever the
// search finds, the newest first.
func (d Pages) fillPeople(ctx context.Context, scope *frame.Scope, v *SendView) error {
	chosen := map[string]bool{}
	var ids []customer.ID
	for _, id := range v.Values.Some {
		chosen[id] = true
		ids = append(ids, customer.ID(id))
	}
	known, err := d.Customers.ByIDs(ctx, scope.Business.ID, ids)
	if err != nil {
		return err
	}
	var ticked, others []customer.Customer
	for _, id := range ids {
		if c, ok := known[id]; ok {
			ticked = append(ticked, c)
		}
	}
	found, err := d.Customers.Find(ctx, d.DB, scope.Business.ID, frame.TypedQuery(v.Values.Find), peopleAtOnce+1)
	if err != nil {
		return err
	}
	v.MorePeople = len(found) > peopleAtOnce
	for _, c := range found[:min(len(found), peopleAtOnce)] {
		if !chosen[string(c.ID)] {
			others = append(others, c)
		}
	}
	v.People = customerChoices(scope.Reader, append(ticked, others...), chosen)
	return nil
}

// peopleAtOnce is how many customers can be ticked without another search.
const peopleAtOnce = 50

// showPeople answers, while somebody types, whom they may tick.
func (d Pages) showPeople(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := SendView{Values: SendValuesFrom(r.URL.Query())}
	if err := d.fillPeople(r.Context(), scope, &v); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, peopleList(v))
}

// finds lets the list of people follow what is typed.
func (v SendView) finds() templ.Attributes {
	return templ.Attributes{"hx-get": v.Base + "/customers/ticks", "hx-trigger": "input changed delay:150ms", "hx-target": "#send-people", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// newOpen tells whether the fields of a new customer hold something.
func (v SendView) newOpen() bool {
	return v.Values.New != newCustomer{} || v.Errors["new_name"]+v.Errors["new_email"]+v.Errors["new_phone"] != ""
}
