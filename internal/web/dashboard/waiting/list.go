package waiting

import (
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// listView is the page of a waiting list.
type listView struct {
	Href, Link string // the link's address and name
	Figures    []ui.StatCardProps
	Problem    string // why the last act did nothing
	NoOffer    string // why nobody can be offered a place by hand, "" when somebody can
	Raise      bool   // and a higher limit would mend it
	Rows       []row
	Empty      ui.EmptyStateProps
	Off        bool // nobody can join
	Past       string
}

// row is an entry.
type row struct {
	ID, Base         string // Base is the address of its actions
	Number           string // the place in the line, "" once out of it
	Email, Places    string
	Mailbox, Host    string // the parts of Email, before and from the @
	JoinedISO        string
	Joined, Ago      string
	State            ui.BadgeProps
	Note             string
	MayOffer, InLine bool
	Ask              removeView
}

// hrefOf is where the list of a link is.
func hrefOf(scope *frame.Scope, id link.ID) string {
	return frame.LinkHref(scope, id) + "/waiting-list"
}

func (d pages) list(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.show(w, r, scope, http.StatusOK, l, "")
}

// show writes the page, with what kept an act from being done.
func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, l link.Link, problem string) error {
	entries, err := d.Waiting.Of(r.Context(), scope.Business, l.ID)
	if err != nil {
		return err
	}
	figures, err := d.Waiting.Figures(r.Context(), scope.Business, l.ID)
	if err != nil {
		return err
	}
	v := listView{Href: frame.LinkHref(scope, l.ID), Link: l.Name, Problem: problem, Figures: statsOf(scope, figures), Rows: rowsOf(scope, l, entries), Past: past(scope, figures)}
	v.Empty, v.Off = empty(scope, l)
	if problem == "" && anybodyToOffer(entries) && !anyOffer(v.Rows) {
		v.NoOffer, v.Raise = whyNone(scope, l)
	}
	return frame.Render(w, r, status, listPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Waiting list"), Section: frame.PaymentPageSection}), v))
}

// statsOf are the figures at the top.
func statsOf(scope *frame.Scope, figures map[waitinglist.State]waitinglist.Count) []ui.StatCardProps {
	places := func(n int64) string { return scope.N(n, "{{.Count}} place", "{{.Count}} places") }
	waits, offered, taken := figures[waitinglist.Waiting], figures[waitinglist.Offered], figures[waitinglist.Taken]
	return []ui.StatCardProps{
		{Icon: "hourglass", Tone: ui.Orange, Label: scope.T("Waiting|on a waiting list"), Figure: scope.Number(waits.Entries), Note: places(waits.Places)},
		{Icon: "send", Tone: ui.Blue, Label: scope.T("Offered now"), Figure: scope.Number(offered.Entries), Note: places(offered.Places)},
		{Icon: "check", Tone: ui.Green, Label: scope.T("Took their place"), Figure: scope.Number(taken.Entries), Note: scope.T("in the last 30 days")},
	}
}

// past says what became of who waits no more; "" for nobody.
func past(scope *frame.Scope, figures map[waitinglist.State]waitinglist.Count) string {
	passed := figures[waitinglist.Declined].Entries + figures[waitinglist.Ended].Entries
	if passed+figures[waitinglist.Taken].Entries == 0 {
		return ""
	}
	return scope.T("Whoever waits no more is deleted from the list after 30 days.")
}

func rowsOf(scope *frame.Scope, l link.Link, entries []waitinglist.Entry) []row {
	zone, rows, line := scope.Business.Location(), make([]row, len(entries)), int64(0)
	again := map[string]bool{} // addresses that are in the line
	for i, e := range entries {
		v := row{
			ID: string(e.ID), Base: scope.Base + "/waiting-list/" + string(e.ID), Email: e.Email, Places: scope.Number(e.Quantity), InLine: inLine(e), Ask: removeViewOf(scope, e),
			JoinedISO: e.CreatedAt.UTC().Format(time.RFC3339), Joined: scope.DateTime(e.CreatedAt, zone), Ago: scope.Ago(e.CreatedAt, scope.Now, zone), State: badge(scope, e.State),
		}
		at := max(strings.LastIndex(e.Email, "@"), 0)
		v.Mailbox, v.Host = e.Email[:at], e.Email[at:]
		folded := strings.ToLower(e.Email)
		if v.InLine {
			line++
			v.Number, again[folded] = scope.Number(line), true
		}
		switch {
		case e.State == waitinglist.Offered && e.OfferedUntil != nil:
			v.Note = scope.T("Held until {{.When}}", "When", scope.ShortDateTime(*e.OfferedUntil, scope.Now, zone))
		case e.State == waitinglist.Waiting && l.Limit.ByUnits() && e.Quantity > 1:
			v.Note = scope.N(e.Quantity, "Needs {{.Count}} place", "Needs {{.Count}} places together")
		}
		v.MayOffer = offerable(e) && fits(scope, l, e.Quantity) && (v.InLine || !again[folded])
		rows[i] = v
	}
	return rows
}

func inLine(e waitinglist.Entry) bool {
	return e.State == waitinglist.Waiting || e.State == waitinglist.Offered
}

// offerable reports whether the entry has neither a place nor an offer.
func offerable(e waitinglist.Entry) bool {
	return e.State != waitinglist.Taken && e.State != waitinglist.Offered
}

// payable reports whether an offer of the link could be taken.
func payable(scope *frame.Scope, l link.Link) bool { return l.Open(scope.Now) }

// fits reports whether so many units have room in the link now.
func fits(scope *frame.Scope, l link.Link, units int64) bool {
	return payable(scope, l) && l.Limit.Limited() && l.Free() > 0 && (!l.Limit.ByUnits() || units <= l.Free())
}

func anybodyToOffer(entries []waitinglist.Entry) bool {
	for _, e := range entries {
		if offerable(e) {
			return true
		}
	}
	return false
}

func anyOffer(rows []row) bool {
	for _, v := range rows {
		if v.MayOffer {
			return true
		}
	}
	return false
}

// whyNone says why nobody can be offered a place by hand, and whether a higher limit mends it.
func whyNone(scope *frame.Scope, l link.Link) (text string, raise bool) {
	switch {
	case !payable(scope, l):
		return scope.T("This link takes no payments at the moment, so nobody could take an offer."), false
	case !l.Limit.Limited():
		return scope.T("This link has no limit, so nobody has to wait."), false
	case l.Free() <= 0:
		return scope.T("No place is free, so none can be offered by hand. Raise the limit, and the list is served first."), true
	}
	return scope.N(l.Free(), "{{.Count}} place is free, fewer than are wanted. Raise the limit, and the list is served first.",
		"{{.Count}} places are free, fewer than are wanted. Raise the limit, and the list is served first."), true
}

// empty says how people join, or that nobody can.
func empty(scope *frame.Scope, l link.Link) (p ui.EmptyStateProps, off bool) {
	if l.WaitingList && l.Limit.Limited() {
		text := scope.N(int64(l.OfferHours), "Whoever opens the link when it is full can leave their email address. A place that comes free is offered to the first in line by email, and held for {{.Count}} hour.",
			"Whoever opens the link when it is full can leave their email address. A place that comes free is offered to the first in line by email, and held for {{.Count}} hours.")
		return ui.EmptyStateProps{Icon: "hourglass", Title: scope.T("Nobody is waiting"), Text: text}, false
	}
	return ui.EmptyStateProps{
		Icon: "hourglass", Title: scope.T("This link has no waiting list"),
		Text: scope.T("Give it a limit and switch its waiting list on. Whoever finds it full can then leave their email address, and is offered a place that comes free."),
	}, true
}

func badge(scope *frame.Scope, s waitinglist.State) ui.BadgeProps {
	switch s {
	case waitinglist.Waiting:
		return ui.BadgeProps{Label: scope.T("Waiting|on a waiting list"), Tone: ui.Orange}
	case waitinglist.Offered:
		return ui.BadgeProps{Label: scope.T("Offered|a place"), Tone: ui.Blue, Icon: "send"}
	case waitinglist.Taken:
		return ui.BadgeProps{Label: scope.T("Taken|a place"), Tone: ui.Green, Icon: "check"}
	case waitinglist.Declined:
		return ui.BadgeProps{Label: scope.T("Declined|a place"), Tone: ui.Grey}
	}
	return ui.BadgeProps{Label: scope.T("Ended|on a waiting list"), Tone: ui.Grey}
}
