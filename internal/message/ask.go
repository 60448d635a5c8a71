package message

import (
	"strconv"

	"smartlinks/internal/money"
)

// Ask is what a customer is told of a link that they are asked to pay: in the
// first mail or in a reminder, as Stage says.
type Ask struct {
	Stage        Kind // KindLink or one of the reminders
	CustomerName string
	FirstName    string // how the customer is greeted, may be empty
	LinkName     string
	Description  string
	Amount       money.Amount
	Limit        int64  // how many payments the link takes, 0 for any number
	Message      string // the merchant's own words, may be empty
	URL          string // the recipient's own way to the link
	StopURL      string // where the recipient opts out
	Note         string // what becomes of it when it is not paid, may be empty
	Number, Max  int64  // of a reminder
	Test         bool
}

func (f Ask) kind() Kind { return f.Stage }

func (f Ask) values(s scene) map[string]string {
	values := map[string]string{
		"customer_name": f.CustomerName, "first_name": f.FirstName, "amount": s.sum(f.Amount), "link_name": f.LinkName,
		"business_name": s.name(), "message": f.Message, "link_url": f.URL,
	}
	if f.Number > 0 {
		values["number"], values["max"] = strconv.FormatInt(f.Number, 10), strconv.FormatInt(f.Max, 10)
	}
	return values
}

func (f Ask) card(s scene) *card {
	c := &card{Title: f.LinkName, Text: f.Description, Amount: s.sum(f.Amount)}
	if f.Test {
		c.Rows = rows(row{Label: s.T("mail.test"), Value: s.T("mail.test_ask")})
	}
	switch {
	case f.Limit == 1:
		c.Note = s.T("mail.limited_once")
	case f.Limit > 1:
		c.Note = s.T("mail.limited", "Max", strconv.FormatInt(f.Limit, 10))
	}
	return c
}

// stop is the line with which a mail lets its reader opt out.
type stop struct{ Note, Label, URL string }

// stop is nil for mails that nobody can opt out of.
func (f Ask) stop(s scene) *stop {
	if f.StopURL == "" {
		return nil
	}
	label := s.T("mail.stop")
	if f.Note != "" || f.Stage != KindLink {
		label = s.T("mail.stop_reminders")
	}
	return &stop{f.Note, label, f.StopURL}
}
