package importer

import (
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

// Files have the names of columns in the language of who made them, with and without accents.
func TestColumnsAreKnownInEveryLanguage(t *testing.T) {
	for _, kind := range []Kind{Customers, Links, Payments} {
		for _, code := range i18n.Codes() {
			fields := FieldsOf(kind)
			header, want := make([]string, len(fields)), make([]string, len(fields))
			for i, f := range fields {
				header[i], want[i] = i18n.TranslatorFor(code).T(f.Label), f.Name
			}
			if got := matchIn(fields, header); strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%s in %s:\n%q are\n%q, want\n%q", kind, code, header, got, want)
			}
		}
	}
	for header, want := range map[string]string{
		"Aantekening;Bedrijf;E-mailadres;Telefoonnummer":    "notes company email phone",
		"Bemerkung;Firma;E-Mail-Adresse;Handy":              "notes company email phone",
		"Remarque;Société;Courriel;Téléphone;Étiquettes":    "notes company email phone tags",
		"Remarque;Societe;Courriel;Telephone;Etiquettes":    "notes company email phone tags",
		"Observaciones;Empresa;Correo electrónico;Teléfono": "notes company email phone",
		"ملاحظة;الشركة;البريد;رقم الهاتف":                   "notes company email phone",
		"Prénom;Nom;Langue":                                 "first_name last_name language",
		"Nombre;Apellidos;Idioma":                           "first_name last_name language",
		"Voornaam;Achternaam;Naam":                          "first_name last_name name",
		"First name;Full name":                              "first_name name",
	} {
		if got := strings.Join(matchIn(FieldsOf(Customers), strings.Split(header, ";")), " "); got != want {
			t.Errorf("%q are %q, want %q", header, got, want)
		}
	}
}

// What other programs call the columns of their files.
func TestColumnsOfOtherProgramsAreKnown(t *testing.T) {
	for _, file := range []struct {
		of, header, want string
		kind             Kind
	}{
		{"Google Contacts", "First Name,Middle Name,Last Name,Nickname,Organization Name,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value",
			"first_name,,last_name,,company,notes,,tags,,email,,,,phone", Customers},
		{"Google Contacts, older", "Name,Given Name,Additional Name,Family Name,Notes,Language,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name",
			"name,first_name,,last_name,notes,language,tags,,email,,phone,company", Customers},
		{"Outlook", "First Name,Middle Name,Last Name,Company,E-mail Address,E-mail 2 Address,Business Phone,Home Phone,Mobile Phone,Notes,Categories", "first_name,,last_name,company,email,,,,phone,notes,tags", Customers},
		{"Shopify's customers", "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Phone,Phone,Total Spent,Note,Tags", ",first_name,last_name,email,,company,,phone,,notes,tags", Customers},
		{"Mailchimp", "Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,CC,NOTES,TAGS", "email,first_name,last_name,phone,,,,notes,tags", Customers},
		{"Mailchimp's merge tags", "EMAIL,FNAME,LNAME,PHONE", "email,first_name,last_name,phone", Customers},
		{"Stripe's customers", "id,Description,Email,Name,Created (UTC),Delinquent,Status", ",,email,name,,,", Customers},
		{"Stripe's payments", "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Description,Fee,Mode,Status,Customer ID,Customer Email", "reference,date,amount,refunded,currency,,title,,mode,status,,email", Payments},
		{"PayPal", "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Item Title", "date,,,name,,status,currency,amount,,,email,,reference,title", Payments},
		{"Shopify's orders", "Name,Email,Financial Status,Paid at,Currency,Subtotal,Taxes,Total,Created at,Lineitem name,Billing Name,Payment Method,Refunded Amount", ",email,status,date,currency,,,amount,,title,name,method,refunded", Payments},
	} {
		if got := strings.Join(matchIn(FieldsOf(file.kind), strings.Split(file.header, ",")), ","); got != file.want {
			t.Errorf("%s:\n%s are\n%s, want\n%s", file.of, file.header, got, file.want)
		}
	}
}
