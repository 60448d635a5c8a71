package importer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"smartlinks/internal/i18n"
	"smartlinks/internal/text"
)

// Field is what a column can become.
type Field struct {
	Name  string // stable: "email"
	Label string
	Hint  string   // what may stand in it, "" when the label says it
	names []string // what columns are called, the likest first; its Name comes before them unless it is among them
}

// FieldsOf are the fields of a kind, in the order in which people expect them.
func FieldsOf(k Kind) []Field {
	switch k {
	case Customers:
		return customerFields()
	case Payments:
		return paymentFields()
	}
	return linkFields()
}

func paymentFields() []Field {
	return []Field{
		{"date", i18n.Mark("Date"), i18n.Mark("The day on which the money came, like 2026-03-01"), []string{"paid", "paidat", "paidon", "paymentdate", "created", "createdat", "createddateutc", "createdutc", "day", "datum", "fecha"}},
		{"amount", i18n.Mark("Amount"), i18n.Mark("Above zero, like 49.00"), []string{"gross", "total", "value", "bedrag", "betrag", "montant", "importe"}},
		{"refunded", i18n.Mark("Refunded"), i18n.Mark("What went back of the amount, like 10.00; it is taken off"), []string{"amountrefunded", "refundedamount", "refund"}},
		{"status", i18n.Mark("Status"), i18n.Mark("Only lines that were paid count"), []string{"paymentstatus", "financialstatus", "state"}},
		{"mode", i18n.Mark("Live or test"), i18n.Mark("Only lines of the mode that you are in count"), []string{"environment", "paymentmode"}},
		{"live", i18n.Mark("Live payment"), i18n.Mark("yes or no; only lines of the mode that you are in count"), []string{"livemode", "islive"}},
		{"test", i18n.Mark("Test payment"), i18n.Mark("yes or no; only lines of the mode that you are in count"), []string{"testmode", "istest", "testtransaction", "testorder", "sandbox", "issandbox"}},
		{"currency", i18n.Mark("Currency"), i18n.Mark("Three letters; the link’s or yours if empty"), []string{"currencycode", "valuta"}},
		{"link", i18n.Mark("Smart link"), i18n.Mark("Its path, or its name; it may be empty"), []string{"path", "linkname", "smartlink"}},
		{"product", i18n.Mark("Product"), i18n.Mark("Its name in your catalogue"), []string{"productname"}},
		{"title", i18n.Mark("For"), i18n.Mark("What was paid for, in words"), []string{"description", "item", "itemtitle", "lineitemname", "omschrijving", "beschreibung"}},
		{"email", i18n.Mark("Email"), i18n.Mark("Of the customer, who is added if new"), []string{"emailaddress", "mail", "payeremail", "customeremail", "fromemailaddress", "correo"}},
		{"name", i18n.Mark("Name"), i18n.Mark("Of the customer"), []string{"billingname", "customername", "payername", "consumername", "name", "fullname", "customer", "naam", "nom", "nombre"}}, // a shop's "Name" is the number of its order
		{"method", i18n.Mark("Method"), "", []string{"paymentmethod", "provider"}},
		{"reference", i18n.Mark("Reference"), "", []string{"invoice", "invoicenumber", "ref", "paymentreference", "id", "transactionid"}},
	}
}

