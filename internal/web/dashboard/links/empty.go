package links

import (
	"net/url"

	"smartlinks/internal/web/dashboard/frame"
)

// commonCase is a way to start the form with something filled in.
type commonCase struct{ Icon, Title, Text, Query string }

func commonCases(reader frame.Reader) []commonCase {
	fill := func(pairs ...string) string {
		q := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return q.Encode()
	}
	return []commonCase{
		{"ticket", reader.T("Workshop seats"), reader.T("Fixed amount, limited to 20 payments"), fill("name", reader.T("Workshop"), "limit", "multiple", "limit_max", "20")},
		{"heart-handshake", reader.T("Donations"), reader.T("The payer chooses the amount"), fill("name", reader.T("Donation"), "payer_amount", "on")},
		{"file-pen-line", reader.T("Project deposit"), reader.T("For one customer, paid once"), fill("name", reader.T("Deposit"), "limit", "once")},
	}
}
