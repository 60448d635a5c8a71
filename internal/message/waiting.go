package message

import (
	"smartlinks/internal/message/layout"
	"strconv"
	"time"
)

// Waiting is what somebody on a waiting list is told, as Stage says: that they are on it,
// that a place is offered to them, or that nobody need wait any more.
type Waiting struct {
	Stage    Kind
	LinkName string
	Quantity int64 // places
	Hours    int64 // that an offer holds
	Until    *time.Time
	PageURL  string // of the link; of an offer, the way to take it
	LeaveURL string // where they say that they no longer want it
	Test     bool
}

func (f Waiting) kind() Kind { return f.Stage }

func (f Waiting) values(s renderContext) map[string]string {
	values := map[string]string{
		"link_name": f.LinkName, "business_name": s.name(), "hours": strconv.FormatInt(f.Hours, 10), "kept_for": s.N("mail.waiting.kept_for", int(f.Hours)),
		"page_url": f.PageURL, "leave_url": f.LeaveURL, "until": "",
	}
	if f.Until != nil {
		values["until"] = s.at(*f.Until)
	}
	return values
}

func (f Waiting) card(s renderContext) *card {
	c := &card{Title: f.LinkName, Rows: layout.Rows(row{Label: s.T("mail.test"), Value: s.test(f.Test)})}
	if f.Quantity > 1 {
		c.Rows = append(c.Rows, line(s.T("mail.waiting.places"), strconv.FormatInt(f.Quantity, 10), true))
	}
	return c
}
