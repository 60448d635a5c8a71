package imports

import (
	"smartlinks/internal/importer"
	"smartlinks/internal/web/dashboard/frame"
)

// importWords are what differs between the kinds of imports.
type importWords struct {
	Title    string
	List     string // the path of the list
	ListName string
	Room     string
	See      string // what the button to the list says
	After    string // where that leads, "" for the list
	Lead     string // what else is to be known, "" for nothing
	Example  [][]string
}

func importWordsOf(reader frame.Reader, k importer.Kind) importWords {
	if k == importer.Customers {
		return importWords{
			Title: reader.T("Import customers"), List: "/customers", ListName: reader.T("Customers"), Room: frame.CustomersSection, See: reader.T("See customers"),
			Example: [][]string{
				{"name", "email", "phone", "language", "tags", "notes"},
				{"Sanne Visser", "sanne@example.com", "+31 6 12345678", "nl", "VIP, Newsletter", reader.T("Prefers the phone.")},
				{reader.T("Bakery Example"), "orders@example.com", "", "en", reader.T("Wholesale"), ""},
			},
		}
	}
	if k == importer.Payments {
		return importWords{
			Title: reader.T("Import past payments"), List: "/transactions", ListName: reader.T("Transactions"), Room: frame.TransactionsSection, See: reader.T("See the books"), After: "/books",
			Lead: reader.T("They count in figures and for customers alone: nobody is mailed, and there are no receipts, tags, webhooks or places."),
			Example: [][]string{
				{"date", "amount", "currency", "link", "title", "name", "email", "method", "reference"},
				{"2025-11-03", "49.00", "EUR", "", reader.T("Summer workshop"), "Sanne Visser", "sanne@example.com", "iDEAL", "1041"},
				{"2025-11-07", "250.00", "EUR", "", reader.T("Invoice 1042"), reader.T("Bakery Example"), "orders@example.com", reader.T("Transfer"), "1042"},
			},
		}
	}
	return importWords{
		Title: reader.T("Import links"), List: "/links", ListName: reader.T("Smart Links"), Room: frame.PaymentPageSection, See: reader.T("See links"),
		Example: [][]string{
			{"name", "amount", "currency", "description", "path", "limit", "tags", "customer", "reference", "ends_at"},
			{reader.T("Summer workshop"), "49.00", "EUR", reader.T("A day in the studio."), "summer-workshop", "12", reader.T("Workshops"), "", "", "2030-08-31"},
			{reader.T("Invoice 1042"), "250.00", "EUR", "", "", "once", reader.T("Invoices"), "", "1042", ""},
		},
	}
}
