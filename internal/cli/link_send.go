package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// customer is somebody to whom links are sent.
type customer struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Email *string `json:"email"`
	Phone *string `json:"phone"`
}

// channels are the ways by which they are reached: those that were asked for, else what
// we have of them.
func (c customer) channels(asked string) []string {
	if asked != "" {
		return words(asked)
	}
	if c.Email != nil {
		return []string{"email"}
	}
	return []string{"sms"}
}

// recipient is the customer with an id, an e-mail address or a phone number. Whoever has
// an address that is not known yet becomes a customer.
func (c *client) recipient(ctx context.Context, who, name string) (found customer, err error) {
	if strings.HasPrefix(who, "cus_") {
		_, err = c.get(ctx, "/customers/"+url.PathEscape(who), nil, &found)
		return found, err
	}
	has := func(value *string) bool { return value != nil && strings.EqualFold(*value, digits(who)) }
	var page struct{ Data []customer }
	if _, err := c.get(ctx, "/customers", url.Values{"q": {digits(who)}, "limit": {"100"}}, &page); err != nil {
		return found, err
	}
	if at := slices.IndexFunc(page.Data, func(one customer) bool { return has(one.Email) || has(one.Phone) }); at >= 0 {
		return page.Data[at], nil
	}
	fields := map[string]any{"name": name}
	if strings.Contains(who, "@") {
		fields["email"] = who
	} else {
		fields["phone"] = who
		if name == "" {
			fields["name"] = who
		}
	}
	_, err = c.ask(ctx, http.MethodPost, "/customers", fields, &found)
	return found, err
}

// digits is a phone number without what people put between its digits; an e-mail address
// stays.
func digits(who string) string {
	if strings.Contains(who, "@") {
		return who
	}
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(who)
}

type sendCommand struct {
	server `group:"The server:"`
	one
	To      []string `help:"E-mail addresses, phone numbers with country code, or customers' ids, separated by commas. The link's own customer when left out."`
	Name    string   `help:"Name of a recipient who is not known yet."`
	Group   string   `help:"Name of a tag: everybody who has it, in place of --to."`
	By      string   `help:"email, sms, or both separated by a comma; what the recipient has when left out, e-mail for a group."`
	Message string   `help:"Words of your own, with {first_name}, {amount}, {link} and others."`
}

// Run sends the link.
func (c sendCommand) Run(ctx context.Context, to Streams) error {
	if c.Group != "" && len(c.To) > 0 {
		return Misuse("Give either --to or --group.")
	}
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	body := map[string]any{"channels": customer{Email: new(string)}.channels(c.By)}
	if c.Group == "" && len(c.To) == 0 && l.CustomerID != nil && c.By == "" {
		own, err := at.recipient(ctx, *l.CustomerID, "")
		if err != nil {
			return err
		}
		body["channels"] = own.channels("")
	}
	if c.Message != "" {
		body["message"] = c.Message
	}
	if c.Group != "" {
		body["tag"] = c.Group
	}
	var ids []string
	for _, who := range c.To {
		known, err := at.recipient(ctx, strings.TrimSpace(who), c.Name)
		if err != nil {
			return fmt.Errorf("%s: %w", plain(who), err)
		}
		ways := known.channels(c.By)
		if len(ids) > 0 && !slices.Equal(ways, body["channels"].([]string)) {
			return Misuse("Not all of these can be reached in the same way. Send to each alone, or say how with --by.")
		}
		body["channels"], ids = ways, append(ids, known.ID)
	}
	if len(ids) > 0 {
		body["customer_ids"] = ids
	}
	var sent struct {
		Recipients int64       `json:"recipients"`
		Deliveries []delivered `json:"deliveries"`
	}
	answer, err := at.ask(ctx, http.MethodPost, "/links/"+l.ID+"/send", body, &sent)
	if err != nil {
		return err
	}
	reached := sent.Recipients - outOfReach(sent.Deliveries)
	switch {
	case c.JSON:
		err = raw(to.Out, answer)
	case reached > 0:
		_, err = fmt.Fprintf(to.Out, "“%s” is on its way to %s.\n", plain(l.Name), recipients(reached))
	}
	if why := unsent(sent.Deliveries); err == nil && why != "" {
		return failed("%s", why)
	}
	return err
}

func recipients(n int64) string {
	if n == 1 {
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", n)
}

// delivered is what became of a message.
type delivered struct {
	Customer string  `json:"customer_id"`
	Channel  string  `json:"channel"`
	Status   string  `json:"status"`
	Reason   *string `json:"reason"`
}

// unsent says of messages that could not even be tried why, each reason once; "" is that all
// are on their way.
func unsent(deliveries []delivered) string {
	var why []string
	for _, d := range deliveries {
		if d.Status != "failed" {
			continue
		}
		reason := "By " + d.Channel + " it can't be sent."
		if d.Reason != nil {
			reason = Sentence(plain(*d.Reason))
		}
		if !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	return strings.Join(why, " ")
}

// outOfReach counts the customers of whose messages none is on its way.
func outOfReach(deliveries []delivered) (n int64) {
	reached := map[string]bool{}
	for _, d := range deliveries {
		reached[d.Customer] = reached[d.Customer] || d.Status != "failed"
	}
	for _, any := range reached {
		if !any {
			n++
		}
	}
	return n
}
