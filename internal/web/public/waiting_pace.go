package public

import (
	"net/http"
	"net/netip"
	"time"

	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/web/guard"
)

// How many addresses one visitor's network may leave on the list of one link: five, which
// come back within an hour. While somebody waits, the page is closed to everybody else, so
// made-up addresses would keep a link shut.
const (
	joinsAtOnce    = 5
	joinsPerSecond = 5.0 / 3600
)

// joiner is a visitor's network on the list of a link.
type joiner struct {
	network netip.Prefix
	link    link.ID
}

// joinPace is how long the visitor's network must wait before it may leave another address
// on this list, 0 when it may now. What is no address is not counted.
func (p *Public) joinPace(r *http.Request, id link.ID, email string) (wait time.Duration) {
	if _, err := mailaddr.Parse(email); err != nil || !p.Limits {
		return 0
	}
	_, wait, _ = p.joiners.Spend(joiner{guard.Network(guard.ClientIP(r)), id}, p.DB.Clock().Wall())
	return wait
}
