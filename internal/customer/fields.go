package customer

import (
	"errors"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/text"
)

// MaxName is how many characters the name of a customer may have.
const MaxName = 120

// What the texts of a customer may hold.
var (
	nameRule  = text.Rule{Most: MaxName}
	notesRule = text.Rule{Most: 2000, Lines: true}
)

// clean puts the fields into the form that is stored and returns everything that is
// wrong with them as one fault. Forms and API both come here.
func (c *Fields) clean(b business.Business) error {
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
	if c.Language != "" && !i18n.Supported(c.Language) {
		wrong.Add("language", "language.unknown", "Choose one of these languages: "+strings.Join(i18n.Codes(), ", ")+".")
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
