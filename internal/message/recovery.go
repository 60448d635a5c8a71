package message

import (
	"time"

	"smartlinks/internal/message/layout"
	"smartlinks/internal/money"
)

// Recovery is what somebody is told who began to pay and did not finish.
type Recovery struct {
	CustomerName string // as typed, "" where nobody confirmed the address
	LinkName     string // what it was for
	Amount       money.Amount
	Until        time.Time // as long the way back holds what they typed
	URL          string    // the way back
	OptOutURL    string    `json:"StopURL"` // where they opt out
	Test         bool
}

func (Recovery) kind() Kind { return KindRecovery }

func (f Recovery) values(s renderContext) map[string]string {
	return map[string]string{
		"customer_name": f.CustomerName, "amount": s.sum(f.Amount), "link_name": f.LinkName, "business_name": s.name(), "until": s.at(f.Until), "link_url": f.URL,
	}
}

func (f Recovery) card(s renderContext) *card {
	c := &card{Title: f.LinkName, Amount: s.sum(f.Amount)}
	if f.Test {
		c.Rows = append(c.Rows, row{Label: s.T("mail.test"), Value: s.T("mail.test_ask")})
	}
	return c
}

// stop opts out.
func (f Recovery) optOut(s renderContext) *layout.OptOut {
	return &layout.OptOut{Label: s.T("mail.stop"), URL: f.OptOutURL}
}
