package dashboard

import (
	"net/url"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
)

// To whom a link may be sent.
const (
	toOne  = "one"
	toSome = "some"
	toTag  = "tag"
)

// How it may be sent; "" is not at all.
const (
	byEmail = "email"
	bySMS   = "sms"
	byBoth  = "both"
)

// sendValues are the fields of "Send to customer" as they were typed.
type sendValues struct {
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
}

// chosenCustomer is the id of whoever was chosen: in the field, or among those
// who match what was typed in it.
func chosenCustomer(form url.Values) (id string) {
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

func sendValuesFrom(form url.Values) sendValues {
	v := sendValues{
		To: form.Get("to"), Customer: chosenCustomer(form), Some: set(form["send_customer"]), Tag: form.Get("send_tag"),
		By: form.Get("by"), Message: form.Get("message"), Key: form.Get("send_key"),
		Who: strings.TrimSpace(form.Get("who")), whoSent: form.Has("who"), New: newCustomerFrom(form), Find: strings.TrimSpace(form.Get("find")),
	}
	if v.To == "" {
		v.To = toOne
	}
	return v
}

// channels are the chosen ways.
func (v sendValues) channels() []message.Channel {
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

// request is what the fields ask for.
func (v sendValues) request() delivery.Request {
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

// sendInputs maps fields of a send to inputs where they differ. Whoever was to
// be chosen is asked for where the choice is.
func (v sendValues) sendInputs() map[string]string {
	who := map[string]string{toSome: "send_customer", toTag: "send_tag"}[v.To]
	if who == "" {
		who = "customer"
	}
	return map[string]string{"channels": "by", "customer_id": who, "customer_ids": who, "tag": "send_tag"}
}