func customerFields() []Field {
	return []Field{
		{"name", i18n.Mark("Name"), "", []string{"fullname", "customer", "customername", "naam", "nom", "nombre",
			"volledigenaam", "klant", "klantnaam", "kunde", "kundenname", "nomcomplet", "client", "nomduclient",
			"nombrecompleto", "nombreyapellidos", "cliente", "nombredelcliente", "الاسم الكامل", "العميل", "اسم العميل"}},
		{"first_name", i18n.Mark("First name"), i18n.Mark("Combined with the last name"), []string{"firstname", "givenname", "fname", "voornaam", "roepnaam", "vorname", "prenom", "الاسم الاول"}},
		{"last_name", i18n.Mark("Last name"), "", []string{"lastname", "surname", "familyname", "lname", "achternaam", "familienaam", "nachname", "familienname", "nomdefamille", "apellido", "apellidos", "اسم العائلة", "اللقب"}},
		{"company", i18n.Mark("Company"), i18n.Mark("The name of customers who have no other"), []string{"companyname", "organization", "organizationname", "organization1name", "organisation", "billingcompany", "defaultaddresscompany",
			"bedrijf", "bedrijfsnaam", "firma", "firmenname", "unternehmen", "entreprise", "societe", "empresa", "الشركة", "اسم الشركة"}},
		{"email", i18n.Mark("Email"), i18n.Mark("Tells customers apart"), []string{"emailaddress", "mail", "payeremail", "email1value", "billingemail", "emailadres", "mailadres", "emailadresse", "mailadresse", "adresseemail", "courriel", "adresseelectronique",
			"correo", "correoelectronico", "البريد", "الايميل"}},
		{"phone", i18n.Mark("Phone"), i18n.Mark("Best with the country code, like +31 6 12345678"), []string{"phonenumber", "mobile", "mobilephone", "mobilephonenumber", "phone1value", "telephone", "tel", "billingphone", "primaryphone", "businessphone", "homephone", "telefoon", "telefon", "telefoonnummer", "mobiel", "mobielnummer", "gsm",
			"telefonnummer", "mobil", "mobiltelefon", "handy", "handynummer", "numerodetelephone", "portable", "telefono", "numerodetelefono", "movil", "celular", "رقم الهاتف", "الجوال", "رقم الجوال"}},
		{"language", i18n.Mark("Language"), i18n.Mark("en, nl, de, fr, es or ar"), []string{"locale", "lang", "taal", "sprache", "langue", "idioma", "lengua"}},
		{"tags", i18n.Mark("Tags"), i18n.Mark("Separated by commas"), []string{"tag", "labels", "groups", "groupmembership", "categories", "label", "groepen", "etiketten", "schlagworte", "gruppen", "etiquettes", "groupes", "etiquetas", "grupos", "الوسم"}},
		{"notes", i18n.Mark("Notes"), "", []string{"note", "comment", "comments", "remarks", "notitie", "aantekening", "aantekeningen", "opmerking", "opmerkingen", "notiz", "bemerkung", "bemerkungen", "anmerkung", "anmerkungen", "kommentar",
			"remarque", "remarques", "commentaire", "commentaires", "nota", "comentario", "comentarios", "observaciones", "ملاحظة", "تعليق"}},
	}
}

