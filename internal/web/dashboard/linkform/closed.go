package linkform

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/picker"
	"smartlinks/internal/web/ui"
)

// Where a closed link leads, as the form says it.
const (
	leadNowhere   = "nowhere"
	leadToLink    = "link"
	leadToAddress = "address"
)

// nextLinksShown is how many links there are to choose from where no script searches.
const nextLinksShown = 100

// noLink is an id that no link has: what leads to it is refused.
const noLink link.ID = "none"

// closedValues are, as they were typed, what a link says and does while it takes no
// payments.
type closedValues struct {
	Message     string
	To          string // leadNowhere, leadToLink or leadToAddress
	Next, URL   string // both are kept, whichever counts
	Redirect    bool
	WaitingList bool
	OfferHours  string
}

func newClosedValues() closedValues {
	return closedValues{To: leadNowhere, OfferHours: strconv.Itoa(link.DefaultOfferHours)}
}

func closedValuesFrom(form url.Values) closedValues {
	v := closedValues{
		Message: form.Get("closed_message"), To: form.Get("lead"), Next: form.Get("closed_next"), URL: frame.WebAddress(form.Get("closed_url")),
		Redirect: frame.Ticked(form, "closed_redirect"), WaitingList: frame.Ticked(form, "waiting"), OfferHours: strings.TrimSpace(form.Get("offer_hours")),
	}
	if v.To == "" {
		v.To = leadNowhere
	}
	return v
}

func closedValuesOf(l link.Link) closedValues {
	v := newClosedValues()
	v.Message, v.Next, v.URL, v.Redirect = l.WhenClosed.Message, string(l.WhenClosed.Next), l.WhenClosed.URL, l.WhenClosed.Redirect
	switch {
	case v.Next != "":
		v.To = leadToLink
	case v.URL != "":
		v.To = leadToAddress
	}
	v.WaitingList = l.WaitingList
	if l.OfferHours != 0 {
		v.OfferHours = strconv.FormatInt(l.OfferHours, 10)
	}
	return v
}

// whenClosed is what the fields say. Where a link or an address is asked for and missing,
// it is one that no link accepts.
func (v closedValues) whenClosed(reader frame.Reader, unread *fault.Fields) link.WhenClosed {
	w := link.WhenClosed{Message: v.Message}
	switch v.To {
	case leadToLink:
		w.Next, w.Redirect = link.ID(v.Next), v.Redirect
		if v.Next == "" {
			w.Next = noLink
			unread.Add("when_closed.next", "", reader.T("Choose a link to lead on to."))
		}
	case leadToAddress:
		w.URL, w.Redirect = v.URL, v.Redirect
		if v.URL == "" {
			w.URL = "https://"
		}
	}
	return w
}

// offerHours is how long an offered place is kept: the usual time when nothing is typed,
// and what is no number from 1 on becomes -1, which is refused.
func (v closedValues) offerHours() int64 {
	if v.OfferHours == "" {
		return link.DefaultOfferHours
	}
	n, err := text.Whole(v.OfferHours)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// leadsTo is the id of the link or the address that counts, "" for none.
func (v closedValues) leadsTo() string {
	switch v.To {
	case leadToLink:
		return v.Next
	case leadToAddress:
		return v.URL
	}
	return ""
}

func (v closedValues) waitingWords(reader frame.Reader) string {
	if !v.WaitingList {
		return reader.T("Off")
	}
	return reader.T("Places are kept for {{.Hours}} h", "Hours", v.OfferHours)
}

// fillNextLinks reads the links that this one may lead on to: the newest, and the chosen
// one whatever it is.
func (d pages) fillNextLinks(ctx context.Context, scope *frame.Scope, v *formView) error {
	latest, err := d.Links.Latest(ctx, scope.Business.ID, nextLinksShown)
	if err != nil {
		return err
	}
	chosen := v.Values.Closed.Next
	v.NextLinks = []ui.Option{{Label: scope.T("Choose a link")}}
	for _, l := range latest {
		if string(l.ID) == v.ID {
			continue // it can't lead on to itself
		}
		if string(l.ID) == chosen {
			v.NextName = l.Name
		}
		v.NextLinks = append(v.NextLinks, picker.OfLink(l.ID, l.Name, l.Path))
	}
	if chosen == "" || v.NextName != "" {
		return nil
	}
	l, err := d.Links.Get(ctx, scope.Business, link.ID(chosen))
	switch {
	case fault.Is(err, fault.NotFound):
		v.NextName = scope.T("A deleted link")
		v.NextLinks = append(v.NextLinks, ui.Option{Value: chosen, Label: v.NextName})
	case err != nil:
		return err
	default:
		v.NextName = l.Name
		v.NextLinks = append(v.NextLinks, picker.OfLink(l.ID, l.Name, l.Path))
	}
	return nil
}

// LeadsTo is where payers are led, as people read it; "" for nowhere.
func (v formView) LeadsTo() string {
	if v.Values.Closed.To == leadToLink {
		return v.NextName
	}
	return v.Values.Closed.leadsTo()
}
