package waiting

import (
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// CardView is the card on the page of a link. Href is "" where there is nothing to show.
type CardView struct{ Href, Waiting, Offered string }

// CardOf is that of a link that has a waiting list, or somebody on one.
func CardOf(scope *frame.Scope, l link.Link) CardView {
	if l.Slots.Waiting == 0 && l.Slots.Offered == 0 && !(l.WaitingList && l.Limit.Limited()) {
		return CardView{}
	}
	v := CardView{Href: hrefOf(scope, l.ID), Waiting: scope.T("Nobody is waiting")}
	if n := l.Slots.Waiting; n > 0 {
		v.Waiting = scope.N(n, "{{.Count}} person is waiting", "{{.Count}} people are waiting")
	}
	if n := l.Slots.Offered; n > 0 {
		v.Offered = scope.N(n, "{{.Count}} place is on offer", "{{.Count}} places are on offer")
	}
	return v
}
