package dashboard

import (
	"context"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// sendView is the part of a form that says to whom a link is sent, and how.
type sendView struct {
	Errors     map[string]string
	Values     sendValues
	PartHref   string // answers what changes with the chosen customer
	Preview    string // shows what the recipient will see
	Length     smsLengthView
	Must       bool // it is what the form is for: not to send is no choice
	Base       string
	Label      string       // of the chosen customer
	None       bool         // the business has no customers
	Matches    []personTick // of what was typed instead of choosing
	People     []personTick // who may be ticked
	MorePeople bool         // there are others
	Tags       []ui.Option
	ByOptions  []ui.Option
	Warnings   []sendWarning
}

// personTick is a customer who can be ticked.
type personTick struct {
	ID, Name, Contact string
	Checked           bool
}

// sendWarning says why a way is closed, and where to mend it.
type sendWarning struct{ Text, Href, Label string }

// fillSend reads whom a link may be sent to, and how the chosen one can be
// reached.
func (d *Dashboard) fillSend(ctx context.Context, at *room, v *sendView) error {
	if v.Length.Text == "" {
		v.Length.Text = lengthRule
	}
	if err := d.fillPeople(ctx, at, v); err != nil {
		return err
	}
	v.None = len(v.People) == 0 && v.Values.Find == ""
	v.Base = at.Base
	if v.Values.Customer == "" && v.Values.Who != "" {
		matches, err := d.Customers.Find(ctx, d.DB, at.Business.ID, typedQuery(v.Values.Who), pickAtOnce)
		if err != nil {
			return err
		}
		v.Matches = personTicks(matches, nil)
	}
	tags, err := d.Tags.List(ctx, at.Business.ID, tag.OfCustomers)
	if err != nil {
		return err
	}
	for _, t := range tags {
		v.Tags = append(v.Tags, ui.Option{Value: t.Name, Label: t.Name + " – " + counted(t.Count, "customer", "customers")})
	}
	if v.Values.Key == "" {
		if v.Values.Key, err = secret.Short(d.DB.Random()); err != nil {
			return err
		}
	}
	return d.fillWays(ctx, at, v)
}

// contactOf is how a customer can be reached, in a line.
func contactOf(c customer.Customer) string {
	email, phone := c.Email, customer.ShownPhone(c.Phone)
	switch {
	case email == "" && c.Phone == "":
		return "No email address and no phone number"
	case email == "":
		return phone
	case c.Phone == "":
		return email
	}
	return email + " · " + phone
}

// fillWays opens the ways that exist. One customer's are known; of several it
// is known only whether there is a gateway.
func (d *Dashboard) fillWays(ctx context.Context, at *room, v *sendView) error {
	who, one := delivery.Someone(), false
	if v.Values.To == toOne && v.Values.Customer != "" {
		c, err := d.Customers.Get(ctx, at.Business.ID, customer.ID(v.Values.Customer))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			who, one = c, true
		}
	}
	reach, err := d.Deliveries.Reach(ctx, d.DB, at.Business, who)
	if err != nil {
		return err
	}
	if v.Label = v.Values.Who; one {
		v.Label = labelOfCustomer(who)
	}
	if !one { // what is known against a made-up address means nothing
		reach.Email, reach.SMS = onlyGateway(reach.Email), onlyGateway(reach.SMS)
	}
	v.ByOptions = byOptions(reach, v.Must)
	v.Warnings = warningsOf(at, who, reach)
	return nil
}

func onlyGateway(w delivery.Way) delivery.Way {
	if w.Obstacle != delivery.NoGateway {
		return delivery.Way{}
	}
	return w
}

func byOptions(r delivery.Reach, must bool) []ui.Option {
	options := []ui.Option{
		{Value: byEmail, Label: "Email", Icon: "mail", Disabled: !r.Email.Possible()},
		{Value: bySMS, Label: "SMS", Icon: "message-square", Disabled: !r.SMS.Possible()},
		{Value: byBoth, Label: "Both", Icon: "messages-square", Disabled: !r.Email.Possible() || !r.SMS.Possible()},
	}
	if !must {
		options = append([]ui.Option{{Value: "", Label: "Not now", Icon: "ban"}}, options...)
	}
	return options
}

// warningsOf says what closes each way, with the place to mend it.
func warningsOf(at *room, c customer.Customer, r delivery.Reach) (all []sendWarning) {
	for _, way := range []delivery.Way{r.Email, r.SMS} {
		if way.Possible() {
			continue
		}
		w := sendWarning{Text: way.Why}
		switch {
		case way.Obstacle == delivery.NoAddress, way.Obstacle == delivery.Bounced:
			w.Href, w.Label = at.Base+"/customers/"+string(c.ID)+"/edit", "Edit customer"
		case way.Obstacle == delivery.NoGateway && at.mayManage():
			w.Href, w.Label = at.Base+"/settings", "Open settings"
		}
		all = append(all, w)
	}
	return all
}

// suggestWay chooses e-mail for a customer who was chosen just now, if nothing
// was chosen before and it can be.
func (v *sendView) suggestWay() {
	if v.Values.By != "" || v.Values.To == toOne && v.Values.Customer == "" {
		return
	}
	for _, o := range v.ByOptions {
		if o.Value != "" && !o.Disabled {
			v.Values.By = o.Value
			return
		}
	}
}

// ByValue is the chosen way; one that is closed is none.
func (v sendView) ByValue() string {
	for _, o := range v.ByOptions {
		if o.Value == v.Values.By && !o.Disabled {
			return v.Values.By
		}
	}
	return ""
}

// TagOptions are the tags of customers.
func (v sendView) TagOptions() []ui.Option {
	return append([]ui.Option{{Value: "", Label: "Choose a tag"}}, v.Tags...)
}
