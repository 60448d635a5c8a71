package dashboard

import "net/url"

// commonCase is a way to start the form with something filled in.
type commonCase struct{ Icon, Title, Text, Query string }

func commonCases() []commonCase {
	fill := func(pairs ...string) string {
		q := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return q.Encode()
	}
	return []commonCase{
		{"ticket", "Workshop seats", "Fixed amount, limited to 20 payments", fill("name", "Workshop", "limit", "multiple", "limit_max", "20")},
		{"heart-handshake", "Donations", "The payer chooses the amount", fill("name", "Donation", "payer_amount", "on")},
		{"file-pen-line", "Project deposit", "For one customer, paid once", fill("name", "Deposit", "limit", "once")},
	}
}
