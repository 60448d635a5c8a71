package mcp

import (
	"context"
	"net/http"

	"smartlinks/internal/i18n"
)

// apiCustomer is a customer as the API answers it.
type apiCustomer struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Email    *string  `json:"email"`
	Phone    *string  `json:"phone"`
	Language *string  `json:"language"`
	Notes    string   `json:"notes"`
	Tags     []string `json:"tags"`
}

// customerView is a customer as assistants read it.
type customerView struct {
	ID       string      `json:"id" jsonschema:"Use it to name the customer to other tools"`
	Name     *untrusted  `json:"name,omitempty"`
	Email    *untrusted  `json:"email,omitempty"`
	Phone    *string     `json:"phone,omitempty"`
	Language *string     `json:"language,omitempty"`
	Notes    *untrusted  `json:"notes,omitempty"`
	Tags     []untrusted `json:"tags,omitempty"`
}

func (c apiCustomer) view() customerView {
	v := customerView{ID: c.ID, Name: theirs(c.Name), Phone: c.Phone, Language: c.Language, Notes: theirs(c.Notes), Tags: allTheirs(c.Tags)}
	if c.Email != nil {
		v.Email = theirs(*c.Email)
	}
	return v
}

type customersFound struct {
	Customers []customerView `json:"customers"`
	Next      *string        `json:"next_cursor,omitempty" jsonschema:"Left out at the end of the list"`
}

type findCustomers struct {
	Query string `json:"query,omitempty" jsonschema:"Part of the name, e-mail address or phone number"`
	Tag   string `json:"tag,omitempty" jsonschema:"Name of a tag"`
	listing
}

type createCustomer struct {
	idempotent
	Name     string   `json:"name,omitempty" jsonschema:"A name or an e-mail address is needed"`
	Email    string   `json:"email,omitempty"`
	Phone    string   `json:"phone,omitempty" jsonschema:"With the country code"`
	Language string   `json:"language,omitempty" jsonschema:"In which they are written to"`
	Tags     []string `json:"tags,omitempty"`
}

func (s *server) customerTools(t *sdkServer) {
	add(s, t, tool{name: "find_customers", title: "Find customers", hints: hints{reads: true},
		about: "Lists the people and firms that the business knows. Use it to find to whom a link is to be sent, or whose payments are meant.",
	}, func(ctx context.Context, in findCustomers) (out customersFound, err error) {
		var found page[apiCustomer]
		err = s.ask(ctx, request{method: http.MethodGet, path: "/customers", query: in.query("q", in.Query, "tag", in.Tag)}, &found)
		out = customersFound{Customers: []customerView{}, Next: found.Next}
		for _, c := range found.Data {
			out.Customers = append(out.Customers, c.view())
		}
		return out, err
	})
	add(s, t, tool{name: "create_customer", title: "Add a customer",
		about:   "Adds somebody whom the business does not know yet, so that a link can be sent to them. Look with find_customers first: no two customers share an e-mail address.",
		choices: map[string][]any{"language": {"en", "nl", "de", "fr", "es", "ar"}},
	}, func(ctx context.Context, in createCustomer) (customerView, error) {
		body := map[string]any{}
		for name, value := range map[string]string{"name": in.Name, "email": in.Email, "phone": in.Phone, "language": in.Language} {
			if value != "" {
				body[name] = value
			}
		}
		if len(in.Tags) > 0 {
			body["tags"] = in.Tags
		}
		var c apiCustomer
		err := s.ask(ctx, request{method: http.MethodPost, path: "/customers", body: body, key: in.Key, refusal: i18n.Mark("Refused: add a customer")}, &c)
		return c.view(), err
	})
}
