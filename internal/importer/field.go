package importer

import (
	"slices"
	"strings"
	"unicode"

	"smartlinks/internal/text"
)

// Field is what a column can become.
type Field struct {
	Name  string // stable: "email"
	Label string
	Hint  string // what may stand in it, "" when the label says it
	names []string
}

// FieldsOf are the fields of a kind, in the order in which people expect them.
func FieldsOf(k Kind) []Field {
	if k == Customers {
		return customerFields()
	}
	return linkFields()
}

func customerFields() []Field {
	return []Field{
		{"name", "Name", "", []string{"fullname", "customer", "customername", "company", "companyname", "naam", "nom", "nombre"}},
		{"first_name", "First name", "Joined with the last name", []string{"firstname", "givenname", "voornaam", "vorname", "prenom"}},
		{"last_name", "Last name", "", []string{"lastname", "surname", "familyname", "achternaam", "nachname"}},
		{"email", "Email", "Tells customers apart", []string{"emailaddress", "mail", "payeremail", "emailadres", "correo"}},
		{"phone", "Phone", "Best with the country code, like +31 6 12345678", []string{"phonenumber", "mobile", "mobilephone", "telephone", "tel", "telefoon", "telefon"}},
		{"language", "Language", "en, nl, de, fr, es or ar", []string{"locale", "lang", "taal", "sprache", "langue"}},
		{"tags", "Tags", "Parted by commas", []string{"tag", "labels", "groups"}},
		{"notes", "Notes", "", []string{"note", "comment", "comments", "remarks"}},
	}
}

func linkFields() []Field {
	return []Field{
		{"name", "Name", "", []string{"title", "linkname", "naam"}},
		{"amount", "Amount", "Like 49.00; empty when it sells a product", []string{"price", "value", "bedrag", "betrag", "montant"}},
		{"currency", "Currency", "Three letters; yours when empty", []string{"currencycode", "valuta"}},
		{"product", "Product", "Its name in your catalogue", []string{"productname"}},
		{"description", "Description", "", []string{"text", "omschrijving"}},
		{"path", "Path", "The end of the address; made from the name when empty", []string{"slug", "address"}},
		{"limit", "Limit", "once, a number, or empty for no limit", []string{"maxpayments", "paymentlimit", "limitmax"}},
		{"tags", "Tags", "Parted by commas", []string{"tag", "labels"}},
		{"customer", "Customer", "The email address of a customer whom it is for", []string{"customeremail", "email"}},
		{"reference", "Reference", "", []string{"invoice", "invoicenumber", "ref"}},
		{"notes", "Notes", "Only for you and your team", []string{"note", "comment"}},
		{"starts_at", "Opens on", "Like 2026-03-01 or 2026-03-01 09:00", []string{"startsat", "start", "startdate", "from"}},
		{"ends_at", "Ends on", "Like 2026-03-31, which is included", []string{"endsat", "end", "enddate", "until", "expires"}},
		{"redirect_url", "Redirect after payment", "https://…", []string{"redirect", "successurl"}},
		{"apply_tag", "Tag to add after payment", "", []string{"addtag"}},
		{"remove_tag", "Tag to remove after payment", "", nil},
		{"active", "Active", "yes or no; yes when empty", []string{"enabled"}},
	}
}

// match guesses what each column becomes, by its name. No field is given twice.
func match(k Kind, header []string) []string {
	fields, given := FieldsOf(k), map[string]bool{}
	matched := make([]string, len(header))
	for i, column := range header {
		key := bare(column)
		at := slices.IndexFunc(fields, func(f Field) bool {
			return !given[f.Name] && (key == bare(f.Name) || key == bare(f.Label) || slices.Contains(f.names, key))
		})
		if at >= 0 {
			matched[i] = fields[at].Name
			given[fields[at].Name] = true
		}
	}
	return matched
}

// bare is a column's name without what people write differently.
func bare(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, text.Fold(name))
}
