// Package visit records who opened what, and answers what came of it: views,
// totals, rollups by channel, and the activity of a link.
package visit

import (
	"time"

	"smartlinks/internal/visit/source"
)

// Class says who opened a page. Only people count as views.
type Class = source.Class

// The classes of views.
const (
	Human   = source.Human
	Bot     = source.Bot
	Preview = source.Preview
	Own     = source.Own
)

// View is one opening of a page. The address is masked before it comes here.
type View struct {
	// ID is a time-ordered integer that the recorder gives.
	ID         int64
	BusinessID string
	// TargetID is what was opened: a link, a business for its payment page, or
	// a product for a page that no link led to.
	TargetID       string
	Mode           string
	At             time.Time
	Day            int64 // the business's calendar day, DayOf(at.In(zone)); 0: that of At
	Class          Class
	Reason         string // why it is not human, empty otherwise
	IP             string
	Browser, OS    string
	Country        string // two letters of ISO 3166-1, "" where it is not known
	Device         string // phone, tablet or desktop
	Language       string
	Referrer       string
	Channel        string
	ChannelDetail  string
	Campaign       string
	RecipientToken string
	VisitID        string
	// Visitor tells visitors of a day apart; Recorder.Visitor gives it.
	Visitor int64
}

func (v View) day() int64 {
	if v.Day != 0 {
		return v.Day
	}
	return DayOf(v.At)
}
