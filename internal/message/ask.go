package message

import (
	"strconv"
	"time"

	"smartlinks/internal/message/layout"
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
	Limit        int64     // how many payments the link takes, 0 for any number
	Units        bool      // the limit is of units, of which a payment may buy several
	Message      string    // the merchant's own words, may be empty
	URL          string    // the recipient's own way to the link
	OptOutURL    string    `json:"StopURL"` // where the recipient opts out
	Note         string    // what becomes of it when it is not paid, may be empty
	Number, Max  int64     // of a reminder
	Due          time.Time // the start of the day by which it wants to be paid, zero without one
	DueIn        int64     // days until then as the mail is written, negative behind it
	Opens, Ends  time.Time // between which it can be paid; zero where that is no news
	Test         bool
}

func (f Ask) kind() Kind { return f.Stage }

func (f Ask) values(s renderContext) map[string]string {
	values := map[string]string{
		"customer_name": f.CustomerName, "first_name": f.FirstName, "amount": s.sum(f.Amount), "link_name": f.LinkName,
		"business_name": s.name(), "message": f.Message, "link_url": f.URL, "due_date": s.day(f.Due),
	}
	if f.Number > 0 {
		values["number"], values["max"] = strconv.FormatInt(f.Number, 10), strconv.FormatInt(f.Max, 10)
	}
	return values
}

func (f Ask) card(s renderContext) *card {
	c := &card{Title: f.LinkName, Text: f.Description, Amount: s.sum(f.Amount)}
	c.Rows = layout.Rows(line(s.T("mail.opens"), s.at(f.Opens), false), line(s.T("mail.ends"), s.at(f.Ends), false), line(s.T("mail.due"), f.due(s), false))
	if f.Test {
		c.Rows = append(c.Rows, row{Label: s.T("mail.test"), Value: s.T("mail.test_ask")})
	}
	switch {
	case f.Limit > 0 && f.Units:
		c.Note = s.T("mail.limited_units", "Max", strconv.FormatInt(f.Limit, 10))
	case f.Limit == 1:
		c.Note = s.T("mail.limited_once")
	case f.Limit > 1:
		c.Note = s.T("mail.limited", "Max", strconv.FormatInt(f.Limit, 10))
	}
	return c
}

// due also says how far that is: "31 Dec 2026, in 3 days".
func (f Ask) due(s renderContext) string {
	day := s.day(f.Due)
	switch {
	case day == "":
		return ""
	case f.DueIn == 0:
		return s.T("due.today", "Day", day)
	case f.DueIn < 0:
		return s.N("due.since", int(-f.DueIn), "Day", day)
	}
	return s.N("due.in", int(f.DueIn), "Day", day)
}

// optOutable is data of a mail whose reader can opt out.
type optOutable interface {
	optOut(s renderContext) *layout.OptOut
}

// stop is nil for mails that nobody can opt out of.
func (f Ask) optOut(s renderContext) *layout.OptOut {
	if f.OptOutURL == "" {
		return nil
	}
	label := s.T("mail.stop")
	if f.Note != "" || f.Stage != KindLink {
		label = s.T("mail.stop_reminders")
	}
	return &layout.OptOut{Note: f.Note, Label: label, URL: f.OptOutURL}
}
