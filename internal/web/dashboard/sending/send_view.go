package sending

import (
	"context"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// SendView is the part of a form that says to whom a link is sent, and how.
type SendView struct {
	Errors     map[string]string
	Values     SendValues
	PartHref   string // answers what changes with the chosen customer
	Preview    string // shows what the recipient will see
	Length     smsLengthView
	Must       bool // it is what the form is for: not to send is no choice
	Base       string
	Label      string           // of the chosen customer
	None       bool             // the business has no customers
	Matches    []customerChoice // of what was typed instead of choosing
	People     []customerChoice // who may be ticked
	MorePeople bool             // there are others
	Tags       []ui.Option
	ByOptions  []ui.Option
	Warnings   []sendWarning
}

// customerChoice is a customer who can be ticked.
type customerChoice struct {
	ID, Name, Contact string
	Checked           bool
}

// sendWarning says why a way is closed, and where to mend it.
type sendWarning struct{ Text, Href, Label string }

// FillSend reads whom a link may be sent to, and how the chosen one can be
// reached.
func (d Pages) FillSend(ctx context.Context, scope *frame.Scope, v *SendView) error {
	if v.Length.Text == "" {
		v.Length.Text = lengthRule(scope.Reader)
	}
	if err := d.fillPeople(ctx, scope, v); err != nil {
		return err
	}
	v.None = len(v.People) == 0 && v.Values.Find == ""
	v.Base = scope.Base
	if v.Values.Customer == "" && v.Values.Who != "" {
		matches, err := d.Customers.Find(ctx, d.DB, scope.Business.ID, frame.TypedQuery(v.Values.Who), pickAtOnce)
		if err != nil {
			return err
		}
		v.Matches = customerChoices(scope.Reader, matches, nil)
	}
	tags, err := d.TagsOf(ctx, scope, tag.OfCustomers)
	if err != nil {
		return err
	}
	for _, t := range tags {
		v.Tags = append(v.Tags, ui.Option{Value: t.Name, Label: t.Name + " – " + scope.N(t.Count, "{{.Count}} customer", "{{.Count}} customers")})
	}
	if v.Values.Key == "" {
		if v.Values.Key, err = secret.Short(d.DB.Random()); err != nil {
			return err
		}
	}
	return d.FillWays(ctx, scope, v)
}

// contactOf is how a customer can be reached, in a line.
func contactOf(reader frame.Reader, c customer.Customer) string {
	email, phone := c.Email, customer.ShownPhone(c.Phone)
	switch {
	case email == "" && c.Phone == "":
		return reader.T("No email address and no phone number")
	case email == "":
		return phone
	case c.Phone == "":
		return email
	}
	return reader.Line(email, phone)
}

// FillWays opens the ways that exist. One customer's are known; of several it
// is known only whether there is a gateway.
func (d Pages) FillWays(ctx context.Context, scope *frame.Scope, v *SendView) error {
	who, one := delivery.Someone(), false
	if v.Values.To == ToOne && v.Values.Customer != "" {
		c, err := d.CustomerOf(ctx, scope, customer.ID(v.Values.Customer))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			who, one = c, true
		}
	}
	reach, err := d.Deliveries.Reach(ctx, d.DB, scope.Business, who)
	if err != nil {
		return err
	}
	if v.Label = v.Values.Who; one {
		v.Label = frame.LabelOfCustomer(who)
	}
	if !one { // what is known against a made-up address means nothing
		reach.Email, reach.SMS = onlyGateway(reach.Email), onlyGateway(reach.SMS)
	}
	v.ByOptions = byOptions(scope.Reader, reach, v.Must)
	v.Warnings = warningsOf(scope, who, reach)
	return nil
}

func onlyGateway(w delivery.Way) delivery.Way {
	if w.Obstacle != delivery.NoGateway {
		return delivery.Way{}
	}
	return w
}

func byOptions(reader frame.Reader, r delivery.Reach, must bool) []ui.Option {
	options := []ui.Option{
		{Value: byEmail, Label: reader.T("Email"), Icon: "mail", Disabled: !r.Email.Possible()},
		{Value: bySMS, Label: "SMS", Icon: "message-square", Disabled: !r.SMS.Possible()},
		{Value: byBoth, Label: reader.T("Both"), Icon: "messages-square", Disabled: !r.Email.Possible() || !r.SMS.Possible()},
	}
	if !must {
		options = append([]ui.Option{{Value: "", Label: reader.T("Not now"), Icon: "ban"}}, options...)
	}
	return options
}

// warningsOf says what closes each way, with the place to mend it.
func warningsOf(scope *frame.Scope, c customer.Customer, r delivery.Reach) (all []sendWarning) {
	for _, way := range []delivery.Way{r.Email, r.SMS} {
		if way.Possible() {
			continue
		}
		w := sendWarning{Text: scope.Sentence(way.Why)}
		switch {
		case way.Obstacle == delivery.NoAddress, way.Obstacle == delivery.Bounced, way.Obstacle == delivery.Complained:
			w.Href, w.Label = scope.Base+"/customers/"+string(c.ID)+"/edit", scope.T("Edit customer")
		case way.Obstacle == delivery.NoGateway && scope.MayManage():
			w.Href, w.Label = scope.Base+"/settings", scope.T("Open settings")
		}
		all = append(all, w)
	}
	return all
}

// SuggestWay chooses e-mail for a customer who was chosen just now, if nothing
// was chosen before and it can be.
func (v *SendView) SuggestWay() {
	if v.Values.By != "" || v.Values.To == ToOne && v.Values.Customer == "" {
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
func (v SendView) ByValue() string {
	for _, o := range v.ByOptions {
		if o.Value == v.Values.By && !o.Disabled {
			return v.Values.By
		}
	}
	return ""
}

// TagOptions are the tags of customers.
func (v SendView) TagOptions(reader frame.Reader) []ui.Option {
	return append([]ui.Option{{Value: "", Label: reader.T("Choose a tag")}}, v.Tags...)
}
