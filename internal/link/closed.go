package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// WhenClosed is what payers are told, and where they are led, while a link takes no
// payments although it is switched on.
type WhenClosed struct {
	Message string // payers read it
	Next    ID     `db:"next,null"` // a link of the same business, "" for none
	URL     string `db:"url"`       // an address elsewhere; not beside Next
	// Redirect leads on without a page, once the last slot is used.
	Redirect bool
}

// MaxHops is how many links may lead on from one to the next.
const MaxHops = 5

// How many characters the texts may have.
const (
	MaxClosedMessage = 300
	MaxThanks        = 500
)

// What the texts may hold.
var (
	closedRule = text.Rule{Most: MaxClosedMessage, Lines: true}
	thanksRule = text.Rule{Most: MaxThanks, Lines: true}
)

// How long an offer of the waiting list holds its slots.
const (
	DefaultOfferHours = 24
	MaxOfferHours     = 7 * 24
)

// checkWaitingList refuses what contradicts a waiting list.
func checkWaitingList(l *Link, wrong *fault.Fields) {
	if l.OfferHours == 0 {
		l.OfferHours = DefaultOfferHours
	}
	if l.OfferHours < 1 || l.OfferHours > MaxOfferHours {
		wrong.Add("offer_hours", "offer_hours", fmt.Sprintf("Choose from 1 to %d hours.", MaxOfferHours))
	}
	if l.WaitingList && l.WhenClosed.Redirect {
		wrong.Add("when_closed.redirect", "when_closed.waiting", "A link with a waiting list shows its page. Switch one of the two off.")
	}
}

// checkWhenClosed cleans what a closed link says and where it leads. Whether there is
// the next link, checkNext finds.
func checkWhenClosed(w *WhenClosed, wrong *fault.Fields) {
	w.Message = closedRule.Clean("when_closed.message", w.Message, wrong.Add)
	w.URL = checkAddress("when_closed.url", strings.TrimSpace(w.URL), wrong)
	if w.Next != "" && w.URL != "" {
		wrong.Add("when_closed.url", "when_closed.both", "Choose either a link or an address to lead on to, not both.")
	}
	if w.Redirect && w.Next == "" && w.URL == "" {
		wrong.Add("when_closed.redirect", "when_closed.redirect", "Choose a link or an address to lead on to.")
	}
}

// checkNext refuses a next link that the business doesn't have, one that leads back
// here, and chains of more than MaxHops. Changes of one business's chains come one
// after another, so that two don't make a circle together.
func checkNext(ctx context.Context, r db.Reader, l Link) error {
	next := l.WhenClosed.Next
	if next == "" {
		return nil
	}
	if tx, writes := r.(*db.Tx); writes {
		if err := tx.Lock(ctx, "next links "+string(l.BusinessID)); err != nil {
			return err
		}
	}
	var wrong fault.Fields
	refuse := func(code, message string) error {
		wrong.Add("when_closed.next", code, message)
		return wrong.Err()
	}
	if next == l.ID {
		return refuse("when_closed.circle", "A link can't lead on to itself. Choose another one.")
	}
	var there bool
	if err := r.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM links WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL)`, l.BusinessID, next); err != nil {
		return err
	}
	if !there {
		return refuse("when_closed.next", "There is no such link. Choose another one.")
	}
	ahead, err := hopsAhead(ctx, r, l.BusinessID, next, l.ID)
	if errors.Is(err, errCircle) {
		return refuse("when_closed.circle", "That link leads back to this one. Choose another one.")
	}
	if err != nil {
		return err
	}
	behind, err := hopsBehind(ctx, r, l.BusinessID, l.ID)
	if err != nil {
		return err
	}
	if behind+1+ahead > MaxHops {
		return refuse("when_closed.long", fmt.Sprintf("More than %d links would lead on from one to the next. Choose one that is nearer to the end.", MaxHops))
	}
	return nil
}

var errCircle = errors.New("link: links lead on in a circle")

// hopsAhead counts how often a link leads on, up to MaxHops; errCircle when it comes
// past the other.
func hopsAhead(ctx context.Context, r db.Reader, businessID business.ID, from, past ID) (hops int, err error) {
	for at := from; hops <= MaxHops; hops++ {
		var next ID
		err := r.Get(ctx, &next, `SELECT COALESCE(when_closed_next, '') FROM links WHERE business_id = $1 AND id = $2`, businessID, at)
		if err != nil || next == "" {
			return hops, err
		}
		if next == past {
			return hops, errCircle
		}
		at = next
	}
	return hops, nil
}

// hopsBehind is the most hops by which others lead to the link.
func hopsBehind(ctx context.Context, r db.Reader, businessID business.ID, id ID) (hops int, err error) {
	err = r.Get(ctx, &hops, `
		WITH RECURSIVE behind (id, hops) AS (
			SELECT id, 1 FROM links WHERE business_id = $1 AND when_closed_next = $2
			UNION ALL
			SELECT l.id, b.hops + 1 FROM behind b JOIN links l ON l.business_id = $1 AND l.when_closed_next = b.id WHERE b.hops <= $3
		) SELECT COALESCE(MAX(hops), 0) FROM behind`, businessID, id, MaxHops)
	return hops, err
}

// Lead is where a link that takes no payments leads: a link, or an address.
type Lead struct {
	Link *Link // nil for none
	URL  string
}

// LeadsTo is where the link leads at an instant: the first link of its chain that takes
// payments, or the address at its end. Links that are full, switched off or deleted
// hand on to their own. It is the zero value when nothing there takes payments.
func (s *Links) LeadsTo(ctx context.Context, b business.Business, l Link, at time.Time) (Lead, error) {
	step := l.WhenClosed
	for range MaxHops {
		if step.URL != "" {
			return Lead{URL: step.URL}, nil
		}
		if step.Next == "" {
			return Lead{}, nil
		}
		var next struct {
			found
			Gone bool
		}
		err := s.db.Get(ctx, &next, `SELECT `+rowColumns+`, l.deleted_at IS NOT NULL AS gone
			`+rowJoins+` WHERE l.business_id = $1 AND l.id = $3`, b.ID, b.Mode, step.Next)
		if errors.Is(err, db.ErrNoRows) {
			return Lead{}, nil
		}
		if err != nil {
			return Lead{}, err
		}
		found := next.link()
		if !next.Gone && found.State(at) == Active {
			return Lead{Link: &found}, nil
		}
		step = found.WhenClosed
	}
	return Lead{URL: step.URL}, nil
}

// dropGone takes out a next link that was deleted since.
func dropGone(ctx context.Context, r db.Reader, businessID business.ID, w *WhenClosed) error {
	var gone bool
	err := r.Get(ctx, &gone, `SELECT EXISTS (SELECT 1 FROM links WHERE business_id = $1 AND id = $2 AND deleted_at IS NOT NULL)`, businessID, w.Next)
	if err == nil && gone {
		w.Next, w.Redirect = "", false
	}
	return err
}
