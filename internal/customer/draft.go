package customer

import (
	"errors"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/text"
)

// Draft describes a customer to be made. A name or an e-mail address is needed.
type Draft struct {
	Name     string
	Email    string
	Phone    string // in any usual form
	Language string
	Notes    string
	Tags     []string // names; those that don't exist are made
}

// Patch describes changes; nil keeps what is there, a pointer to "" clears.
type Patch struct {
	Name     *string
	Email    *string
	Phone    *string
	Language *string
	Notes    *string
	Tags     *[]string
}

// What the texts of a customer may hold.
var (
	nameRule  = text.Rule{Most: 120}
	notesRule = text.Rule{Most: 2000, Lines: true}
)

// customer is the draft as a customer, before it is cleaned.
func (d Draft) customer(b business.Business) Customer {
	return Customer{BusinessID: b.ID, Name: d.Name, Email: d.Email, Phone: d.Phone, Language: d.Language, Notes: d.Notes}
}

func (p Patch) apply(c Customer) Customer {
	set(&c.Name, p.Name)
	set(&c.Email, p.Email)
	set(&c.Phone, p.Phone)
	set(&c.Language, p.Language)
	set(&c.Notes, p.Notes)
	return c
}

func set(field *string, value *string) {
	if value != nil {
		*field = *value
	}
}

// clean puts the customer into the form that is stored and returns everything
// that is wrong with it as one fault. Forms and API both come here.
func (c *Customer) clean(b business.Business) error {
	var wrong fault.Fields
	c.Name = nameRule.Clean("name", c.Name, wrong.Add)
	c.Notes = notesRule.Clean("notes", c.Notes, wrong.Add)
	if c.Email = strings.TrimSpace(c.Email); c.Email != "" {
		address, err := mailaddr.Parse(c.Email)
		if refusal := new(mailaddr.Refusal); errors.As(err, &refusal) {
			wrong.Add("email", refusal.Code, refusal.Message)
		}
		c.Email = address.Typed
	}
	if c.Phone = strings.TrimSpace(c.Phone); c.Phone != "" {
		number, refusal := ParsePhone(c.Phone, b)
		if refusal != nil {
			wrong.Add("phone", refusal.Code, refusal.Message)
		}
		c.Phone = number
	}
	if c.Language != "" && !slices.Contains(business.Locales(), c.Language) {
		wrong.Add("language", "language.unknown", "Choose one of the languages that are offered.")
	}
	if c.Name == "" && c.Email == "" && len(wrong) == 0 {
		wrong.Add("name", "customer.nobody", "Fill in a name or an email address.")
	}
	if c.Name == "" {
		c.Name = c.Email
	}
	return wrong.Err()
}

// foldedEmail is the address in the form that is compared, "" without one.
func foldedEmail(email string) string {
	address, err := mailaddr.Parse(email)
	if err != nil {
		return ""
	}
	return address.Folded
}
