package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
)

// pickAtOnce is how many customers a search offers.
const pickAtOnce = 20

// pickView is the answer while somebody types whom a link is for.
type pickView struct {
	Query  string
	People []personTick
	More   bool   // others match too
	Add    string // what was typed is an address or a number of nobody's yet
}

// Said tells the count to who does not see the list.
func (v pickView) Said() string {
	if len(v.People) == 0 && v.Add == "" {
		return "Nobody found"
	}
	return counted(int64(len(v.People)), "customer", "customers")
}

// findCustomer answers with customers to choose from: by any part of name,
// e-mail address and phone number, the newest first.
func (d *Dashboard) findCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	v := pickView{Query: typedQuery(r.URL.Query().Get("q"))}
	found, err := d.Customers.Find(r.Context(), d.DB, at.Business.ID, v.Query, pickAtOnce+1)
	if err != nil {
		return err
	}
	if v.More = len(found) > pickAtOnce; v.More {
		found = found[:pickAtOnce]
	}
	v.People = personTicks(found, nil)
	if v.Query != "" {
		draft, ok := typedCustomer(at, v.Query)
		id, err := d.Customers.WithEmail(r.Context(), d.DB, at.Business.ID, draft.Email)
		if err != nil {
			return err
		}
		if ok && id == "" && (draft.Email != "" || len(found) == 0) {
			v.Add = v.Query
		}
	}
	return render(w, r, http.StatusOK, pickList(v))
}

// typedQuery is a query as databases take it: short, without what is no text.
func typedQuery(q string) string {
	q = strings.ToValidUTF8(strings.ReplaceAll(q, "\x00", ""), "")
	if len(q) > maxQuery {
		q = strings.ToValidUTF8(q[:maxQuery], "")
	}
	return strings.TrimSpace(q)
}

// typedCustomer is a customer of whom only an e-mail address or a phone number
// is known, if that was typed.
func typedCustomer(at *room, typed string) (customer.Draft, bool) {
	if address, err := mailaddr.Parse(typed); err == nil {
		return customer.Draft{Email: address.Typed}, true
	}
	if strings.ContainsRune(typed, '@') {
		return customer.Draft{}, false
	}
	if number, refusal := customer.ParsePhone(typed, at.Business); refusal == nil {
		return customer.Draft{Name: customer.ShownPhone(number), Phone: number}, true
	}
	return customer.Draft{}, false
}

// pickCustomer finds whom the fields of one recipient mean: the chosen customer,
// a new one, or whoever is typed; "" for nobody. Somebody new is stored in the
// transaction. What can't be told is an Invalid fault at "who" or at the fields
// of the new customer.
func (d *Dashboard) pickCustomer(ctx context.Context, tx *db.Tx, at *room, v sendValues) (customer.ID, error) {
	switch {
	case v.To != toOne:
		return "", nil
	case v.New != newCustomer{}:
		return d.addCustomer(ctx, tx, at, customer.Draft{Name: v.New.Name, Email: v.New.Email, Phone: v.New.Phone}, "new_")
	case v.Customer != "" || !v.whoSent || v.Who == "":
		return customer.ID(v.Customer), nil
	}
	draft, isNew := typedCustomer(at, v.Who)
	if draft.Email != "" {
		return d.addCustomer(ctx, tx, at, draft, "who_")
	}
	found, err := d.Customers.Find(ctx, tx, at.Business.ID, typedQuery(v.Who), pickAtOnce+1)
	switch {
	case err != nil:
		return "", err
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) == 0 && isNew:
		return d.addCustomer(ctx, tx, at, draft, "who_")
	}
	var wrong fault.Fields
	if len(found) == 0 {
		wrong.Add("who", "customer.unknown", fmt.Sprintf("There is no customer with “%s”. Type a whole email address or phone number, or add a new customer.", v.Who))
	} else {
		wrong.Add("who", "customer.several", fmt.Sprintf("More than one customer has “%s”. Choose one of them.", v.Who))
	}
	return "", wrong.Err()
}

// addCustomer is the customer with the address, or a new one.
func (d *Dashboard) addCustomer(ctx context.Context, tx *db.Tx, at *room, draft customer.Draft, prefix string) (customer.ID, error) {
	if id, err := d.Customers.WithEmail(ctx, tx, at.Business.ID, draft.Email); err != nil || id != "" {
		return id, err
	}
	c, err := d.Customers.CreateTx(ctx, tx, at.Business, draft)
	if !fault.Is(err, fault.Invalid) {
		return c.ID, err
	}
	var wrong fault.Fields
	for _, field := range fault.Of(err).Fields {
		wrong.Add(prefix+field.Name, field.Code, field.Message)
	}
	return "", wrong.Err()
}

// pickInputs maps what is wrong with a recipient to inputs.
func pickInputs() map[string]string {
	return map[string]string{"who": "customer", "who_name": "customer", "who_email": "customer", "who_phone": "customer"}
}

func personTicks(list []customer.Customer, chosen map[string]bool) (people []personTick) {
	for _, c := range list {
		people = append(people, personTick{string(c.ID), firstOf(c.Name, c.Email), contactOf(c), chosen[string(c.ID)]})
	}
	return people
}

// fillPeople reads who may be ticked: the chosen ones first, then whoever the
// search finds, the newest first.
func (d *Dashboard) fillPeople(ctx context.Context, at *room, v *sendView) error {
	chosen := map[string]bool{}
	var ids []customer.ID
	for _, id := range v.Values.Some {
		chosen[id] = true
		ids = append(ids, customer.ID(id))
	}
	known, err := d.Customers.ByIDs(ctx, at.Business.ID, ids)
	if err != nil {
		return err
	}
	var ticked, others []customer.Customer
	for _, id := range ids {
		if c, ok := known[id]; ok {
			ticked = append(ticked, c)
		}
	}
	found, err := d.Customers.Find(ctx, d.DB, at.Business.ID, typedQuery(v.Values.Find), peopleAtOnce+1)
	if err != nil {
		return err
	}
	v.MorePeople = len(found) > peopleAtOnce
	for _, c := range found[:min(len(found), peopleAtOnce)] {
		if !chosen[string(c.ID)] {
			others = append(others, c)
		}
	}
	v.People = personTicks(append(ticked, others...), chosen)
	return nil
}

// peopleAtOnce is how many customers can be ticked without another search.
const peopleAtOnce = 50

// showPeople answers, while somebody types, whom they may tick.
func (d *Dashboard) showPeople(w http.ResponseWriter, r *http.Request, at *room) error {
	v := sendView{Values: sendValuesFrom(r.URL.Query())}
	if err := d.fillPeople(r.Context(), at, &v); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, peopleList(v))
}

// finds lets the list of people follow what is typed.
func (v sendView) finds() templ.Attributes {
	return templ.Attributes{"hx-get": v.Base + "/customers/ticks", "hx-trigger": "input changed delay:150ms", "hx-target": "#send-people", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// newOpen tells whether the fields of a new customer hold something.
func (v sendView) newOpen() bool {
	return v.Values.New != newCustomer{} || v.Errors["new_name"]+v.Errors["new_email"]+v.Errors["new_phone"] != ""
}
