package sending

import (
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
)

// To whom a link may be sent.
const (
	ToOne  = "one"
	toSome = "some"
	toTag  = "tag"
)

// How it may be sent; "" is not at all.
const (
	byEmail = "email"
	bySMS   = "sms"
	byBoth  = "both"
)

// SendValues are the fields of "Send to customer" as they were typed.
type SendValues struct {
	To       string // one, some or tag
	Customer string // of one: an id, or what is typed in Who
	Who      string // a name, e-mail address or phone number
	whoSent  bool   // the form had the field
	New      newCustomer
	Find     string   // what the customers of some are searched by
	Some     []string // of some
	Tag      string   // of tag
	By       string
	Message  string
	Key      string // of the form that was shown: sent twice it sends once
	When     string // now or later
	SendAt   string // of later: a local time of the business
}

// ChosenCustomer is the id of whoever was chosen: in the field, or among those
// who match what was typed in it.
func ChosenCustomer(form url.Values) (id string) {
	for _, value := range form["customer"] {
		if value != "" {
			id = value
		}
	}
	return id
}

// newCustomer are the fields of a customer who is made with the form.
type newCustomer struct{ Name, Email, Phone string }

func newCustomerFrom(form url.Values) newCustomer {
	return newCustomer{strings.TrimSpace(form.Get("new_name")), strings.TrimSpace(form.Get("new_email")), strings.TrimSpace(form.Get("new_phone"))}
}

func SendValuesFrom(form url.Values) SendValues {
	v := SendValues{
		To: form.Get("to"), Customer: ChosenCustomer(form), Some: frame.Distinct(form["send_customer"]), Tag: form.Get("send_tag"),
		By: form.Get("by"), Message: form.Get("message"), Key: form.Get("send_key"),
		When: form.Get("when"), SendAt: strings.TrimSpace(form.Get("send_at")),
		Who: strings.TrimSpace(form.Get("who")), whoSent: form.Has("who"), New: newCustomerFrom(form), Find: strings.TrimSpace(form.Get("find")),
	}
	if v.To == "" {
		v.To = ToOne
	}
	if v.When != whenLater {
		v.When = whenNow
	}
	return v
}

// When it may be sent.
const (
	whenNow   = "now"
	whenLater = "later"
)

// RequestIn is Request, with the time that was chosen in the business's zone.
func (v SendValues) RequestIn(zone *time.Location) (delivery.Request, error) {
	r := v.Request()
	if v.When != whenLater {
		return r, nil
	}
	at, err := calendar.ParseLocal(v.SendAt, zone)
	if err != nil || !calendar.Sane(at) {
		var wrong fault.Fields
		wrong.Add("send_at", "send_at.form", "Choose a day and a time.")
		return r, wrong.Err()
	}
	r.At = &at
	return r, nil
}

// channels are the chosen ways.
func (v SendValues) channels() []message.Channel {
	switch v.By {
	case byEmail:
		return []message.Channel{message.ByEmail}
	case bySMS:
		return []message.Channel{message.BySMS}
	case byBoth:
		return delivery.AllWays()
	}
	return nil
}

// Request is what the fields ask for.
func (v SendValues) Request() delivery.Request {
	r := delivery.Request{Channels: v.channels(), Message: v.Message}
	if key := strings.TrimSpace(v.Key); key != "" && len(key) <= 64 {
		r.Key = "form/" + key
	}
	switch v.To {
	case toSome:
		for _, id := range v.Some {
			r.Customers = append(r.Customers, customer.ID(id))
		}
	case toTag:
		r.Tag = v.Tag
	default:
		if v.Customer != "" {
			r.Customers = []customer.ID{customer.ID(v.Customer)}
		}
	}
	return r
}

// Words say in a line to whom the link goes and how, and whether the fields say
// anything. A new link goes out when it is made, others when they are saved.
func (v SendValues) Words(reader frame.Reader, isNew bool) (text string, set bool) {
	who, some := v.whom(reader)
	how := map[string]string{byEmail: reader.T("by email"), bySMS: reader.T("by SMS"), byBoth: reader.T("by email and SMS")}[v.By]
	when := reader.T("when you save the link")
	if isNew {
		when = reader.T("when you create the link")
	}
	switch {
	case how != "" && some:
		return reader.T("To {{.Who}}, {{.How}}, {{.When}}", "Who", who, "How", how, "When", when), true
	case how != "":
		return reader.T("To nobody yet, {{.How}}", "How", how), true
	case some && v.To == ToOne:
		return reader.T("For {{.Who}}, not sent", "Who", who), true
	}
	return reader.T("Not sent"), some
}

// whom are the chosen recipients in words; false for nobody.
func (v SendValues) whom(reader frame.Reader) (string, bool) {
	switch {
	case v.To == toTag:
		return reader.T("everybody with the tag {{.Tag}}", "Tag", v.Tag), v.Tag != ""
	case v.To == toSome:
		return reader.N(int64(len(v.Some)), "{{.Count}} customer", "{{.Count}} customers"), len(v.Some) > 0
	}
	return reader.N(1, "{{.Count}} customer", "{{.Count}} customers"), v.Customer != "" || v.Who != "" || v.New != newCustomer{}
}

// SendInputs maps fields of a send to inputs where they differ. Whoever was to
// be chosen is asked for where the choice is.
func (v SendValues) SendInputs() map[string]string {
	who := map[string]string{toSome: "send_customer", toTag: "send_tag"}[v.To]
	if who == "" {
		who = "customer"
	}
	return map[string]string{"channels": "by", "customer_id": who, "customer_ids": who, "tag": "send_tag"}
}