func linkFields() []Field {
	return []Field{
		{"name", i18n.Mark("Name"), "", []string{"title", "linkname", "naam"}},
		{"amount", i18n.Mark("Amount"), i18n.Mark("Like 49.00; empty if it sells a product"), []string{"price", "value", "bedrag", "betrag", "montant"}},
		{"currency", i18n.Mark("Currency"), i18n.Mark("Three letters; yours if empty"), []string{"currencycode", "valuta"}},
		{"product", i18n.Mark("Product"), i18n.Mark("Its name in your catalogue"), []string{"productname"}},
		{"description", i18n.Mark("Description"), "", []string{"text", "omschrijving"}},
		{"path", i18n.Mark("Path"), i18n.Mark("The end of the address; made from the name if empty"), []string{"slug", "address"}},
		{"limit", i18n.Mark("Limit"), i18n.Mark("once, a number, or empty for no limit"), []string{"maxpayments", "paymentlimit", "limitmax"}},
		{"tags", i18n.Mark("Tags"), i18n.Mark("Separated by commas"), []string{"tag", "labels"}},
		{"customer", i18n.Mark("Customer"), i18n.Mark("Email address of the customer it is for"), []string{"customeremail", "email"}},
		{"reference", i18n.Mark("Reference"), "", []string{"invoice", "invoicenumber", "ref"}},
		{"notes", i18n.Mark("Notes"), i18n.Mark("Only for you and your team"), []string{"note", "comment"}},
		{"starts_at", i18n.Mark("Opens on"), i18n.Mark("Like 2026-03-01 or 2026-03-01 09:00"), []string{"startsat", "start", "startdate", "from"}},
		{"ends_at", i18n.Mark("Ends on"), i18n.Mark("Like 2026-03-31, which is included"), []string{"endsat", "end", "enddate", "until", "expires"}},
		{"redirect_url", i18n.Mark("Redirect after payment"), "https://…", []string{"redirect", "successurl"}},
		{"apply_tag", i18n.Mark("Tag to add after payment"), "", []string{"addtag"}},
		{"remove_tag", i18n.Mark("Tag to remove after payment"), "", nil},
		{"active", i18n.Mark("Active"), i18n.Mark("yes or no; yes if empty"), []string{"enabled"}},
		{"least", i18n.Mark("Payer chooses from"), i18n.Mark("With the next one, the range the payer may choose from"), []string{"minimum", "minamount"}},
		{"most", i18n.Mark("Payer chooses up to"), "", []string{"maximum", "maxamount"}},
		{"limit_counts", i18n.Mark("The limit counts"), i18n.Mark("payments or units; payments if empty"), []string{"limitcounts", "counts"}},
		{"asked", i18n.Mark("What payers are asked"), i18n.Mark("In JSON, as an export writes it"), nil},
		{"suggestions", i18n.Mark("Suggested amounts"), i18n.Mark("Separated by commas"), nil},
		{"show_remaining", i18n.Mark("Show how many are left"), i18n.Mark("yes or no; yes if empty"), nil},
		{"due_on", i18n.Mark("Due date"), i18n.Mark("Like 2026-03-31"), []string{"due", "duedate"}},
		{"thanks", i18n.Mark("Thank-you text"), "", nil},
		{"waiting_list", i18n.Mark("Keep a waiting list"), i18n.Mark("yes or no; no if empty"), nil},
		{"offer_hours", i18n.Mark("Hours that an offered place is kept"), "", nil},
		{"when_closed_message", i18n.Mark("Message while closed"), "", nil},
		{"when_closed_next", i18n.Mark("Next link"), i18n.Mark("The path of a link, also of this file"), nil},
		{"when_closed_url", i18n.Mark("Web address while closed"), "https://…", nil},
		{"when_closed_redirect", i18n.Mark("Lead on at once when the link is full"), i18n.Mark("yes or no; no if empty"), nil},
		{"origin", i18n.Mark("Comes from"), i18n.Mark("Its name elsewhere; the same one is not created twice"), []string{"source"}},
		{"cannot", i18n.Mark("Reason for leaving out"), i18n.Mark("A line with a reason is not created"), nil},
	}
}

// match guesses what each column becomes, by its name, or by what it holds where the file
// names none. No field is given twice.
func match(k Kind, t table) []string {
	if t.nameless() {
		return matchCells(FieldsOf(k), t)
	}
	return matchIn(FieldsOf(k), t.header)
}

// matchIn is match among some fields. A field takes the column that is called most like it,
// wherever that stands: the day of a payment is the one on which it was paid, not begun.
func matchIn(fields []Field, header []string) []string {
	given, matched := map[string]bool{}, make([]string, len(header))
	for _, f := range fields {
		for _, key := range f.keys() {
			at := slices.IndexFunc(header, func(column string) bool { return bare(column) == key })
			if at >= 0 && matched[at] == "" {
				matched[at], given[f.Name] = f.Name, true
				break
			}
		}
	}
	return partNames(fields, header, matched, given)
}

// keys are all that columns of this field are called, bare: what merchants read, in every
// language, and what else people write.
func (f Field) keys() []string {
	var keys []string
	if !slices.Contains(f.names, f.Name) {
		keys = append(keys, bare(f.Name))
	}
	for _, name := range f.names {
		keys = append(keys, bare(name))
	}
	for _, code := range i18n.Codes() {
		keys = append(keys, bare(i18n.TranslatorFor(code).T(f.Label)))
	}
	return keys
}

// partNames gives a column that is called by the word for names its part of them, where
// another column holds the other part: beside "Prénom", "Nom" is the last name, and beside
// "Apellidos", "Nombre" the first.
func partNames(fields []Field, header, matched []string, given map[string]bool) []string {
	if !given["name"] || given["first_name"] == given["last_name"] {
		return matched
	}
	other := "last_name"
	if given["last_name"] {
		other = "first_name"
	}
	for i, name := range matched {
		if name != "name" {
			continue
		}
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		for _, code := range i18n.Codes() {
			if bare(header[i]) == bare(i18n.TranslatorFor(code).T(fields[at].Label)) {
				matched[i] = other
				return matched
			}
		}
	}
	return matched
}

// bare is a column's name without what people write differently, accents too.
func bare(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, norm.NFD.String(text.Fold(name)))
}
