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
		"Aantekening;Bedrijf;E-mailadres;Telefoonnummer":    "notes name email phone",
		"Bemerkung;Firma;E-Mail-Adresse;Handy":              "notes name email phone",
		"Remarque;Société;Courriel;Téléphone;Étiquettes":    "notes name email phone tags",
		"Remarque;Societe;Courriel;Telephone;Etiquettes":    "notes name email phone tags",
		"Observaciones;Empresa;Correo electrónico;Teléfono": "notes name email phone",
		"ملاحظة;الشركة;البريد;رقم الهاتف":                   "notes name email phone",
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
