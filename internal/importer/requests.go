package importer

import (
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/requests"
	"smartlinks/internal/text"
)

// requestFields are the columns of a file of requests. Each other one fills the variable
// of its name in the message.
func requestFields() []Field {
	return append(customerFields()[:5],
		Field{"amount", i18n.Mark("Amount"), "", []string{"price", "value", "total", "sum", "fee", "bedrag", "betrag", "montant", "importe", "المبلغ"}},
		Field{"currency", i18n.Mark("Currency"), "", []string{"currencycode", "valuta", "wahrung", "devise", "moneda", "العملة"}},
		Field{"reference", i18n.Mark("Reference"), "", []string{"invoice", "invoicenumber", "ref", "number", "kenmerk", "referentie", "referenz", "rechnung", "référence", "referencia", "factura", "المرجع"}},
	)
}

// ReadRequests reads who is asked for what from a file; its columns are guessed by their
// names. asked is the amount of rows without one, "" for none. A row that can't be read is
// Failed and says why. Errors: Invalid at "file" and "amount".
func ReadRequests(b business.Business, file []byte, asked string) ([]requests.Row, error) {
	e, _, err := recognised(file)
	if err != nil {
		return nil, err
	}
	t, err := parse(file, e, requestFields())
	if err != nil {
		return nil, err
	}
	if len(t.rows) > requests.MaxRows {
		return nil, wrongFile("This file has more than 1,000 lines. Split it and send the parts one after the other.")
	}
	fields := matchIn(requestFields(), t.header)
	if !slices.Contains(fields, "email") && !slices.Contains(fields, "phone") {
		return nil, wrongFile("No column has email addresses or phone numbers. Name it Email or Phone in the first line, and upload the file again.")
	}
	var usual *money.Amount
	if asked = strings.TrimSpace(asked); asked != "" {
		a, err := money.ParseTypedIn(asked, b.Currency, b.Locale)
		if err != nil {
			var wrong fault.Fields
			wrong.Add("amount", "", err.Error())
			return nil, wrong.Err()
		}
		usual = &a
	} else if !slices.Contains(fields, "amount") {
		return nil, wrongFile("No column has amounts. Name it Amount in the first line, or enter one amount for everybody.")
	}
	names := variableNames(t.header, fields)
	rows := make([]requests.Row, len(t.rows))
	for i, r := range t.rows {
		rows[i] = requestOf(b, valuesOf(fields, r.Cells), usual)
		for column, name := range names {
			if name == "" {
				continue
			}
			if rows[i].Variables == nil {
				rows[i].Variables = map[string]string{}
			}
			if rows[i].Variables[name] = ""; column < len(r.Cells) {
				rows[i].Variables[name] = r.Cells[column]
			}
		}
	}
	return rows, nil
}

func requestOf(b business.Business, v values, usual *money.Amount) requests.Row {
	r := requests.Row{State: requests.Waiting, Name: v["name"], Email: v["email"], Phone: v["phone"], Reference: v["reference"], Amount: money.Amount{Currency: b.Currency}}
	if r.Name == "" {
		r.Name = strings.TrimSpace(v["first_name"] + " " + v["last_name"])
	}
	if v["amount"] == "" && usual != nil {
		r.Amount = *usual
		return r
	}
	currency, err := b.Currency, error(nil)
	if v["currency"] != "" {
		currency, err = money.ReadCurrency(v["currency"])
	}
	amount := money.Amount{}
	if err == nil {
		amount, err = money.ParseTypedIn(v["amount"], currency, b.Locale)
	}
	if err != nil {
		r.State, r.Reason = requests.Failed, requests.About("amount", err.Error())
		return r
	}
	r.Amount = amount
	return r
}

// variableNames are what a message may call the columns that are nothing else, "" for
// those that are; a name that can't be one is "" too.
func variableNames(header, fields []string) []string {
	names, taken := make([]string, len(header)), map[string]bool{"reference": true}
	for i, column := range header {
		if fields[i] != "" {
			continue
		}
		name := strings.Trim(strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' || c == '_' {
				return c
			}
			return '_'
		}, text.Fold(column)), "_")
		for strings.Contains(name, "__") {
			name = strings.ReplaceAll(name, "__", "_")
		}
		if name == "" || len(name) > 40 || taken[name] {
			continue
		}
		names[i], taken[name] = name, true
	}
	return names
}
